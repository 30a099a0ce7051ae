/** Requests that race: names stay unique, members get neither lost nor invented, and nobody sees a fault of ours. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Answer } from '../support/http.js';
import { ENTERPRISE, expectList, expectScimError, filtered, groupBody, memberIds, patchOp, USER, userBody } from '../support/scim.js';
import { newTenant, type Tenant } from '../support/world.js';

const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => make(index));

/** One in fifty may have it; the others are told that it is taken. */
function expectOneWinner(answers: readonly Answer[], status: number): Answer {
  const winners = answers.filter((answer) => answer.status === status);
  const losers = answers.filter((answer) => answer.status !== status);
  for (const loser of losers) expectScimError(loser, 409, 'uniqueness');
  expect(winners).toHaveLength(1);
  return winners[0] as Answer;
}

/** Spellings of one name: in any case, with the accents composed and decomposed. */
const spellings = (name: string): string[] =>
  [name, name.toUpperCase(), name.toLowerCase()].flatMap((one) => [one.normalize('NFC'), one.normalize('NFD')]);
const spelling = (name: string, index: number): string => spellings(name)[index % spellings(name).length] as string;

describe('names', () => {
  let tenant: Tenant;

  beforeAll(async () => {
    tenant = await newTenant();
  });

  const createUser = async (userName: string): Promise<string> => {
    const answer = await tenant.scim('POST', '/Users', userBody(userName));
    expect(answer.status, answer.text).toBe(201);
    return answer.body.id;
  };

  const createGroup = async (displayName: string): Promise<string> => {
    const answer = await tenant.scim('POST', '/Groups', groupBody(displayName));
    expect(answer.status, answer.text).toBe(201);
    return answer.body.id;
  };

  const count = async (endpoint: string, filter: string) => expectList(await tenant.scim('GET', filtered(endpoint, filter))).length;

  test('fifty creates of one user name: one user', async () => {
    const name = 'Zoë.Ångström@Ex.com';
    const answers = await Promise.all(times(50, (index) => tenant.scim('POST', '/Users', userBody(spelling(name, index)))));
    const { body } = expectOneWinner(answers, 201);
    for (const one of spellings(name)) {
      expect(expectList(await tenant.scim('GET', filtered('/Users', `userName eq "${one}"`)))).toMatchObject([{ id: body.id }]);
    }
    expect(await count('/Users', 'userName sw "zo"')).toBe(1);
  });

  test('creates of one user name through both doors: one user', async () => {
    const CREATE = 'mutation ($input: CreateUserInput!) { createUser(input: $input) { user { id } userErrors { code field } } }';
    await tenant.graphql('{ users(first: 1) { totalCount } }'); // the token is there
    const [scim, graphql] = await Promise.all([
      Promise.all(times(15, (index) => tenant.scim('POST', '/Users', userBody(spelling('Both.Döors@x.com', index))))),
      Promise.all(times(15, (index) => tenant.graphql(CREATE, { input: { user: { userName: spelling('Both.Döors@x.com', index) } } }))),
    ]);
    const refused = graphql.filter(({ data }) => data?.['createUser']?.['user'] === null);
    for (const { data } of refused) {
      expect(data).toMatchObject({ createUser: { userErrors: [{ code: 'UNIQUENESS', field: expect.stringMatching(/userName/) }] } });
    }
    expect(scim.filter(({ status }) => status === 201).length + graphql.length - refused.length).toBe(1);
    expect(await count('/Users', 'userName eq "both.döors@x.com"')).toBe(1);
  });

  test('fifty creates of one group name: one group', async () => {
    const name = 'Café Zürich';
    const answers = await Promise.all(times(50, (index) => tenant.scim('POST', '/Groups', groupBody(spelling(name, index)))));
    expectOneWinner(answers, 201);
    expect((await tenant.scim('GET', '/Groups?count=0')).body.totalResults).toBe(1);
  });

  test('PUT and PATCH renames of twenty users into one name', async () => {
    const users = await Promise.all(times(20, (index) => createUser(`rename-${index}@x.com`)));
    const answers = await Promise.all(
      users.map((id, index) => {
        const userName = spelling('Wanted-é@x.com', index);
        return index % 2 === 0
          ? tenant.scim('PUT', `/Users/${id}`, { schemas: [USER], userName })
          : tenant.scim('PATCH', `/Users/${id}`, patchOp({ op: 'replace', value: { userName } }));
      }),
    );
    expectOneWinner(answers, 200);
    expect(await count('/Users', 'userName eq "wanted-é@x.com"')).toBe(1);
    expect(await count('/Users', 'userName sw "rename-"')).toBe(19);
  });

  test('creates and renames into one name together', async () => {
    const users = await Promise.all(times(10, (index) => createUser(`mixed-${index}@x.com`)));
    const answers = await Promise.all([
      ...users.map((id) => tenant.scim('PATCH', `/Users/${id}`, patchOp({ op: 'replace', path: 'userName', value: 'Mixed@x.com' }))),
      ...times(10, () => tenant.scim('POST', '/Users', userBody('mixed@X.com'))),
    ]);
    const winners = answers.filter(({ status }) => status < 300);
    expect(winners).toHaveLength(1);
    for (const answer of answers) if (answer !== winners[0]) expectScimError(answer, 409, 'uniqueness');
    expect(await count('/Users', 'userName eq "mixed@x.com"')).toBe(1);
  });

  test('PUT and PATCH renames of twenty groups into one name', async () => {
    const groups = await Promise.all(times(20, (index) => createGroup(`rename ${index}`)));
    const answers = await Promise.all(
      groups.map((id, index) => {
        const displayName = spelling('Wanted é', index);
        return index % 2 === 0
          ? tenant.scim('PUT', `/Groups/${id}`, groupBody(displayName))
          : tenant.scim('PATCH', `/Groups/${id}?attributes=displayName`, patchOp({ op: 'replace', value: { displayName } }));
      }),
    );
    expectOneWinner(answers, 200);
    expect(await count('/Groups', 'displayName eq "wanted é"')).toBe(1);
    expect(await count('/Groups', 'displayName sw "rename "')).toBe(19);
  });

  test('thirty writers of different attributes of one user: nothing is lost', async () => {
    const id = await createUser('attributes@x.com');
    const plain = ['displayName', 'nickName', 'title', 'userType', 'locale', 'timezone', 'preferredLanguage', 'externalId', 'profileUrl'];
    const paths = [
      ...plain,
      ...['givenName', 'middleName', 'honorificPrefix', 'honorificSuffix', 'formatted'].map((part) => `name.${part}`),
      ...['home', 'other'].map((type) => `emails[type eq "${type}"].value`),
      ...['work', 'mobile', 'fax', 'pager'].map((type) => `phoneNumbers[type eq "${type}"].value`),
      ...['department', 'division', 'costCenter', 'organization', 'employeeNumber', 'manager.value'].map((name) => `${ENTERPRISE}:${name}`),
    ];
    const answers = await Promise.all(
      paths.map((path) => tenant.scim('PATCH', `/Users/${id}`, patchOp({ op: 'replace', path, value: `of ${path}` }))),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    const { text, body } = await tenant.scim('GET', `/Users/${id}`);
    expect(paths.filter((path) => !text.includes(JSON.stringify(`of ${path}`)))).toEqual([]);
    expect(body.meta.version).toBe(`W/"${1 + paths.length}"`);
  });

  test('fifty writers with the same version: one wins', async () => {
    const id = await createUser('versions@x.com');
    const answers = await Promise.all(
      times(50, (index) =>
        tenant.scim('PATCH', `/Users/${id}`, patchOp({ op: 'replace', path: 'title', value: `T${index}` }), { 'if-match': 'W/"1"' }),
      ),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const answer of answers.filter(({ status }) => status !== 200)) expectScimError(answer, 412);
    expect((await tenant.scim('GET', `/Users/${id}`)).body.meta.version).toBe('W/"2"');
  });
});

describe('members of one group, changed by 32 clients at once', () => {
  const CLIENTS = 32;
  const ROUNDS = 6;
  const version = (text: string) => Number(/^W\/"(\d+)"$/.exec(text)?.[1]);

  async function users(tenant: Tenant, count: number, prefix: string): Promise<string[]> {
    const answers = await Promise.all(times(count, (index) => tenant.scim('POST', '/Users', userBody(`${prefix}-${index}@x.com`))));
    return answers.map((answer) => answer.body.id);
  }

  async function group(tenant: Tenant, members: readonly string[]): Promise<string> {
    const answer = await tenant.scim('POST', '/Groups', groupBody('Contested', members));
    expect(answer.status, answer.text).toBe(201);
    return answer.body.id;
  }

  const add = (id: string) => patchOp({ op: 'add', path: 'members', value: [{ value: id }] });
  const removals = [
    (id: string) => patchOp({ op: 'remove', path: `members[value eq "${id}"]` }), // Okta
    (id: string) => patchOp({ op: 'Remove', path: 'members', value: [{ $ref: null, value: id }] }), // Entra
  ];

  test('nothing is lost, nothing is extra, and the version counts what really changed', async () => {
    const tenant = await newTenant();
    const own = await users(tenant, CLIENTS, 'own');
    const joining = await users(tenant, 5, 'joining'); // everybody adds these
    const leaving = await users(tenant, 5, 'leaving'); // everybody removes these
    const staying = await users(tenant, 5, 'staying'); // nobody touches these
    const id = await group(tenant, [...leaving, ...staying]);
    const before = version((await tenant.scim('GET', `/Groups/${id}`)).body.meta.version);

    const patch = async (body: object) => {
      const answer = await tenant.scim('PATCH', `/Groups/${id}`, body);
      expect(answer.status, answer.text).toBe(204);
    };
    // A client adds and removes its own user in turn (each time a change); odd clients end with an add.
    const client = async (index: number) => {
      const remove = removals[index % 2] as (user: string) => object;
      for (let round = 0; round < ROUNDS + (index % 2); round += 1) {
        await patch(round % 2 === 0 ? add(own[index] as string) : remove(own[index] as string));
        if (round < 5) {
          await Promise.all([patch(add(joining[(index + round) % 5] as string)), patch(remove(leaving[(index + round) % 5] as string))]);
        }
      }
    };
    await Promise.all(times(CLIENTS, client));

    const { body } = await tenant.scim('GET', `/Groups/${id}`);
    expect(memberIds(body)).toEqual([...own.filter((_, index) => index % 2 === 1), ...joining, ...staying].toSorted());
    const effective = CLIENTS * ROUNDS + CLIENTS / 2 + joining.length + leaving.length;
    expect(version(body.meta.version) - before).toBe(effective);
  }, 60_000);

  test('a replacement among additions leaves a set that some order explains', async () => {
    const tenant = await newTenant();
    const [kept, added] = [await users(tenant, 3, 'kept'), await users(tenant, 10, 'added')];
    const id = await group(tenant, []);
    const replace = patchOp({ op: 'replace', path: 'members', value: kept.map((value) => ({ value })) });
    const answers = await Promise.all([...added.map(add), replace].map((body) => tenant.scim('PATCH', `/Groups/${id}`, body)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 204));
    const members = memberIds((await tenant.scim('GET', `/Groups/${id}`)).body);
    expect(members).toEqual(expect.arrayContaining(kept));
    expect([...kept, ...added]).toEqual(expect.arrayContaining(members));
    expect(new Set(members).size).toBe(members.length);
  });

  test('whole lists written at once: the last one stands, and no mixture of them', { timeout: 60_000 }, async () => {
    const tenant = await newTenant();
    const everybody = await users(tenant, 16, 'user');
    const id = await group(tenant, []);
    for (let round = 0; round < 5; round += 1) {
      const lists = times(8, (index) => [everybody[2 * index], everybody[2 * index + 1]] as string[]);
      const answers = await Promise.all(
        lists.map((list) =>
          tenant.scim('PATCH', `/Groups/${id}`, patchOp({ op: 'replace', path: 'members', value: list.map((value) => ({ value })) })),
        ),
      );
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 204));
      expect(lists.map((list) => list.toSorted())).toContainEqual(memberIds((await tenant.scim('GET', `/Groups/${id}`)).body));
    }
  });

  test('whole groups written at once: name and members of the same writer', { timeout: 60_000 }, async () => {
    const tenant = await newTenant();
    const everybody = await users(tenant, 8, 'user');
    const id = await group(tenant, []);
    for (let round = 0; round < 3; round += 1) {
      const bodies = everybody.map((user, index) => groupBody(`Written by ${index}`, [user]));
      const answers = await Promise.all(bodies.map((body) => tenant.scim('PUT', `/Groups/${id}`, body)));
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
      const { body } = await tenant.scim('GET', `/Groups/${id}`);
      expect(memberIds(body)).toEqual([everybody[Number(body.displayName?.slice('Written by '.length))]]);
    }
  });

  test("users deleted while they are added are nobody's members", async () => {
    const tenant = await newTenant();
    const [leavers, stayers] = [await users(tenant, 20, 'leaver'), await users(tenant, 20, 'stayer')];
    const id = await group(tenant, []);
    const answers = await Promise.all(
      leavers.flatMap((leaver, index) => [
        tenant.scim('PATCH', `/Groups/${id}`, add(leaver)),
        tenant.scim('DELETE', `/Users/${leaver}`),
        tenant.scim('PATCH', `/Groups/${id}`, add(stayers[index] as string)),
      ]),
    );
    answers.forEach((answer, index) => {
      if (index % 3 === 0 && answer.status !== 204) expectScimError(answer, 400, 'invalidValue');
      else expect(answer.status, answer.text).toBe(204);
    });
    expect(memberIds((await tenant.scim('GET', `/Groups/${id}`)).body)).toEqual(stayers.toSorted());
    expect(
      expectList(await tenant.scim('GET', '/Users'))
        .map((user) => user.id)
        .toSorted(),
    ).toEqual(stayers.toSorted());
  });

  test('a group deleted while members join is gone, and they are not', async () => {
    const tenant = await newTenant();
    const joining = await users(tenant, 20, 'joining');
    const id = await group(tenant, []);
    const answers = await Promise.all(
      joining.map((user, index) =>
        index === 10 ? tenant.scim('DELETE', `/Groups/${id}`) : tenant.scim('PATCH', `/Groups/${id}`, add(user)),
      ),
    );
    for (const answer of answers) if (answer.status !== 204) expectScimError(answer, 404);
    expectScimError(await tenant.scim('GET', `/Groups/${id}`), 404);
    for (const user of expectList(await tenant.scim('GET', '/Users'))) expect(user.groups ?? []).toEqual([]);
  });
});
