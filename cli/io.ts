/** What the CLI has of the world around it: handed in by main.ts, and by tests. */

export interface Sink {
  /** Resolves when the text is out of our hands; rejects where nobody reads it any more (EPIPE). */
  write(text: string): Promise<void>;
  readonly isTTY: boolean;
}

export interface Source {
  read(): AsyncIterable<Uint8Array>;
  readonly isTTY: boolean;
}

export interface Io {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The user's home folder. */
  readonly home: string;
  readonly stdin: Source;
  readonly stdout: Sink;
  readonly stderr: Sink;
  /** Fires at the first SIGINT or SIGTERM. */
  readonly interrupted: AbortSignal;
}

/** Without the line break at its end, which most tools add. */
export const withoutLineBreak = (text: string): string => text.replace(/\r?\n$/, '');

/** All of a source as text. */
export async function readAll(source: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
