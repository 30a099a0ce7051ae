/** The change feed: what it tells, in which order, to whom, and from where on. */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Change, CHANGES, endOfFeed, readCount, readOn, readPage } from '../support/feed.js';
import { groupBody, patchOp, userBody } from '../support/scim.js';
import { FUZZ_RUNS, newTenant, type Tenant, world } from '../support/world.js';

const create = async (tenant: Tenant, path: string, body: object): Promise<string> => {
  const answer = await tenant.scim('POST', path, body);
  expect(answer.status, answer.text).toBe(201);
  return answer.body.id;
};
const kindsOf = (changes: readonly Change[]) => changes.map(({ kind }) => kind);
const errorOf = async (tenant: Tenant, variables: object) => (await tenant.graphql(CHANGES, variables)).errors?.[0];

describe('a tenant of some changes', () => {
  let tenant: Tenant;
  let [ann, bob, sales, north] = ['', '', '', ''];
  let all: Change[];

  beforeAll(async () => {
    tenant = await newTenant();
    ann = await create(tenant, '/Users', userBody('ann@x.com', { title: 'Engineer', password: 'not-to-be-seen-1' }));
    bob = await create(tenant, '/Users', userBody('bob@x.com'));
    sales = await create(tenant, '/Groups', groupBody('Sales', [ann]));
    north = await create(tenant, '/Groups', groupBody('North', [bob]));
    await tenant.scim('PATCH', `/Groups/${sales}`, patchOp({ op: 'add', path: 'members', value: [{ value: north }, { value: bob }] }));
    await tenant.scim('PATCH', `/Users/${ann}`, patchOp({ op: 'replace', path: 'title', value: 'Director' }), {
      'x-request-id': 'request-of-the-feed',
    });
    await tenant.scim('PATCH', `/Users/${ann}`, patchOp({ op: 'remove', path: 'title' }));
    await tenant.scim('DELETE', `/Users/${bob}`);
    await tenant.scim('DELETE', `/Groups/${north}`);
    all = await readCount(tenant.graphql, 18);
  });

  test('every change is told, in order, with what differs', () => {
    expect(kindsOf(all.slice(0, 3)).toSorted()).toEqual(['CLIENT_CREATED', 'TENANT_CREATED', 'TOKEN_ISSUED']);
    const rest = all.slice(3).filter(({ subjectType }) => subjectType === 'USER' || subjectType === 'GROUP');
    expect(rest.slice(0, 9)).toMatchObject([
      { kind: 'USER_CREATED', subjectId: ann, version: 1, before: null, after: { userName: 'ann@x.com', title: 'Engineer' } },
      { kind: 'USER_CREATED', subjectId: bob, version: 1 },
      { kind: 'GROUP_CREATED', subjectId: sales, version: 1, before: null, after: { displayName: 'Sales' } },
      { kind: 'GROUP_MEMBERS_CHANGED', subjectId: sales, version: 1, before: { members: [] }, after: { members: [ann] } },
      { kind: 'GROUP_CREATED', subjectId: north, version: 1 },
      { kind: 'GROUP_MEMBERS_CHANGED', subjectId: north, version: 1, after: { members: [bob] } },
      { kind: 'GROUP_MEMBERS_CHANGED', subjectId: sales, version: 2, before: { members: [] }, after: { subgroups: [north] } },
      {
        kind: 'USER_UPDATED',
        subjectId: ann,
        version: 2,
        before: { title: 'Engineer' },
        after: { title: 'Director' },
        requestId: 'request-of-the-feed',
      },
      { kind: 'USER_UPDATED', subjectId: ann, version: 3, before: { title: 'Director' }, after: {} },
    ]);
    expect(rest[6]!.after!['members']).toHaveLength(2);
    const left = rest.filter(({ kind, before }) => kind === 'GROUP_MEMBERS_CHANGED' && (before!['members'] as string[]).length > 0);
    expect(left.map(({ subjectId, version }) => `${subjectId} ${version}`).toSorted()).toEqual(
      [`${north} 2`, `${sales} 3`, `${sales} 4`].toSorted(),
    );
    expect(rest.filter(({ kind }) => kind.endsWith('_DELETED'))).toMatchObject([
      { kind: 'USER_DELETED', subjectId: bob, version: 1, before: { userName: 'bob@x.com' }, after: null },
      { kind: 'GROUP_DELETED', subjectId: north, version: 2, before: { displayName: 'North' }, after: null },
    ]);
  });

  test('whom a user or a group joined and left is asked for by the member', async () => {
    const movesOf = async (member: string, more: object = {}) =>
      (await readOn(tenant.graphql, undefined, { member, ...more })).changes.map(
        ({ kind, subjectId, version }) => `${kind} ${subjectId} ${version}`,
      );
    const moved = (group: string, version: number) => `GROUP_MEMBERS_CHANGED ${group} ${version}`;
    expect(await movesOf(ann)).toEqual([moved(sales, 1)]);
    const ofBob = await movesOf(bob);
    expect(ofBob.slice(0, 2)).toEqual([moved(north, 1), moved(sales, 2)]); // joined
    expect(ofBob.slice(2).toSorted()).toEqual([moved(north, 2), moved(sales, 3)].toSorted()); // left, with his end
    expect(await movesOf(north)).toEqual([moved(sales, 2), moved(sales, 4)]);
    expect(await movesOf(bob.toUpperCase(), { subject: { id: north } })).toEqual([moved(north, 1), moved(north, 2)]);
    expect((await readPage(tenant.graphql, { member: bob, last: 1 })).nodes).toHaveLength(1);
    for (const nobody of [sales, 'no-such-user', '']) expect(await movesOf(nobody)).toEqual([]);
    expect((await readOn((await newTenant()).graphql, undefined, { member: ann })).changes).toEqual([]);
  });

  test('it says who: the token, its client, the door, the address', async () => {
    const [created] = all.filter(({ subjectId }) => subjectId === ann);
    expect(created!.actor).toMatchObject({ door: 'scim', clientId: tenant.clientId, clientName: 'SCIM', address: tenant.address });
    const issued = all.filter(({ kind }) => kind === 'TOKEN_ISSUED').map(({ subjectId }) => subjectId);
    expect(issued).toContain(created!.actor.tokenId);
    expect(all.find(({ kind }) => kind === 'TENANT_CREATED')!.actor).toMatchObject({ door: 'admin', clientId: null });
    for (const { at, tenantId } of all) expect([at, tenantId]).toEqual([new Date(at).toISOString(), tenant.id]);
  });

  test('secrets are in none of it', () => {
    const text = JSON.stringify(all);
    for (const secret of [tenant.clientSecret, tenant.token, 'not-to-be-seen', 'digest']) expect(text).not.toContain(secret);
  });

  test('from any cursor, in pages of any sizes, the rest follows', async () => {
    const edges = (await readPage(tenant.graphql, { first: 1000 })).edges;
    await fc.assert(
      fc.asyncProperty(
        fc.nat(all.length),
        fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 4 }),
        async (from, sizes) => {
          const { changes } = await readOn(tenant.graphql, from === 0 ? undefined : edges[from - 1]!.cursor, {}, sizes);
          expect(changes).toEqual(all.slice(from));
        },
      ),
      { numRuns: Math.ceil(FUZZ_RUNS / 20) },
    );
  });

  test('backwards, the newest come first to hand', async () => {
    const newest = await readPage(tenant.graphql, { last: 3 });
    expect(newest.nodes).toEqual(all.slice(-3));
    expect(newest.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    const found = [...newest.nodes];
    for (let page = newest; page.pageInfo.hasPreviousPage;) {
      page = await readPage(tenant.graphql, { last: 4, before: page.pageInfo.startCursor });
      found.unshift(...page.nodes);
    }
    expect(found).toEqual(all);
  });

  test.each<[string, () => object, (change: Change) => boolean]>([
    ['kinds', () => ({ kinds: ['USER_CREATED', 'GROUP_DELETED'] }), ({ kind }) => ['USER_CREATED', 'GROUP_DELETED'].includes(kind)],
    [
      'kinds of settings',
      () => ({ kinds: ['TOKEN_ISSUED', 'CLIENT_CREATED'] }),
      ({ kind }) => ['TOKEN_ISSUED', 'CLIENT_CREATED'].includes(kind),
    ],
    ['a type of subject', () => ({ subject: { type: 'GROUP' } }), ({ subjectType }) => subjectType === 'GROUP'],
    ['a type of settings', () => ({ subject: { type: 'TENANT' } }), ({ subjectType }) => subjectType === 'TENANT'],
    ['a subject', () => ({ subject: { id: ann } }), ({ subjectId }) => subjectId === ann],
    ['a subject of a type', () => ({ subject: { type: 'USER', id: sales } }), () => false],
    [
      'a subject and kinds',
      () => ({ subject: { id: sales }, kinds: ['GROUP_MEMBERS_CHANGED'] }),
      ({ subjectId, kind }) => subjectId === sales && kind === 'GROUP_MEMBERS_CHANGED',
    ],
    ['nobody', () => ({ subject: { id: 'no-such-id' } }), () => false],
    ['no kind', () => ({ kinds: [] }), () => false],
    ['a time on', () => ({ since: all[7]!.at }), ({ at }) => at >= all[7]!.at],
    ['times between', () => ({ since: all[5]!.at, until: all[9]!.at }), ({ at }) => at >= all[5]!.at && at < all[9]!.at],
    ['long ago', () => ({ until: '2020-01-01T00:00:00Z' }), () => false],
    ['the future', () => ({ since: '2999-01-01T00:00:00Z' }), () => false],
    ['its own tenant', () => ({ tenantId: tenant.id }), () => true],
  ])('filtered by %s', async (_, variables, isMeant) => {
    // A time is kept finer than it is told: what came in the same millisecond may be on either side.
    const { changes } = await readOn(tenant.graphql, undefined, variables(), [2]);
    const expected = all.filter(isMeant);
    if ('since' in variables() && expected.length > 0) {
      expect(changes.map(({ id }) => id)).toEqual(expect.arrayContaining(expected.slice(1).map(({ id }) => id)));
    } else expect(changes).toEqual(expected);
  });

  test('an empty page has a cursor to go on from', async () => {
    const { endCursor } = await readOn(tenant.graphql, undefined);
    const empty = await readPage(tenant.graphql, { after: endCursor });
    expect(empty.nodes).toEqual([]);
    expect(empty.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true, endCursor: expect.any(String) });
    const filteredOut = await readPage(tenant.graphql, { kinds: ['TOKEN_REVOKED'] });
    expect(filteredOut.nodes).toEqual([]);
    expect((await readPage(tenant.graphql, { after: filteredOut.pageInfo.endCursor })).nodes).toEqual([]);
    expect((await readPage(tenant.graphql, { first: 0 })).pageInfo.hasNextPage).toBe(true);
    expect((await readOn(tenant.graphql, (await readPage(tenant.graphql, { first: 0 })).pageInfo.endCursor)).changes).toEqual(all);
    expect((await readOn(tenant.graphql, await endOfFeed(tenant.graphql))).changes).toEqual([]);
  });

  test('what is asked for wrongly is refused by name', async () => {
    expect(await errorOf(tenant, { after: 'made-up' })).toMatchObject({ extensions: { code: 'INVALID_CURSOR', field: 'after' } });
    expect(await errorOf(tenant, { last: 3, before: 'made-up' })).toMatchObject({
      extensions: { code: 'INVALID_CURSOR', field: 'before' },
    });
    for (const kinds of [['user created'], ['USER_CREATED', 'USER_MADE'], ['user_created']]) {
      const refused = {
        message: expect.stringMatching(new RegExp(`"${kinds.at(-1)}"; the kinds are .*USER_CREATED.*CHANGES_PRUNED`)) as string,
        extensions: { code: 'INVALID_VALUE', field: 'kinds' },
      };
      expect(await errorOf(tenant, { kinds })).toMatchObject(refused);
    }
    expect(await errorOf(tenant, { since: 'yesterday' })).toMatchObject({ extensions: { code: 'INVALID_VALUE', field: 'since' } });
    expect(await errorOf(tenant, { until: '' })).toMatchObject({ extensions: { code: 'INVALID_VALUE', field: 'until' } });
    expect(await errorOf(tenant, { first: 1001 })).toMatchObject({ extensions: { code: 'INVALID_VALUE', field: 'first' } });
    expect(await errorOf(tenant, { first: 1, last: 1 })).toMatchObject({ extensions: { code: 'INVALID_VALUE', field: 'last' } });
  });

  test('cursors made up of anything are refused or end, and never break', async () => {
    const [tag] = JSON.parse(Buffer.from((await readPage(tenant.graphql)).pageInfo.endCursor, 'base64url').toString()) as [string];
    const part = fc.oneof(
      fc.constant(tag),
      fc.bigInt({ min: -2n, max: 1n << 66n }).map(String),
      fc.string(),
      fc.integer(),
      fc.constant(null),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 4 }), async (parts) => {
        const after = Buffer.from(JSON.stringify(parts)).toString('base64url');
        const { data, errors } = await tenant.graphql(CHANGES, { after });
        expect(data ? 'DATA' : errors![0]!.extensions!.code).toMatch(/^(?:DATA|INVALID_CURSOR|EXPIRED_CURSOR)$/);
      }),
      { numRuns: Math.ceil(FUZZ_RUNS / 5) },
    );
  });
});

