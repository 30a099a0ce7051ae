/** A store of one's own, of the kind that this world has: a database on the server, or an embedded one in a folder. Dropped at the end. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inject } from 'vitest';
import { openDatabase } from '../../services/identity/store/connection/database.js';
import { createOwnDatabase, type OwnDatabase } from './own-database.js';

export interface OwnStore {
  readonly location: { readonly kind: 'postgresql'; readonly url: string } | { readonly kind: 'pglite'; readonly directory: string };
  /** The database on the server, where this world has one. */
  readonly server: OwnDatabase | undefined;
  drop(): Promise<void>;
}

/** Files and folders below one, by their path from there; folders have no bytes. */
type Tree = readonly (readonly [path: string, bytes: Buffer | undefined])[];

async function readTree(folder: string): Promise<Tree> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return Promise.all(
    entries.map(async (entry) => {
      const file = path.join(entry.parentPath, entry.name);
      return [path.relative(folder, file), entry.isDirectory() ? undefined : await readFile(file)] as const;
    }),
  );
}

async function makeNew(): Promise<Tree> {
  const folder = await mkdtemp(path.join(tmpdir(), 'identity-embedded-'));
  const directory = path.join(folder, 'database');
  try {
    const database = await openDatabase({ kind: 'pglite', directory });
    await database.close();
    return await readTree(directory);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

let made: Promise<Tree> | undefined;

/**
 * Writes a new embedded database, with its schema, into the folder: to have one made takes seconds of the processor each time, and a copy
 * does not.
 */
export async function writeNewEmbedded(directory: string): Promise<void> {
  const tree = await (made ??= makeNew());
  await mkdir(directory, { recursive: true, mode: 0o700 });
  for (const [name, bytes] of tree) if (!bytes) await mkdir(path.join(directory, name), { recursive: true, mode: 0o700 });
  await Promise.all(tree.flatMap(([name, bytes]) => (bytes ? [writeFile(path.join(directory, name), bytes, { mode: 0o600 })] : [])));
}

/** An embedded one in either world, for what has nothing to do with servers. */
export async function createOwnEmbedded(): Promise<OwnStore & { readonly location: { readonly kind: 'pglite' } }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'identity-embedded-'));
  const directory = path.join(folder, 'database');
  await writeNewEmbedded(directory);
  return { location: { kind: 'pglite', directory }, server: undefined, drop: () => rm(folder, { recursive: true, force: true }) };
}

export async function createOwnStore(): Promise<OwnStore> {
  if (inject('world') === 'embedded') return createOwnEmbedded();
  const server = await createOwnDatabase(process.env['DATABASE_URL']!);
  return { location: { kind: 'postgresql', url: server.url }, server, drop: () => server.drop() };
}
