/** Users and groups by what people know of them. */
import { type DataOf, FindGroup, FindUser, ListUsers, type VariablesOf } from '../client/index.js';
import { missing, usage } from './exit-codes.js';
import { isId } from './options.js';
import type { Session } from './session.js';

export type User = NonNullable<DataOf<typeof FindUser>['user']>;
export type Group = NonNullable<DataOf<typeof FindGroup>['group']>;

export const USER_KEYS = ['id', 'userName', 'email', 'externalId', 'displayName'] as const;
export const GROUP_KEYS = ['id', 'displayName', 'externalId'] as const;

/** Without `--by`: an id is taken for one, anything else for a user name, and then for an e-mail address. */
const guessUser = (wanted: string): readonly (typeof USER_KEYS)[number][] => {
  if (isId(wanted)) return ['id'];
  return wanted.includes('@') ? ['userName', 'email'] : ['userName'];
};

/** The user, or NOT_FOUND. */
export async function findUser({ run }: Pick<Session, 'run'>, wanted: string, by?: (typeof USER_KEYS)[number]): Promise<User> {
  const keys = by === undefined ? guessUser(wanted) : [by];
  for (const key of keys) {
    const { user } = await run(FindUser, { by: { [key]: wanted } as unknown as VariablesOf<typeof FindUser>['by'] });
    if (user) return user;
  }
  throw missing(`There is no user with the ${keys.join(' or the ')} "${wanted}".`);
}

/** The group, or NOT_FOUND. */
export async function findGroup(
  { run }: Pick<Session, 'run'>,
  wanted: string,
  by: (typeof GROUP_KEYS)[number] = isId(wanted) ? 'id' : 'displayName',
): Promise<Group> {
  const { group } = await run(FindGroup, { by: { [by]: wanted } as unknown as VariablesOf<typeof FindGroup>['by'] });
  if (!group) throw missing(`There is no group with the ${by} "${wanted}".`);
  return group;
}

/** What `--by` may be. */
export function keyOf<Key extends string>(keys: readonly Key[]): (text: string) => Key {
  return (text) => {
    if (keys.includes(text as Key)) return text as Key;
    throw usage(`--by takes one of: ${keys.join(', ')}.`);
  };
}

/** So many names fit a filter, whose terms (64) and length (4,096) are bounded. */
export function* filtersFor(attribute: string, values: readonly string[]): Generator<string> {
  let terms: string[] = [];
  let length = 0;
  for (const value of values) {
    const term = `${attribute} eq ${JSON.stringify(value)}`;
    if (terms.length === 50 || length + term.length > 3800) {
      yield terms.join(' or ');
      [terms, length] = [[], 0];
    }
    terms.push(term);
    length += term.length + 4;
  }
  if (terms.length > 0) yield terms.join(' or ');
}

/** Ids as they are, user names by asking. NOT_FOUND names the first that nobody has. */
export async function memberIds({ run }: Pick<Session, 'run'>, wanted: readonly string[]): Promise<string[]> {
  const names = [...new Set(wanted.filter((each) => !isId(each)))];
  const known = new Map<string, string>();
  for (const filter of filtersFor('userName', names)) {
    for (const { userName, id } of (await run(ListUsers, { filter, first: 1000 })).users.nodes) known.set(userName.toLowerCase(), id);
  }
  return wanted.map((each) => {
    const id = isId(each) ? each : known.get(each.toLowerCase());
    if (id === undefined) throw missing(`There is no user with the user name "${each}". Nothing was changed.`);
    return id;
  });
}