describe('who may read it', () => {
  test('a tenant reads its own, and hears nothing of others', async () => {
    const [ours, theirs] = [await newTenant(), await newTenant()];
    await create(theirs, '/Users', userBody('theirs@x.com'));
    const [foreign, unknown] = await Promise.all(
      [theirs.id, '01890a5d-ac96-774b-bcce-b302099a8057', 'nonsense'].map((tenantId) => ours.graphql(CHANGES, { tenantId })),
    );
    expect(foreign!.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
    expect(foreign).toEqual(unknown);
    const [theirCursor, theirUser] = [
      (await readPage(theirs.graphql, { first: 1 })).pageInfo.endCursor,
      (await readCount(theirs.graphql, 1, { kinds: ['USER_CREATED'] }))[0]!.subjectId,
    ];
    for (const { tenantId } of (await readOn(ours.graphql, theirCursor)).changes) expect(tenantId).toBe(ours.id);
    expect((await readPage(ours.graphql, { subject: { id: theirUser } })).nodes).toEqual([]);
  });

  test('an operator reads those of a tenant, or of all', async () => {
    const { admin } = await world();
    const [one, other] = [await newTenant(), await newTenant()];
    const begun = await endOfFeed(admin);
    const [a, b] = [await create(one, '/Users', userBody('one@x.com')), await create(other, '/Users', userBody('other@x.com'))];
    await readCount(admin, 1, { tenantId: one.id, subject: { id: a } });
    const [ofOther] = await readCount(admin, 1, { tenantId: other.id.toUpperCase(), subject: { id: b } });
    expect(ofOther!.tenantId).toBe(other.id);
    const { changes } = await readOn(admin, begun, { kinds: ['USER_CREATED'] }, [1]);
    expect(changes.map(({ subjectId }) => subjectId).filter((id) => [a, b].includes(id))).toEqual([a, b]);
    expect((await readPage(admin, { tenantId: '01890a5d-ac96-774b-bcce-b302099a8057' })).nodes).toEqual([]);
    expect((await admin(CHANGES, { tenantId: 'nonsense' })).errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
  });

  test.each(['{ changesCursor }', '{ changes { nodes { id } } }'])('without a token, nobody: %s', async (query) => {
    const { identityUrl } = await world();
    const answer = await fetch(`${identityUrl}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    expect(await answer.json()).toMatchObject({ data: null, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });

  test('records are pruned by operators only', async () => {
    const tenant = await newTenant();
    const answer = await tenant.graphql('mutation { pruneChanges(input: { before: "2000-01-01T00:00:00Z" }) { pruned } }');
    expect(answer.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});
