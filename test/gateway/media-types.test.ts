import { describe, expect, test } from 'vitest';
import { answerTypeFor, PLAIN_JSON, SCIM_JSON } from '../../gateway/scim/media-types.js';

describe('what is answered in', () => {
  test.each([
    undefined,
    'application/scim+json',
    'APPLICATION/SCIM+JSON; charset=utf-8',
    '*/*',
    'application/*',
    'text/html, */*;q=0.1',
    'application/json, */*',
    'application/json, application/scim+json',
    'application/scim+json;q=0.1',
    'application/json;q=0.4, application/scim+json;q=0.5',
    'application/scim+json;q=high',
    'application/scim+json; v="a;q=0"',
    'application/json;q=0, */*',
    'text/html, image/gif, *; q=.2, */*; q=.2',
  ])("SCIM's own for %j", (accept) => expect(answerTypeFor(accept)).toBe(SCIM_JSON));

  test.each(['', '*', 'json', 'nonsense;q=0', ',,', 'application/', '/json'])("SCIM's own for %j, which names nothing", (accept) =>
    expect(answerTypeFor(accept)).toBe(SCIM_JSON),
  );

  test.each([
    'application/json',
    'Application/JSON;charset=UTF-8',
    'application/json, text/plain',
    'text/html, application/json;q=0.1',
    'application/json, application/scim+json;q=0.9',
    'application/scim+json;q=0, */*',
    'application/scim+json; q=0.0 ,application/json',
    'application/json;odata=verbose, */*;q=.5',
  ])('plain JSON for %j', (accept) => expect(answerTypeFor(accept)).toBe(PLAIN_JSON));

  test.each([
    'text/html',
    'application/xml, text/*',
    'application/scim+json;q=0',
    '*/*;q=0',
    'application/scim+json;q=0, application/json;q=0, */*',
    'application/*;q=0, */*',
    'application/jsonp',
    'text/html, nonsense',
  ])('neither for %j', (accept) => expect(answerTypeFor(accept)).toBeUndefined());
});
