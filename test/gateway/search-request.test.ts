import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../schema/change.js';
import { readSearchRequest } from '../../gateway/scim/search-request.js';
import { refusalOf } from './refusal.js';

describe('the body of a search', () => {
  test.each<[JsonObject, object]>([
    [{}, {}],
    [{ schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'], foo: { bar: 1 } }, {}],
    [
      { filter: 'userName eq "a+b%20c"', sortBy: 'userName', sortOrder: 'descending' },
      { filter: 'userName eq "a+b%20c"', sortBy: 'userName', sortOrder: 'descending' },
    ],
    [
      { startIndex: 11, count: 10 },
      { startIndex: '11', count: '10' },
    ],
    [
      { STARTINDEX: '11', Count: 1e3 },
      { startIndex: '11', count: '1000' },
    ],
    [
      { cursor: '', count: 0 },
      { cursor: '', count: '0' },
    ],
    [
      { attributes: ['userName', 'name.givenName'], excludedAttributes: [] },
      { attributes: 'userName,name.givenName', excludedAttributes: '' },
    ],
    [{ attributes: 'userName, title' }, { attributes: 'userName, title' }],
    [{ filter: null, count: null, attributes: null, cursor: null }, {}],
  ])('%j is %j', (body, parameters) => expect(readSearchRequest(body)).toEqual(parameters));

  test.each<[JsonObject, string, string]>([
    [{ filter: { userName: 'a' } }, 'INVALID_VALUE', '"filter" takes a single text'],
    [{ filter: ['userName pr'] }, 'INVALID_VALUE', '"filter" takes a single text'],
    [{ count: [1] }, 'INVALID_VALUE', '"count" takes a single text or number'],
    [{ cursor: {} }, 'INVALID_VALUE', '"cursor"'],
    [{ attributes: { userName: true } }, 'INVALID_VALUE', '"attributes" takes a list of names'],
    [{ excludedAttributes: ['title', 7] }, 'INVALID_VALUE', '"excludedAttributes" takes a list of names'],
    [{ schemas: 'urn:ietf:params:scim:api:messages:2.0:SearchRequest' }, 'INVALID_SYNTAX', '"schemas" takes a list'],
  ])('%j is refused', (body, code, sentence) => {
    expect(refusalOf(() => readSearchRequest(body))).toEqual([code, expect.stringContaining(sentence)]);
  });
});
