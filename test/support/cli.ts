/** The CLI as a function, with a world around it that a test can look into. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { runCli } from '../../cli/cli.js';
import type { Tenant } from './world.js';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** What is on stdout as JSON, a document a line. */
  readonly documents: readonly Readonly<Record<string, unknown>>[];
}

export interface Around {
  readonly environment?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly home?: string;
  readonly isTTY?: boolean;
  readonly interrupted?: AbortSignal;
  /** Called with what comes on stdout, before it is kept; may throw, as a pipe does that is closed. */
  readonly onOut?: (text: string) => void | Promise<void>;
}

/** A folder that is gone after the test. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'condeco-cli-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

export async function cli(
  args: readonly string[],
  { environment = {}, stdin, home = '/nowhere', isTTY = false, interrupted = new AbortController().signal, onOut }: Around = {},
): Promise<Ran> {
  const written = { out: '', err: '' };
  const code = await runCli(args, {
    environment,
    home,
    interrupted,
    stdin: {
      isTTY: stdin === undefined,
      read: async function* read() {
        yield Buffer.from(stdin ?? '');
      },
    },
    stdout: {
      isTTY,
      write: async (text) => {
        await onOut?.(text);
        written.out += text;
      },
    },
    stderr: {
      isTTY,
      write: async (text) => {
        written.err += text;
      },
    },
  });
  return {
    code,
    ...written,
    get documents() {
      return written.out
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    },
  };
}

export type Run = (args: readonly string[], around?: Around) => Promise<Ran>;

/** Where the core is and with which token. */
export const inEnvironment =
  (url: string, token: string): Run =>
  (args, around = {}) =>
    cli(args, { ...around, environment: { IDENTITY_GRAPHQL_URL: `${url}/graphql`, IDENTITY_TOKEN: token, ...around.environment } });

/** A GraphQL token of the tenant, issued by the CLI. */
export async function tokenOf(url: string, { clientId, clientSecret }: Pick<Tenant, 'clientId' | 'clientSecret'>): Promise<string> {
  const { code, out, err } = await cli(
    ['tokens', 'issue', '--url', url, '--client-id', clientId, '--audience', 'graphql', '--expires-in', '1h', '-q'],
    { stdin: `${clientSecret}\n` },
  );
  if (code !== 0) throw new Error(err);
  return out.trim();
}
