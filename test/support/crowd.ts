/** A tenant full of users, of whom some go and some come while others look at them. For the tests of walks through lists. */
import { randomInt } from 'node:crypto';
import { v7 } from 'uuid';
import { expect } from 'vitest';
import { CONDECO, userBody } from './scim.js';
import { type Tenant, type World, world } from './world.js';

const AT_ONCE = 25;
const CHUNK = 10_000;

export interface Crowd {
  readonly tenant: Tenant;
  /** Who is there now, by id, in the order of their creation. */
  readonly alive: ReadonlyMap<string, string>;
  /** Starts to keep a list of who did not stay as they were. */
  startWatching(): ReadonlySet<string>;
  join(userName: string): Promise<string>;
  leave(id: string): Promise<void>;
  rename(id: string, userName: string): Promise<void>;
}

/** How the names of those begin who were there first. */
const FIRST = 'user-';

/** The order of the names is not that of creation. */
const nameOf = (index: number, count: number) => `${FIRST}${String((index * 7919) % count).padStart(7, '0')}@x.com`;

/** All have the same display name, and none a nick name. */
const bodyOf = (userName: string) => userBody(userName, { [CONDECO]: { floor: '3' } });

async function create(tenant: Tenant, body: object): Promise<string> {
  const answer = await tenant.scim('POST', '/Users', body);
  expect(answer.status, answer.text).toBe(201);
  return answer.body.id;
}

async function createAll(tenant: Tenant, names: readonly string[]): Promise<Map<string, string>> {
  const alive = new Map<string, string>();
  for (let from = 0; from < names.length; from += AT_ONCE) {
    const some = names.slice(from, from + AT_ONCE);
    const ids = await Promise.all(some.map((userName) => create(tenant, bodyOf(userName))));
    for (const [index, id] of ids.entries()) alive.set(id, some[index]!);
  }
  return alive;
}

/** Copies one that the system itself has written, whatever it wrote. */
async function copyAll(
  tenant: Tenant,
  names: readonly string[],
  query: (statement: string) => Promise<unknown>,
): Promise<Map<string, string>> {
  const [modelName, ...others] = names as [string, ...string[]];
  const model = await create(tenant, bodyOf(modelName));
  const alive = new Map([[model, modelName], ...others.map((userName) => [v7(), userName] as const)]);
  const copies = [...alive].slice(1);
  for (let from = 0; from < copies.length; from += CHUNK) {
    const chunk = copies.slice(from, from + CHUNK);
    await query(`insert into app_user (tenant_id, id, user_name, user_name_key, display_name, display_name_key, active, profile, folded)
      select tenant_id, new.id, new.name, new.name, display_name, display_name_key, active, profile, folded
      from app_user, unnest('{${chunk.map(([id]) => id).join()}}'::uuid[], '{${chunk.map(([, name]) => name).join()}}'::text[]) as new (id, name)
      where tenant_id = '${tenant.id}' and app_user.id = '${model}'`);
  }
  await query('analyze app_user');
  return alive;
}

type Place = Pick<World, 'newTenant' | 'query'>;

export async function gather(count: number, place?: Place): Promise<Crowd> {
  const { query, newTenant } = place ?? (await world());
  const tenant = await newTenant();
  const names = Array.from({ length: count }, (_, index) => nameOf(index, count));
  const alive = query ? await copyAll(tenant, names, query) : await createAll(tenant, names);
  let moved = new Set<string>();
  return {
    tenant,
    alive,
    startWatching: () => (moved = new Set()),
    join: async (userName) => {
      const id = await create(tenant, { ...bodyOf(userName), displayName: userName, nickName: userName });
      moved.add(id);
      alive.set(id, userName);
      return id;
    },
    leave: async (id) => {
      moved.add(id);
      alive.delete(id);
      expect((await tenant.scim('DELETE', `/Users/${id}`)).status).toBe(204);
    },
    rename: async (id, userName) => {
      moved.add(id);
      alive.set(id, userName);
      const body = { Operations: [{ op: 'replace', value: { userName, displayName: userName, nickName: userName } }] };
      expect((await tenant.scim('PATCH', `/Users/${id}`, body)).status).toBeLessThan(300);
    },
  };
}

let disturbances = 0;

/**
 * What happens between two pages: somebody joins at the beginning of the alphabet and somebody at its end; the last of the page goes, or
 * gets another name; one who was seen goes, the one who would be next, and the last who was not seen. Nothing more once all who were there
 * first have been seen: a walk that always finds somebody new never ends.
 */
export async function disturb(crowd: Crowd, page: readonly string[], seen: ReadonlySet<string>): Promise<void> {
  const unseen = [...crowd.alive].filter(([id, name]) => name.startsWith(FIRST) && !seen.has(id)).map(([id]) => id);
  if (unseen.length === 0) return;
  disturbances += 1;
  const isThere = (id: string | undefined): id is string => id !== undefined && crowd.alive.has(id);
  const goers = new Set([unseen[0], unseen.at(-1), [...seen][randomInt(seen.size + 1)], page.at(-1)].filter(isThere));
  await Promise.all([crowd.join(`0-early-${disturbances}@x.com`), crowd.join(`zz-late-${disturbances}@x.com`)]);
  const last = page.at(-1);
  if (disturbances % 2 === 0 && isThere(last)) {
    goers.delete(last);
    await crowd.rename(last, `${disturbances % 4 === 0 ? '0' : 'zz'}-renamed-${disturbances}@x.com`);
  }
  for (const id of goers) await crowd.leave(id);
}
