/** `identity changes`: the change feed, as `tail` shows a file. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Command } from 'commander';
import { type DataOf, IdentityError, TailChanges, ReadChangesCursor, type VariablesOf } from '../../client/index.js';
import { EXIT, exitCodeOf, usage } from '../exit-codes.js';
import { count, isId, seconds, several } from '../options.js';
import type { Column } from '../output.js';
import { Interrupted, interruption, letFinish, type Runner } from '../runner.js';
import type { Session } from '../session.js';

type Filter = Pick<VariablesOf<typeof TailChanges>, 'tenantId' | 'kinds' | 'subject' | 'member' | 'since' | 'until'>;
type Feed = DataOf<typeof TailChanges>['changes'];
type Change = Feed['edges'][number]['node'] & { readonly cursor: string };
type Subject = NonNullable<Filter['subject']>;

interface Options {
  readonly after?: string;
  readonly since?: string;
  readonly until?: string;
  readonly kind?: readonly string[];
  readonly subject?: Subject;
  readonly member?: string;
  readonly tenant?: string;
  readonly limit: number;
  readonly all?: boolean;
  readonly follow?: boolean;
  readonly interval: number;
}

const PAGE = 500;
const TYPES = ['USER', 'GROUP', 'TENANT', 'CLIENT', 'TOKEN'];

/** `user`, `user:ID` or an id. */
function subject(text: string): Subject {
  if (isId(text)) return { id: text };
  const [type = '', id] = text.split(':');
  if (!TYPES.includes(type.toUpperCase()) || (id !== undefined && !isId(id))) {
    throw usage(`--subject takes an id, or one of ${TYPES.join(', ').toLowerCase()}, or both, as in user:01890a5d-….`);
  }
  return { type: type.toUpperCase() as NonNullable<Subject['type']>, id };
}

const actorOf = ({ actor }: Change) => actor.tokenName ?? actor.clientName ?? actor.clientId ?? actor.tokenId;
const whatOf = ({ before, after }: Change) => Object.keys({ ...before, ...after });

const columns: readonly Column<Change>[] = [
  { header: 'AT', of: ({ at }) => at },
  { header: 'KIND', of: ({ kind }) => kind.padEnd(22) },
  { header: 'SUBJECT', of: ({ subjectId }) => subjectId },
  { header: 'DOOR', of: ({ actor }) => actor.door.padEnd(8) },
  { header: 'ACTOR', of: actorOf },
  { header: 'WHAT', of: whatOf },
];

type Print = (changes: readonly Change[]) => Promise<void>;
const changesOf = ({ edges }: Feed): Change[] => edges.map(({ cursor, node }) => ({ cursor, ...node }));

/** Prints what comes after the cursor, up to so many; answers the cursor to go on from, and whether there is more. */
async function forward(
  { run }: Session,
  print: Print,
  filter: Filter,
  after: string | undefined,
  limit: number,
): Promise<{ cursor: string | undefined; hasMore: boolean }> {
  for (let cursor = after, left = limit; ;) {
    const { changes } = await run(TailChanges, { ...filter, after: cursor, first: Math.min(left, PAGE) });
    await print(changesOf(changes));
    cursor = changes.pageInfo.endCursor ?? cursor;
    left -= changes.edges.length;
    if (!changes.pageInfo.hasNextPage || left <= 0) return { cursor, hasMore: changes.pageInfo.hasNextPage };
  }
}

/**
 * The last so many. The end is asked for first: what comes meanwhile is not lost. A page may be short, or empty, although there are more
 * before it.
 */
async function tail({ run }: Session, print: Print, filter: Filter, limit: number): Promise<string> {
  const { changesCursor } = await run(ReadChangesCursor);
  const pages: Change[][] = [];
  for (let before: string | null = changesCursor, left = limit; before !== null && left > 0;) {
    const { changes }: { changes: Feed } = await run(TailChanges, { ...filter, last: Math.min(left, PAGE), before });
    pages.push(changesOf(changes));
    left -= changes.edges.length;
    before = changes.pageInfo.hasPreviousPage ? changes.pageInfo.startCursor : null;
  }
  await print(pages.toReversed().flat());
  return changesCursor;
}

/** Goes on for ever. What passes by itself is waited out. */
async function follow(session: Session, print: Print, filter: Filter, from: string | undefined, interval: number): Promise<never> {
  for (let after = from; ;) {
    try {
      ({ cursor: after } = await forward(session, print, filter, after, Infinity));
    } catch (error) {
      if (!(error instanceof IdentityError) || exitCodeOf(error.code) !== EXIT.unavailable) throw error;
      await session.warn(`${error.message} Trying again.`);
    }
    await wait(interval * 1000);
  }
}

async function changes(
  session: Session,
  { after, since, until, kind: kinds, subject, member, tenant: tenantId, limit, all, follow: isFollowing, interval }: Options,
): Promise<void> {
  const filter: Filter = { tenantId, kinds, subject, member, since, until };
  const print = session.table(columns);
  const isTail = after === undefined && since === undefined && until === undefined && !all;
  const most = all || isFollowing ? Infinity : limit;
  const reading = async () => {
    const { cursor, hasMore } = isTail
      ? { cursor: await tail(session, print, filter, limit), hasMore: false }
      : await forward(session, print, filter, after, most);
    if (isFollowing) await follow(session, print, filter, cursor, interval);
    if (cursor !== undefined) await session.note(`${hasMore ? 'There is more' : 'What comes next'}: --after ${cursor}`);
  };
  try {
    await Promise.race([reading(), interruption(session.io.interrupted)]);
  } catch (error) {
    // The only way that following ends.
    if (!isFollowing || !(error instanceof Interrupted)) throw error;
  }
}

/** Adds the command. */
export function addChanges(program: Command, run: Runner): void {
  letFinish(
    program
      .command('changes')
      .summary('Shows the change feed, and follows it.')
      .description(
        'The change feed, in commit order: the last changes, or those after a cursor or a time. --follow waits for more, until it is interrupted (exit code 0).',
      )
      .option('--after <cursor>', 'what comes after the cursor; with --json every change has its own')
      .option('--since <time>', 'not before this time, as in 2026-01-31T00:00:00Z')
      .option('--until <time>', 'before this time')
      .option('--kind <kind>', 'of this kind, as USER_CREATED; may be repeated', several)
      .option('--subject <subject>', 'about this: user, group, tenant, client or token, an id, or both, as in user:ID', subject)
      .option('--member <id>', 'of this user or group joining groups and leaving them')
      .option('--tenant <id>', 'of this tenant; for operators')
      .option('--limit <count>', 'how many at the most', count, 100)
      .option('--all', 'all of them, from the beginning')
      .option('-f, --follow', 'goes on with what comes')
      .option('--interval <duration>', 'how long to wait between two looks', seconds, 2),
  ).action(run(changes));
}
