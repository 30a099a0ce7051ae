/** The requests, byte for byte the same for all SCIM servers: what Okta sends. Only the base path and the token differ. */

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/** POST /Users of Okta's catalogue app, with the password and the empty groups it sends unasked. */
export const oktaUser = (userName, externalId) => ({
  schemas: [USER],
  userName,
  name: { givenName: 'Test', familyName: 'User' },
  emails: [{ primary: true, value: userName, type: 'work' }],
  displayName: 'Test User',
  locale: 'en-US',
  externalId,
  groups: [],
  password: '1mz050nq',
  active: true,
});

const patch = (...operations) => ({ schemas: [PATCH], Operations: operations });

/** Okta's catalogue app sends the attribute inside the value, without a path. */
export const setActive = (active) => patch({ op: 'replace', value: { active } });
export const addMember = (id, display) => patch({ op: 'add', path: 'members', value: [{ value: id, display }] });
/** Many at once, as Okta's group push names them. */
export const addMembersNamed = (users) =>
  patch({ op: 'add', path: 'members', value: users.map(({ id, userName }) => ({ value: id, display: userName })) });
/** What Entra ID sends where many leave at once. */
export const removeMembers = (ids) => patch({ op: 'remove', path: 'members', value: ids.map((value) => ({ value })) });
export const addMembers = (ids) => patch({ op: 'add', path: 'members', value: ids.map((value) => ({ value })) });
export const removeMember = (id) => patch({ op: 'remove', path: `members[value eq "${id}"]` });

/** Okta's push of a whole group. */
export const replaceMembers = (ids) => patch({ op: 'replace', path: 'members', value: ids.map((value) => ({ value })) });

/** POST /Groups when Okta pushes a group: its members follow. */
export const oktaGroup = (displayName) => ({ schemas: [GROUP], displayName, members: [] });

const bulk = (Operations) => ({ schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'], Operations });

/** POST /Bulk with a new user in each operation. */
export const bulkOf = (users) => bulk(users.map((data, at) => ({ method: 'POST', path: '/Users', bulkId: `b${at}`, data })));

/** POST /Bulk with another title for each of the users. */
export const bulkOfTitles = (users, title) =>
  bulk(users.map(({ id }) => ({ method: 'PATCH', path: `/Users/${id}`, data: patch({ op: 'replace', path: 'title', value: title }) })));

/** One request as bytes on the wire; headers of its own stand in place of those of the door. */
export function toBytes({ method, path, body, headers: own }, { base, headers = '', media = 'application/scim+json' }) {
  const text = body === undefined ? '' : JSON.stringify(body);
  const about = body === undefined ? '' : `Content-Type: ${media}; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(text)}\r\n`;
  return Buffer.from(
    `${method} ${base}${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${own ?? headers}Accept: ${media}\r\nUser-Agent: Okta SCIM Client 1.0.0\r\n${about}\r\n${text}`,
  );
}
