/** What an import has done, a line for each batch: an import that is killed goes on behind the last of them. */
import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, open, readFile, rm } from 'node:fs/promises';
import { usage } from '../exit-codes.js';

/** Ids of the file, and what they are in the tenant. */
export type Pair = readonly [source: string, target: string];
export interface Entry {
  readonly users?: readonly Pair[];
  readonly groups?: readonly Pair[];
  /** Groups whose members are in. */
  readonly filled?: readonly string[];
  /** Users whose manager was not there yet, and those whose manager has been set since. */
  readonly deferred?: readonly string[];
  readonly managed?: readonly string[];
  /** Lines that could not be taken, as a whole or in part. */
  readonly refused?: readonly number[];
}

export interface Journal {
  readonly users: Map<string, string>;
  readonly groups: Map<string, string>;
  readonly filled: Set<string>;
  readonly deferred: Set<string>;
  readonly refused: Set<number>;
  readonly isResumed: boolean;
  /** The same for the same write of the same import, and for no other. */
  keyOf(input: object): string;
  add(entry: Entry): Promise<void>;
  close(): Promise<void>;
  /** Forgets it: the import is done. */
  remove(): Promise<void>;
}

interface Head {
  readonly source: string;
  readonly tenantId: string;
  readonly run: string;
}

function take({ users, groups, filled, deferred, refused }: Omit<Journal, 'keyOf' | 'add'>, entry: Entry): void {
  for (const [source, target] of entry.users ?? []) users.set(source, target);
  for (const [source, target] of entry.groups ?? []) groups.set(source, target);
  for (const id of entry.filled ?? []) filled.add(id);
  for (const id of entry.deferred ?? []) deferred.add(id);
  for (const id of entry.managed ?? []) deferred.delete(id);
  for (const line of entry.refused ?? []) refused.add(line);
}

/** Whole lines: a kill may have left half of one, and what it tells is found out again. */
async function readWhole(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if ((error as { code?: unknown }).code === 'ENOENT') return '';
    throw error;
  });
  return text.slice(0, text.lastIndexOf('\n') + 1);
}

/** Opens the file to write behind its whole lines; a new one begins with its head. */
async function openBehind(path: string, length: number, head: Head | undefined): Promise<FileHandle> {
  const file = await open(path, 'a', 0o600);
  try {
    await file.truncate(length);
    if (head) await file.appendFile(`${JSON.stringify(head)}\n`);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Opens the journal of an import of this file into this tenant; without a path, one in memory. */
export async function openJournal(path: string | undefined, source: string, tenantId: string): Promise<Journal> {
  const text = path === undefined ? '' : await readWhole(path);
  const [first, ...entries] = text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as unknown);
  const head = (first as Head | undefined) ?? { source, tenantId, run: randomUUID() };
  if (head.source !== source || head.tenantId !== tenantId) {
    throw usage(`${path} tells of another import. Delete it to begin anew, or name another with --state.`);
  }
  const file = path === undefined ? undefined : await openBehind(path, Buffer.byteLength(text), first ? undefined : head);
  const journal = {
    users: new Map<string, string>(),
    groups: new Map<string, string>(),
    filled: new Set<string>(),
    deferred: new Set<string>(),
    refused: new Set<number>(),
    isResumed: first !== undefined,
    close: async () => file?.close(),
    remove: async () => {
      await file?.close();
      if (path !== undefined) await rm(path, { force: true });
    },
  };
  for (const entry of entries) take(journal, entry as Entry);
  return {
    ...journal,
    keyOf: (input) => createHash('sha256').update(head.run).update(JSON.stringify(input)).digest('hex'),
    add: async (entry) => {
      await file?.appendFile(`${JSON.stringify(entry)}\n`);
      take(journal, entry);
    },
  };
}
