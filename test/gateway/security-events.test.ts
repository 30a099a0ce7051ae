/** A change record -> a Security Event Token, and what differs -> the PATCH that makes it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { differences } from '../../gateway/scim/differences.js';
import { readPollRequest } from '../../gateway/scim/poll-request.js';
import { toClaims, type ToldEvent, toToken } from '../../gateway/scim/security-events.js';
import type { Json, JsonObject } from '../../schema/change.js';
import { userResource } from '../../schema/resources.js';
import { eventKinds } from '../../schema/security-events.js';
import { builtInTypes } from '../../schema/tenant-types.js';
import { ENTERPRISE } from '../support/scim.js';
import { ACTIVATED, claimsOf, CREATED, DEACTIVATED, DELETED, NOTICED, PATCHED } from '../support/security-events.js';
import { FUZZ_RUNS } from '../support/world.js';

const told = (kind: string, before: JsonObject | null, after: JsonObject | null): ToldEvent => ({
  id: 'tag-1',
  at: '2026-01-31T09:30:00.700Z',
  kind,
  subjectId: 'u',
  version: 7,
  externalId: null,
  before,
  after,
  requestId: 'r',
});
const claims = (event: ToldEvent) =>
  claimsOf(
    toToken(toClaims(event, { types: builtInTypes, locate: (path) => `https://x.test${path}`, audience: 'https://x.test/Events/a' })),
  );
const events = (kind: string, before: JsonObject | null, after: JsonObject | null) => claims(told(kind, before, after)).events;
const operations = (kind: string, before: JsonObject | null, after: JsonObject | null) =>
  events(kind, before, after)[PATCHED]!.data!['Operations'];

test('the claims', () => {
  expect(claims(told('USER_DELETED', { externalId: 'é-1' }, null))).toEqual({
    iss: 'https://x.test',
    iat: 1769851800,
    jti: 'tag-1',
    aud: ['https://x.test/Events/a'],
    txn: 'r',
    sub_id: { format: 'scim', uri: '/Users/u', externalId: 'é-1' },
    events: { [DELETED]: {} },
  });
});

test('the external id is that of the subject, or else the one that was taken away', () => {
  const subjectOf = (externalId: string | null, before: JsonObject, after: JsonObject) =>
    claims({ ...told('USER_UPDATED', before, after), externalId }).sub_id.externalId;
  expect(subjectOf('b', { title: 'A' }, {})).toBe('b');
  expect(subjectOf('b', { externalId: 'a' }, { externalId: 'b' })).toBe('b');
  expect(subjectOf(null, { externalId: 'a' }, {})).toBe('a');
  expect(subjectOf(null, { title: 'A' }, {})).toBeUndefined();
});

describe('events', () => {
  test.each<[kind: string, before: JsonObject | null, after: JsonObject | null, uris: string[]]>([
    ['USER_CREATED', null, { userName: 'a', active: false }, [CREATED]],
    ['USER_UPDATED', { title: 'A' }, {}, [PATCHED]],
    ['USER_UPDATED', { active: true }, { active: false }, [PATCHED, DEACTIVATED]],
    ['USER_UPDATED', { active: false, title: 'A' }, { active: true, title: 'B' }, [PATCHED, ACTIVATED]],
    ['USER_UPDATED', {}, { active: true }, [PATCHED, ACTIVATED]],
    ['USER_UPDATED', { active: true }, {}, [PATCHED]],
    ['USER_UPDATED', { 'urn:gone:User': { badge: '1' } }, {}, [NOTICED]],
    ['USER_DELETED', { userName: 'a', active: true }, null, [DELETED]],
    ['GROUP_CREATED', null, { displayName: 'A' }, [CREATED]],
    ['GROUP_UPDATED', { displayName: 'A' }, { displayName: 'B' }, [PATCHED]],
    ['GROUP_MEMBERS_CHANGED', { members: ['m'] }, { members: [] }, [PATCHED]],
    ['GROUP_MEMBERS_CHANGED', { members: [] }, { members: [] }, [NOTICED]],
    ['GROUP_DELETED', { displayName: 'A' }, null, [DELETED]],
  ])('of %s from %o to %o', (kind, before, after, uris) => expect(Object.keys(events(kind, before, after))).toEqual(uris));

  test('are made of every kind there is, each with exactly one of data and attributes where it has either', () => {
    for (const kind of eventKinds) {
      for (const { data, attributes } of Object.values(events(kind, { members: ['m'] }, { members: ['n'] }))) {
        expect(data !== undefined && attributes !== undefined).toBe(false);
      }
    }
  });

  test('name what differed where nothing of it is shown any more', () => {
    expect(events('USER_UPDATED', { 'urn:gone:User': { badge: '1' } }, {})[NOTICED]).toEqual({
      version: 'W/"7"',
      attributes: ['urn:gone:User'],
    });
  });

  test('never hold a password, not even one that a record held', () => {
    expect(
      JSON.stringify([
        events('USER_CREATED', null, { userName: 'a', password: 'hidden' }),
        events('USER_UPDATED', { title: 'A', password: 'hidden' }, { password: 'hidden too' }),
      ]),
    ).not.toContain('hidden');
  });
});

describe('patches', () => {
  test.each<[before: JsonObject, after: JsonObject, expected: object[]]>([
    [
      { name: { givenName: 'A', familyName: 'B' } },
      { name: { givenName: 'C' } },
      [
        { op: 'replace', path: 'name.givenName', value: 'C' },
        { op: 'remove', path: 'name.familyName' },
      ],
    ],
    [{ name: { givenName: 'A' } }, {}, [{ op: 'remove', path: 'name' }]],
    [{}, { name: { givenName: 'A' } }, [{ op: 'replace', path: 'name', value: { givenName: 'A' } }]],
    [
      { emails: [{ value: 'a@x.com' }] },
      { emails: [{ value: 'b@x.com' }] },
      [{ op: 'replace', path: 'emails', value: [{ value: 'b@x.com' }] }],
    ],
    [
      { [ENTERPRISE]: { department: 'A', manager: { value: 'm' } } },
      { [ENTERPRISE]: { department: 'A', manager: { value: 'n' } } },
      [
        { op: 'replace', path: `${ENTERPRISE}:manager.value`, value: 'n' },
        { op: 'replace', path: `${ENTERPRISE}:manager.$ref`, value: 'https://x.test/Users/n' },
      ],
    ],
    [
      { [ENTERPRISE]: { department: 'A', division: 'B' } },
      { [ENTERPRISE]: { division: 'B' } },
      [{ op: 'remove', path: `${ENTERPRISE}:department` }],
    ],
    [{}, { externalId: 'e' }, [{ op: 'replace', path: 'externalId', value: 'e' }]],
  ])('from %o to %o', (before, after, expected) => {
    const found = operations('USER_UPDATED', before, after) as object[];
    expect(found).toHaveLength(expected.length);
    expect(found).toEqual(expect.arrayContaining(expected));
  });

  test('of members, who left before who joined', () => {
    expect(
      operations('GROUP_MEMBERS_CHANGED', { members: ['a', 'g'], subgroups: ['g'] }, { members: ['b', 'h'], subgroups: ['h'] }),
    ).toEqual([
      { op: 'remove', path: 'members[value eq "a"]' },
      { op: 'remove', path: 'members[value eq "g"]' },
      {
        op: 'add',
        path: 'members',
        value: [
          { value: 'b', type: 'User', $ref: 'https://x.test/Users/b' },
          { value: 'h', type: 'Group', $ref: 'https://x.test/Groups/h' },
        ],
      },
    ]);
  });

  test('make of the state before the state after, whatever differs', () => {
    const text = fc.constantFrom('a', 'b');
    const complex = fc.dictionary(fc.constantFrom('givenName', 'familyName', '__proto__'), text, { minKeys: 1 });
    const state = fc.record(
      {
        title: text,
        name: complex,
        emails: fc.array(fc.record({ value: text }), { minLength: 1, maxLength: 2 }),
        [ENTERPRISE]: fc
          .record(
            {
              department: text,
              manager: fc.record({ value: text, $ref: text }, { requiredKeys: [] }).filter((manager) => Object.keys(manager).length > 0),
            },
            { requiredKeys: [] },
          )
          .filter((extension) => Object.keys(extension).length > 0),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(state, state, (before, after) => {
        expect(applied(before as JsonObject, differences(before as JsonObject, after as JsonObject, userResource))).toEqual(plain(after));
      }),
      { numRuns: FUZZ_RUNS },
    );
  });
});

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** What a receiver makes of them, which keeps nothing of a complex value that has no parts left. */
function applied(before: JsonObject, all: readonly { readonly path: string; readonly value: Json | undefined }[]): unknown {
  const state = plain(before) as Record<string, Json>;
  for (const { path, value } of all) {
    const [urn, below] = path.startsWith(ENTERPRISE) ? [ENTERPRISE, path.slice(ENTERPRISE.length + 1)] : [undefined, path];
    const keys = [...(urn ? [urn] : []), ...below.split('.')];
    const holders = keys
      .slice(0, -1)
      .reduce<Record<string, Json>[]>((found, key) => [...found, (found.at(-1)![key] ??= {}) as Record<string, Json>], [state]);
    if (value === undefined) delete holders.at(-1)![keys.at(-1)!];
    else Object.defineProperty(holders.at(-1)!, keys.at(-1)!, { value, enumerable: true, configurable: true, writable: true });
    for (let at = holders.length - 1; at > 0; at -= 1) if (Object.keys(holders[at]!).length === 0) delete holders[at - 1]![keys[at - 1]!];
  }
  return plain(state);
}

test('what a client says of its errors is for no log but its code', () => {
  const { errors, acknowledged } = readPollRequest({
    ACK: ['a'],
    setErrs: { a: { err: 'jwtParse', description: 'private' }, b: { err: 'Bearer private' }, c: null },
  });
  expect([...errors]).toEqual([
    ['a', 'jwtParse'],
    ['b', 'unknown'],
    ['c', 'unknown'],
  ]);
  expect(acknowledged).toEqual(['a', 'b', 'c']);
});
