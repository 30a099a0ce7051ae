import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { limits, resourceTypes, userResource } from '../../schema/resources.js';
import { cursorsOf, readCursor, toCursor } from '../../gateway/scim/cursors.js';
import { placeOf } from '../../gateway/scim/paging.js';
import { type Parameters, readParameters } from '../../gateway/scim/parameters.js';
import { readList } from '../../gateway/scim/query.js';
import { FUZZ_RUNS } from '../support/world.js';
import { refusalOf } from './refusal.js';

const NOW = 1_800_000_000;
const BETWEEN = { hasNextPage: true, hasPreviousPage: true, startCursor: 'c1', endCursor: 'c9' };

const list = (query: string | Parameters, now = NOW, types = [userResource]) =>
  readList(types, typeof query === 'string' ? readParameters(query) : query, now);

/** The cursors of a page in the middle of what the query finds. */
const cursorsIn = (query: string, now = NOW) => cursorsOf(BETWEEN, list(query, now).query(), now);
const nextOf = (query: string, now = NOW) => cursorsIn(query, now).nextCursor!;

describe('a cursor', () => {
  test("is the place it was made of, in unreserved characters, whatever the core's own cursor is", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.constantFrom('after' as const, 'before' as const),
        fc.string(),
        (position, direction, query) => {
          const cursor = toCursor({ position, direction }, query, NOW);
          expect(cursor).toMatch(/^[A-Za-z0-9._~-]+$/);
          expect(readCursor(cursor, query, NOW)).toEqual({ position, direction });
        },
      ),
      { numRuns: FUZZ_RUNS },
    );
  });

  test('is refused as invalid or read, whatever is sent for one', () => {
    const made = fc.anything().map((value) => Buffer.from(JSON.stringify(value) ?? '').toString('base64url'));
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String(), made), (text) => {
        expect(refusalOf(() => readCursor(text, '', NOW))).toEqual(['INVALID_CURSOR', expect.stringContaining('begin anew')]);
      }),
      { numRuns: FUZZ_RUNS },
    );
  });

  test('that has lost or gained a character is refused', () => {
    const cursor = nextOf('');
    for (const damaged of [cursor.slice(1), cursor.slice(0, -2), `${cursor}!`, `x${cursor}`]) {
      expect(refusalOf(() => list({ cursor: damaged }))[0]).toBe('INVALID_CURSOR');
    }
  });

  test('is good for as long as is announced, and not a second longer', () => {
    const cursor = nextOf('', NOW - limits.cursorSeconds);
    expect(list({ cursor }).variables).toMatchObject({ after: 'c9' });
    expect(refusalOf(() => list({ cursor }, NOW + 1))).toEqual(['EXPIRED_CURSOR', expect.stringContaining('86400 seconds')]);
  });
});

describe('the query of a cursor', () => {
  const QUERY = 'filter=userName%20sw%20"a"&sortBy=userName&sortOrder=descending';

  test.each([QUERY, `${QUERY}&count=7`, `${QUERY}&attributes=title&foo=1`, 'filter=USERNAME+SW+"A"&sortOrder=Descending&sortBy=username'])(
    'is the same as %s',
    (query) => {
      expect(list(`${query}&cursor=${nextOf(QUERY)}`).variables).toMatchObject({ after: 'c9' });
    },
  );

  test.each([
    '',
    'filter=userName%20sw%20"b"&sortBy=userName&sortOrder=descending',
    'filter=userName%20sw%20"a"&sortBy=title&sortOrder=descending',
    'filter=userName%20sw%20"a"&sortBy=userName',
    'sortBy=userName&sortOrder=descending',
  ])('is another than %j', (query) => {
    expect(refusalOf(() => list(`${query}&cursor=${nextOf(QUERY)}`))).toEqual([
      'INVALID_CURSOR',
      expect.stringContaining('of another query'),
    ]);
  });

  test('is of the types that are asked for', () => {
    expect(refusalOf(() => list({ cursor: nextOf('') }, NOW, [...resourceTypes]))[0]).toBe('INVALID_CURSOR');
  });
});

describe('a page by cursor', () => {
  const { nextCursor, previousCursor } = cursorsIn('');

  test.each<[Parameters, object]>([
    [{ cursor: '' }, { first: 100, cursors: true }],
    [
      { cursor: ' ', count: '7', startIndex: '' },
      { first: 7, cursors: true },
    ],
    [
      { cursor: '', count: '5000' },
      { first: 1000, cursors: true },
    ],
    [
      { cursor: nextCursor!, count: '7' },
      { first: 7, after: 'c9', cursors: true },
    ],
    [
      { cursor: previousCursor!, count: '7' },
      { last: 7, before: 'c1', cursors: true },
    ],
    [
      { cursor: '', count: '0' },
      { first: 0, cursors: false },
    ],
    [
      { cursor: nextCursor!, count: '-1' },
      { first: 0, cursors: false },
    ],
    [{}, { first: 100, offset: 0, cursors: false }],
  ])('%j asks for %j', (parameters, variables) => expect(list(parameters).variables).toEqual(variables));

  test('is found by "?cursor" in any case, with and without "="', () => {
    for (const query of ['cursor', 'cursor=', 'CURSOR', 'Cursor=&count=']) {
      expect(list(query).variables).toEqual({ first: 100, cursors: true });
    }
  });

  test.each(['ten', '1.5', '1e3', '0x10'])('has no count of %s', (count) => {
    expect(refusalOf(() => list({ cursor: '', count }))).toEqual(['INVALID_COUNT', expect.stringContaining('whole number')]);
    expect(refusalOf(() => list({ count }))[0]).toBe('INVALID_VALUE');
  });

  test('is not by index at the same time', () => {
    expect(refusalOf(() => list('cursor=&startIndex=1'))).toEqual(['INVALID_VALUE', expect.stringContaining('send one of them')]);
  });
});

describe('where the answer says its page is', () => {
  const where = (query: string, info?: object) => placeOf(list(query), info && { ...BETWEEN, ...info });

  test('by index', () => expect(where('startIndex=11')).toEqual({ startIndex: 11 }));

  test.each<[string, object, string[]]>([
    ['in the middle', {}, ['previousCursor', 'nextCursor']],
    ['at the beginning', { hasPreviousPage: false }, ['nextCursor']],
    ['at the end', { hasNextPage: false }, ['previousCursor']],
    ['alone', { hasNextPage: false, hasPreviousPage: false }, []],
  ])('by cursor, %s', (_, info, names) => expect(Object.keys(where('cursor=', info))).toEqual(names));

  test('by cursor with a count of 0: nowhere', () => expect(where('cursor=&count=0')).toEqual({}));

  test('a page whose resources are gone leads back to the nearest end of the list', () => {
    const { previousCursor, nextCursor } = cursorsOf({ ...BETWEEN, startCursor: null, endCursor: null }, list('').query(), NOW);
    expect(list({ cursor: previousCursor!, count: '7' }).variables).toEqual({ last: 7, cursors: true });
    expect(list({ cursor: nextCursor!, count: '7' }).variables).toEqual({ first: 7, cursors: true });
  });
});
