/** PGlite lets two processes open the same directory and corrupt it: a lock file of our own says who has it. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** The locks of this process: after a crash a container's new process may have the dead one's number. */
const held = new Set<string>();

async function ownerOf(path: string): Promise<number> {
  return Number(await readFile(path, 'utf8').catch(() => ''));
}

async function createLock(path: string): Promise<boolean> {
  try {
    await writeFile(path, String(process.pid), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  }
}

/** Takes the directory for this process, creating it where it is missing; answers the function that gives it back. */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, '..', `${directory.split(/[\\/]/).at(-1)}.lock`);
  if (!(await createLock(path))) {
    const owner = await ownerOf(path);
    const isAlive = owner === process.pid ? held.has(path) : owner > 0 && isRunning(owner);
    if (isAlive) {
      throw new Error(
        `The data directory ${directory} is in use by process ${owner}. Stop that process, or set DATA_DIR to another directory.`,
      );
    }
    await rm(path, { force: true }); // its owner died without cleaning up
    if (!(await createLock(path))) throw new Error(`The data directory ${directory} was just taken by another process.`);
  }
  held.add(path);
  return async () => {
    held.delete(path);
    await rm(path, { force: true });
  };
}
