/** `identity export` and `identity import`. */
import type { Command } from 'commander';
import { WhoAmI } from '../../client/index.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { Interrupted, letFinish, type Runner } from '../runner.js';
import type { Session } from '../session.js';
import { openExportFile } from '../transfer/export-file.js';
import { beginning, type Place, step } from '../transfer/exporting.js';
import { importFile } from '../transfer/importing.js';
import type { Line } from '../transfer/lines.js';
import { type Progress, startProgress } from '../transfer/progress.js';

type Keep = (lines: readonly Line[], place: Place | undefined) => Promise<void>;

/** Step after step, to the end or until it is interrupted; never within one. Answers the last place. */
async function exportFrom({ run, io: { interrupted } }: Session, from: Place, keep: Keep, progress: Progress): Promise<Place> {
  for (let place = from; ;) {
    if (interrupted.aborted) throw new Interrupted();
    const lines: Line[] = [];
    const after = await step(run, place, (line) => lines.push(line));
    await keep(lines, after);
    if (!after) return place;
    place = after;
    await progress.at(`${place.users} users, ${place.groups} groups, ${place.members} members`);
  }
}

const told = ({ users, groups, members }: Place) => `${users} users, ${groups} groups and ${members} members`;

async function exportToStdout(session: Session, progress: Progress): Promise<void> {
  const print: Keep = (lines) => session.raw(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const place = await exportFrom(session, beginning, print, progress);
  await progress.clear();
  await session.note(`Exported ${told(place)}.`);
}

async function exportToFile(session: Session, path: string, isForced: boolean, progress: Progress): Promise<void> {
  const file = await openExportFile(path, (await session.run(WhoAmI)).caller.tenant.id, isForced);
  try {
    if (file.isResumed) await session.note(`Going on after ${told(file.place)}.`);
    const { users, groups, members } = await exportFrom(session, file.place, file.keep, progress);
    await file.finish();
    await progress.clear();
    await session.one({ path, users, groups, members }, { 'written to': path, users, groups, members });
  } catch (error) {
    await file.close().catch(() => undefined);
    await progress.clear();
    await session.note('What was read is kept: repeat the command to go on.');
    throw error;
  }
}

async function exportTenant(session: Session, { output, force = false }: { output?: string; force?: boolean }): Promise<void> {
  const progress = startProgress(session);
  await (output === undefined ? exportToStdout(session, progress) : exportToFile(session, output, force, progress));
}

/** `usersCreated` as a person reads it. */
const labelOf = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

async function importTenant(session: Session, options: { declareExtensions?: boolean; state?: string }, path: string): Promise<ExitCode> {
  const progress = startProgress(session);
  try {
    const tally = await importFile(session, path, options, progress);
    await progress.clear();
    await session.one(tally, Object.fromEntries(Object.entries(tally).map(([name, number]) => [labelOf(name), number as number])));
    return tally.failed === 0 ? EXIT.done : EXIT.interrupted;
  } finally {
    await progress.clear();
  }
}

/** Adds the commands. */
export function addTransfer(program: Command, run: Runner): void {
  letFinish(
    program
      .command('export')
      .summary('Writes the tenant as a file of NDJSON.')
      .description(
        "Writes the tenant's users, groups and members as NDJSON. With --output, an export that was interrupted or killed goes on when the command is repeated.",
      )
      .option('-o, --output <path>', 'the file to write; stdout if absent')
      .option('--force', 'replaces a file that is there'),
  ).action(run(exportTenant));
  letFinish(
    program
      .command('import')
      .summary('Takes such a file into the tenant.')
      .description(
        'Takes an export into the tenant: creates what is not there, changes what differs, deletes nobody. Users are known again by their user name, groups by their external id or display name. Repeating it changes nothing; one that was interrupted or killed goes on when it is repeated.',
      )
      .argument('<path>', 'the file, "-" for stdin')
      .option('--declare-extensions', "declares the attributes of the file's own tenant where this one has not; needs settings:manage")
      .option('--state <path>', 'where to keep how far it is; beside the file if absent'),
  ).action(run(importTenant));
}
