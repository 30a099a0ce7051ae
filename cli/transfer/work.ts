/** What the parts of an import share. */
import { CreateUsers, done, IdentityError, RunBulk, type UserError, type VariablesOf } from '../../client/index.js';
import type { Session } from '../session.js';
import type { Journal, Pair } from './journal.js';
import type { GroupDocument, UserDocument } from './lines.js';

/** What has become of the lines. */
export interface Tally {
  usersCreated: number;
  usersChanged: number;
  usersUnchanged: number;
  managersSet: number;
  groupsCreated: number;
  groupsChanged: number;
  groupsUnchanged: number;
  groupsFilled: number;
  failed: number;
}

export interface Work {
  readonly session: Session;
  readonly journal: Journal;
  readonly tally: Tally;
  /** URNs of what the tenant has declared. */
  readonly urns: readonly string[];
  /** Whether nobody was there when it began: nobody needs to be looked for. */
  readonly hasUsers: boolean;
  readonly hasGroups: boolean;
  /** The groups of the file, by its ids. */
  readonly groups: Map<string, GroupDocument>;
  /** Groups of the tenant that one of the file is already. */
  readonly claimed: Set<string>;
  /** Groups of the file that were made just now: nobody is in them. */
  readonly empty: Set<string>;
  /** Tells on stderr why a line was not taken. */
  refuse(line: number, what: string, error: Pick<UserError, 'code' | 'message'>): Promise<void>;
}

type Operation = VariablesOf<typeof RunBulk>['input']['operations'] extends infer List ? Extract<List, readonly unknown[]>[number] : never;

interface Written {
  readonly id: string | null;
  readonly userErrors: readonly UserError[];
}

/** Refusals of a whole request for what one of its parts is, or for how much it is. */
const PARTS = ['BAD_USER_INPUT', 'BODY_TOO_LARGE', 'TIMEOUT'];

/** Sends all at once; where that is refused for one of them, in halves, down to that one: it alone is not written. Answers in order. */
async function inHalves<Item>(
  items: readonly Item[],
  send: (items: readonly Item[]) => Promise<readonly Written[]>,
): Promise<readonly Written[]> {
  if (items.length === 0) return [];
  try {
    return await send(items);
  } catch (error) {
    if (!(error instanceof IdentityError) || !PARTS.includes(error.code)) throw error;
    if (items.length === 1) return [{ id: null, userErrors: [{ code: error.code, message: error.message }] }];
    const half = Math.ceil(items.length / 2);
    return [...(await inHalves(items.slice(0, half), send)), ...(await inHalves(items.slice(half), send))];
  }
}

/** Many writes of every kind; answers what became of each, in order. */
export const runBulk = ({ session, journal }: Work, operations: readonly Operation[]): Promise<readonly Written[]> =>
  inHalves(operations, async (some) => {
    const input = { operations: some };
    return done((await session.run(RunBulk, { input: { ...input, idempotencyKey: journal.keyOf(input) } })).bulk).results!;
  });

/** Many new users; answers what became of each, in order. */
export const createUsers = ({ session, journal }: Work, documents: readonly UserDocument[]): Promise<readonly Written[]> =>
  inHalves(documents, async (users) => {
    const input = { users };
    return done((await session.run(CreateUsers, { input: { ...input, idempotencyKey: journal.keyOf(input) } })).createUsers).results!;
  });

/** Names that differ in case or in form only are one to the core. */
export const keyOf = (name: string): string => name.normalize('NFC').toLowerCase();

/** A resource of the file. */
interface Item {
  /** The line of the file, from 1. */
  readonly number: number;
  readonly line: { readonly id: string };
}

/** Who was made, by the ids of the file, and who could not be because the name is taken. The others are told as refused. */
export async function sortOut<Of extends Item>(
  work: Work,
  items: readonly Of[],
  results: readonly Written[],
  whatOf: (item: Of) => string,
): Promise<{ readonly pairs: Pair[]; readonly taken: Map<Of, UserError> }> {
  const pairs: Pair[] = [];
  const taken = new Map<Of, UserError>();
  for (const [place, item] of items.entries()) {
    const { id, userErrors } = results[place]!;
    const [error] = userErrors;
    if (error?.code === 'UNIQUENESS') taken.set(item, error);
    else if (error) await work.refuse(item.number, whatOf(item), error);
    else pairs.push([item.line.id, id!]);
  }
  return { pairs, taken };
}
