/** The words of SCIM that the tests speak, and what every refusal must look like. */
import { expect } from 'vitest';
import type { Answer, ScimBody } from './http.js';

export const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
export const CONDECO = 'urn:ietf:params:scim:schemas:extension:customextensionname:2.0:User';
export const LIST = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
export const SEARCH = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';
export const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
export const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error';

export const SCIM_TYPE = /^application\/scim\+json\b/;

export interface Operation {
  readonly op: string;
  readonly path?: string;
  readonly value?: unknown;
}

/** A user as Okta creates one, with these attributes over it. */
export const userBody = (userName: string, over: object = {}) => ({
  schemas: [USER],
  userName,
  name: { givenName: 'Ann', familyName: 'Lee' },
  emails: [{ primary: true, value: 'ann.lee@example.com', type: 'work' }],
  displayName: 'Ann Lee',
  active: true,
  ...over,
});

export const groupBody = (displayName: string, memberIds: readonly string[] = [], over: object = {}) => ({
  schemas: [GROUP],
  displayName,
  members: memberIds.map((value) => ({ value })),
  ...over,
});

export const patchOp = (...operations: readonly Operation[]) => ({ schemas: [PATCH_OP], Operations: operations });

/** The path of a list with this filter, encoded as every client does. */
export const filtered = (endpoint: string, filter: string, more = '') => `${endpoint}?filter=${encodeURIComponent(filter)}${more}`;

export const memberIds = (group: ScimBody): string[] => (group.members ?? []).map((member) => member.value).sort();

/** Checks that the answer is a SCIM Error (RFC 7644, 3.12): media type, schema, status as text, a sentence, the right keyword. */
export function expectScimError(answer: Answer, status: number | readonly number[], scimType?: string): void {
  expect([status].flat(), answer.text.slice(0, 300)).toContain(answer.status);
  expect(answer.headers['content-type']).toMatch(SCIM_TYPE);
  expect(answer.body.schemas).toEqual([ERROR]);
  expect(answer.body.status).toBe(String(answer.status));
  expect(answer.body.detail).toMatch(/\S.{8,}/);
  expect(answer.body.scimType).toBe(scimType);
}

/** Checks that the answer is a list (RFC 7644, 3.4.2) with integers in it, and gives its resources. */
export function expectList(answer: Answer): readonly ScimBody[] {
  expect(answer.body?.startIndex, answer.text.slice(0, 300)).toSatisfy(Number.isInteger);
  return expectPage(answer);
}

/** Checks that the answer is a page by cursor (RFC 9865, section 2), and gives its resources. */
export function expectCursorPage(answer: Answer): readonly ScimBody[] {
  expect(answer.body, answer.text.slice(0, 300)).not.toHaveProperty('startIndex');
  for (const cursor of [answer.body.previousCursor, answer.body.nextCursor]) {
    if (cursor !== undefined) expect(cursor).toMatch(/^[A-Za-z0-9._~-]+$/);
  }
  return expectPage(answer);
}

function expectPage(answer: Answer): readonly ScimBody[] {
  expect(answer.status, answer.text.slice(0, 300)).toBe(200);
  expect(answer.headers['content-type']).toMatch(SCIM_TYPE);
  expect(answer.body.schemas).toEqual([LIST]);
  for (const number of [answer.body.totalResults, answer.body.itemsPerPage]) expect(number).toSatisfy(Number.isInteger);
  expect(answer.body.Resources).toBeInstanceOf(Array);
  expect(answer.body.itemsPerPage).toBe(answer.body.Resources.length);
  return answer.body.Resources;
}
