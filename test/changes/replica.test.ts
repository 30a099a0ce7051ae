/** The examples: what they print, and that a copy kept by examples/replica never diverges, whoever is killed. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { launch } from '../support/process.js';
import { holdingOf, makeReplica, settled } from '../support/replica.js';
import { groupBody, patchOp, userBody } from '../support/scim.js';
import { newTenant, type Tenant, world } from '../support/world.js';

const graphqlTokenOf = async (tenant: Tenant): Promise<string> => {
  const { data } = await tenant.graphql('mutation ($input: IssueTokenInput!) { issueToken(input: $input) { accessToken } }', {
    input: { clientId: tenant.clientId, clientSecret: tenant.clientSecret, audience: 'GRAPHQL', expiresIn: 3600 },
  });
  return String(data!['issueToken']!['accessToken']);
};
const graphqlUrl = async () => `${(await world()).identityUrl}/graphql`;

/** Random writes of every kind, through both doors; what is refused is refused. */
async function writeAtRandom(tenant: Tenant, goesOn: (turn: number) => boolean): Promise<void> {
  const users: string[] = [];
  const groups: string[] = [];
  // The newest few, so that what is written meets what was written before.
  const any = (ids: readonly string[]) => ids.at(-1 - Math.floor(Math.random() * Math.min(6, ids.length))) ?? 'nobody';
  const members = (op: string) =>
    patchOp({ op, path: 'members', value: [any(users), any(users), any(groups)].map((value) => ({ value })) });
  const kinds: (() => Promise<unknown>)[] = [
    async () => users.push((await tenant.scim('POST', '/Users', userBody(`u${users.length}-${Math.random()}@x.com`))).body.id),
    async () =>
      groups.push(
        (await tenant.scim('POST', '/Groups', groupBody(`G${groups.length} ${Math.random()}`, users.length > 0 ? [any(users)] : []))).body
          ?.id,
      ),
    () =>
      tenant.scim(
        'PATCH',
        `/Users/${any(users)}`,
        patchOp({ op: 'replace', path: 'title', value: `T${Math.random()}` }, { op: 'remove', path: 'nickName' }),
      ),
    () => tenant.scim('PATCH', `/Users/${any(users)}`, patchOp({ op: 'add', path: 'nickName', value: `N${Math.random()}` })),
    () => tenant.scim('PATCH', `/Groups/${any(groups)}`, members('add')),
    () => tenant.scim('PATCH', `/Groups/${any(groups)}`, members('add')),
    () => tenant.scim('PATCH', `/Groups/${any(groups)}`, members('remove')),
    () => tenant.scim('PUT', `/Groups/${any(groups)}`, groupBody(`Put ${Math.random()}`, [any(users)])),
    () =>
      tenant.graphql('mutation ($input: ChangeUserInput!) { changeUser(input: $input) { user { version } } }', {
        input: { id: any(users), changes: [{ op: 'REPLACE', path: 'active', value: Math.random() < 0.5 }] },
      }),
    () => (Math.random() < 0.3 ? tenant.scim('DELETE', `/Users/${any(users)}`) : Promise.resolve()),
    () => (Math.random() < 0.2 ? tenant.scim('DELETE', `/Groups/${any(groups)}`) : Promise.resolve()),
  ];
  for (let turn = 0; goesOn(turn); turn += 1) await kinds[Math.floor(Math.random() * kinds.length)]!();
}

