/** The file that an export writes to, and the place it is at: both survive a kill. */
import { type FileHandle, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { usage } from '../exit-codes.js';
import { beginning, type Place } from './exporting.js';
import type { Line } from './lines.js';

export interface ExportFile {
  /** Where to go on. */
  readonly place: Place;
  readonly isResumed: boolean;
  /** Keeps the lines of a step, and then the place behind it. */
  readonly keep: (lines: readonly Line[], place: Place | undefined) => Promise<void>;
  /** Gives the file its name. */
  finish(): Promise<void>;
  close(): Promise<void>;
}

interface State {
  readonly tenantId: string;
  readonly bytes: number;
  readonly place: Place;
}

/** A disk that has just become full takes a part and says how much, and no more. */
async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    written += (await file.write(bytes, written, bytes.length - written, position + written)).bytesWritten;
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

async function readState(path: string, tenantId: string): Promise<State | undefined> {
  if (!(await exists(path))) return undefined;
  const state = JSON.parse(await readFile(path, 'utf8')) as State;
  if (state.tenantId !== tenantId) {
    throw usage(`${path} is the place of an export of another tenant (${state.tenantId}). Go on with its token, or delete the file.`);
  }
  return state;
}

/** Opens `path.partial`, and goes on where it ended. People's data: readable by the owner alone. */
export async function openExportFile(path: string, tenantId: string, isForced: boolean): Promise<ExportFile> {
  const [partial, statePath] = [`${path}.partial`, `${path}.state.json`];
  if (!isForced && (await exists(path))) throw usage(`${path} is there already: name another file, or add --force.`);
  const kept = (await exists(partial)) ? await readState(statePath, tenantId) : undefined;
  // Opened for writing only where it goes on: what comes after the place was written by a step that did not end.
  const file = await open(partial, kept ? 'r+' : 'w', 0o600);
  let bytes = kept?.bytes ?? 0;
  await file.truncate(bytes);
  return {
    place: kept?.place ?? beginning,
    isResumed: kept !== undefined,
    keep: async (lines, place) => {
      const text = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
      await writeAll(file, text, bytes);
      bytes += text.length;
      if (!place) return;
      await file.datasync();
      await writeFile(`${statePath}.new`, JSON.stringify({ tenantId, bytes, place } satisfies State), { mode: 0o600 });
      await rename(`${statePath}.new`, statePath);
    },
    finish: async () => {
      await file.sync();
      await file.close();
      await rename(partial, path);
      await rm(statePath, { force: true });
    },
    close: () => file.close(),
  };
}
