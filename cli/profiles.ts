/** The profile file: URLs and tokens by name, for nobody's eyes but the owner's. */
import { chmod, mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { usage } from './exit-codes.js';
import type { Io } from './io.js';

export interface Profile {
  readonly url: string;
  readonly token: string;
}

export interface ProfileFile {
  /** The one that counts where none is named. */
  readonly default?: string | undefined;
  readonly profiles: Readonly<Record<string, Profile>>;
}

/** Where it is: below XDG_CONFIG_HOME, or ~/.config. */
export const profilePath = ({ environment, home }: Pick<Io, 'environment' | 'home'>): string =>
  join(environment['XDG_CONFIG_HOME'] || join(home, '.config'), 'condeco-identity', 'profiles.json');

const isMissing = (error: unknown): boolean => (error as { code?: unknown }).code === 'ENOENT';

const isProfile = (value: unknown): value is Profile =>
  typeof value === 'object' && value !== null && typeof (value as Profile).url === 'string' && typeof (value as Profile).token === 'string';

function parse(text: string, path: string): ProfileFile {
  const wrong = usage(
    `${path} is not a profile file: it holds {"default": "name", "profiles": {"name": {"url": "…", "token": "…"}}}. "identity login" writes one.`,
  );
  try {
    const file = JSON.parse(text) as ProfileFile;
    if (typeof file.profiles === 'object' && Object.values(file.profiles).every(isProfile)) return file;
  } catch {
    throw wrong;
  }
  throw wrong;
}

/** Reads the file; undefined where there is none. Refuses one that others may read: it holds tokens. */
export async function readProfiles(io: Pick<Io, 'environment' | 'home'>): Promise<ProfileFile | undefined> {
  const path = profilePath(io);
  try {
    const { mode } = await stat(path);
    // Windows has no such bits.
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw usage(`${path} holds tokens and can be read by others. Run: chmod 600 ${path}`);
    }
    return parse(await readFile(path, 'utf8'), path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Writes it whole or not at all, readable by its owner alone. */
export async function writeProfiles(io: Pick<Io, 'environment' | 'home'>, file: ProfileFile): Promise<string> {
  const path = profilePath(io);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}.new`;
  await writeFile(draft, `${JSON.stringify(file, undefined, 2)}\n`, { mode: 0o600 });
  await chmod(draft, 0o600);
  await rename(draft, path);
  return path;
}