describe('examples/replica', () => {
  test('holds what the tenant holds, although it is killed over and over', { timeout: 180_000 }, async () => {
    const tenant = await newTenant();
    await writeAtRandom(tenant, (turn) => turn < 40);
    const replica = await makeReplica(await graphqlUrl(), await graphqlTokenOf(tenant));
    try {
      const stop = new AbortController();
      const writing = Promise.all([1, 2].map(() => writeAtRandom(tenant, () => !stop.signal.aborted)));
      for (let kills = 0; kills < 6; kills += 1) {
        replica.start();
        await replica.moves(); // a kill before it has begun would tell nothing
        await wait(Math.random() * 300);
        await replica.kill();
      }
      stop.abort();
      await writing;
      replica.start();
      const expected = await holdingOf(tenant.graphql);
      expect(expected.length).toBeGreaterThan(10);
      expect(await settled(replica, expected)).toEqual(expected);
      expect(replica.complaints()).toBe('');
    } finally {
      await replica.kill();
      await replica.remove();
    }
  });

  test('loses nothing of what changes while it begins', { timeout: 120_000 }, async () => {
    const tenant = await newTenant();
    const users = await Promise.all(
      Array.from({ length: 12 }, async (_, at) => (await tenant.scim('POST', '/Users', userBody(`begin-${at}@x.com`))).body.id),
    );
    const groups = await Promise.all(
      Array.from({ length: 4 }, async (_, at) => (await tenant.scim('POST', '/Groups', groupBody(`Begin ${at}`, [users[at]!]))).body.id),
    );
    // More members than come along with a group.
    const created = await tenant.graphql('mutation ($users: [UserInput!]!) { createUsers(input: { users: $users }) { results { id } } }', {
      users: Array.from({ length: 105 }, (_, at) => ({ userName: `crowd-${at}@x.com` })),
    });
    const crowd = (created.data!['createUsers']!['results'] as { id: string }[]).map(({ id }) => id);
    const crowded = (await tenant.scim('POST', '/Groups', groupBody('Crowded', crowd))).body.id;
    let turn = 0;
    // Between any two of its questions somebody writes, and never touches the same again.
    const proxy = createServer(
      (request, response) =>
        void (async () => {
          const body = Buffer.concat((await request.toArray()) as Buffer[]);
          const answer = await fetch(await graphqlUrl(), {
            method: 'POST',
            headers: { 'content-type': 'application/json', authorization: request.headers.authorization! },
            body,
          });
          const [text, at] = [await answer.text(), (turn += 1) - 1];
          await tenant.scim('POST', '/Users', userBody(`while-${at}@x.com`));
          if (at < 8) await tenant.scim('PATCH', `/Users/${users[at]!}`, patchOp({ op: 'replace', path: 'title', value: `While ${at}` }));
          if (at < 4) {
            await tenant.scim(
              'PATCH',
              `/Groups/${groups[at]!}`,
              patchOp({ op: 'replace', path: 'members', value: [{ value: users[at + 6] }] }),
            );
          }
          if (at >= 8 && at < 10) await tenant.scim('DELETE', `/Users/${users[at]!}`);
          if (at === 2) await tenant.scim('DELETE', `/Groups/${groups[0]!}`);
          if (at === 2) {
            await tenant.scim(
              'PATCH',
              `/Groups/${crowded}`,
              patchOp({ op: 'remove', path: 'members', value: [crowd[0]!, crowd[102]!].map((value) => ({ value })) }),
            );
          }
          if (at === 3) {
            await tenant.scim('PATCH', `/Groups/${crowded}`, patchOp({ op: 'add', path: 'members', value: [{ value: users[0] }] }));
          }
          response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text);
        })(),
    ).listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const replica = await makeReplica(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}/graphql`, await graphqlTokenOf(tenant));
    try {
      replica.start();
      await expect.poll(() => turn, { timeout: 60_000 }).toBeGreaterThan(12);
      await replica.kill();
      await new Promise((resolve) => proxy.close(resolve).closeAllConnections());
      const direct = await makeReplica(await graphqlUrl(), await graphqlTokenOf(tenant), replica.folder);
      const expected = await holdingOf(tenant.graphql);
      direct.start();
      expect(await settled(direct, expected)).toEqual(expected);
    } finally {
      await replica.kill();
      await replica.remove();
    }
  });

  test('without a token it says what to set; with a bad one, that it is bad', async () => {
    const mute = launch('examples/replica/main.mjs', []);
    expect(await mute.ended).toBe(2);
    expect(mute.err()).toContain('IDENTITY_TOKEN');
    const replica = await makeReplica(await graphqlUrl(), 'condeco_wrong');
    replica.start();
    await expect.poll(() => replica.complaints(), { timeout: 20_000 }).toContain('UNAUTHENTICATED');
    await replica.kill();
    await replica.remove();
  });
});

describe('examples/first-query', () => {
  const readme = readFileSync(path.join(import.meta.dirname, '../../examples/first-query/README.md'), 'utf8');
  const commands = Array.from(readme.matchAll(/^node (\S+)(?: '(.+)')?$/gm), ([, tool, argument]) => ({
    tool: tool!,
    args: argument ? [argument] : [],
  }));

  test('prints the tenant and its users, by the commands of its README', async () => {
    const tenant = await newTenant();
    const { body: ann } = await tenant.scim('POST', '/Users', userBody('ann.first@x.com', { displayName: 'Ann First' }));
    await tenant.scim('POST', '/Users', userBody('bob.first@x.com', { displayName: 'Bob First' }));
    await tenant.scim('POST', '/Groups', groupBody('Sales', [ann.id]));
    const variables = { IDENTITY_GRAPHQL_URL: await graphqlUrl(), IDENTITY_TOKEN: await graphqlTokenOf(tenant) };
    expect(commands).toHaveLength(2);
    const [all, some] = await Promise.all(
      commands.map(async ({ tool, args }) => {
        const run = launch(tool, args, variables);
        expect(await run.ended, run.err()).toBe(0);
        return run.out();
      }),
    );
    expect(all).toMatch(/^Tenant .+: 2 users\nann\.first@x\.com {2}Ann First {2}Sales\nbob\.first@x\.com {2}Bob First {2}\n$/);
    expect(some).toMatch(/: 1 users\nann\.first@x\.com {2}Ann First {2}Sales\n$/);
  });

  test('what is refused is told with its code', async () => {
    const tenant = await newTenant();
    const run = launch('examples/first-query/first-query.mjs', ['userName is odd'], {
      IDENTITY_GRAPHQL_URL: await graphqlUrl(),
      IDENTITY_TOKEN: await graphqlTokenOf(tenant),
    });
    expect(await run.ended).toBe(1);
    expect(run.err()).toContain('INVALID_FILTER: ');
    const mute = launch('examples/first-query/first-query.mjs', []);
    expect(await mute.ended).toBe(2);
  });
});
