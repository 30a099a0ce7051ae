/** Parts of a tenant's own attributes, by when they are shown (RFC 7643, section 7, "returned"): a PUT of what a GET has shown loses none. */
import { beforeAll, expect, test } from 'vitest';
import { attribute, declared } from '../support/extensions.js';
import type { ScimBody } from '../support/http.js';
import { expectList, patchOp, userBody } from '../support/scim.js';
import { poll, pollUntil } from '../support/security-events.js';
import { newTenant, type Tenant } from '../support/world.js';

const ACME = 'urn:acme:params:scim:schemas:extension:badges:2.0:User';

let tenant: Tenant;
let number = 0;
beforeAll(async () => {
  tenant = await newTenant();
  const parts = [attribute('number', { returned: 'always' }), attribute('issuer'), attribute('pin', { returned: 'request' })];
  await declared(tenant, {
    id: ACME,
    attributes: [
      attribute('site', { required: true }),
      attribute('card', { type: 'complex', subAttributes: parts }),
      attribute('keys', { type: 'complex', multiValued: true, subAttributes: parts }),
      attribute('safe', { type: 'complex', returned: 'always', subAttributes: parts }),
      attribute('vault', { type: 'complex', returned: 'request', subAttributes: parts }),
    ],
  });
});

const card = { number: '1', issuer: 'I', pin: '7' };
const keys = [
  { number: '1', pin: 'a' },
  { number: '2', issuer: 'I', pin: 'b' },
];
const stored = { site: 'N', card, keys, safe: card, vault: card };
const created = async (values: object = stored): Promise<ScimBody> => {
  const answer = await tenant.scim('POST', '/Users', userBody(`parts-${(number += 1)}@x.com`, { [ACME]: values }));
  expect(answer.status, answer.text).toBe(201);
  return answer.body;
};
const shown = async ({ id }: ScimBody, query = '') => (await tenant.scim('GET', `/Users/${id}?${query}`)).body[ACME];
const all = (user: ScimBody) => shown(user, `attributes=${ACME}`);

const usual = { number: '1', issuer: 'I' };
test.each<[string, object]>([
  ['', { site: 'N', card: usual, keys: [{ number: '1' }, { number: '2', issuer: 'I' }], safe: usual }],
  [`attributes=${ACME}:card`, { card, safe: usual }],
  [`attributes=${ACME}:card.pin`, { card: { number: '1', pin: '7' }, safe: usual }],
  [`attributes=${ACME}:card.issuer`, { card: usual, safe: usual }],
  [
    `attributes=${ACME}:keys.pin`,
    {
      keys: [
        { number: '1', pin: 'a' },
        { number: '2', pin: 'b' },
      ],
      safe: usual,
    },
  ],
  [`attributes=${ACME}:safe.pin`, { safe: card }],
  [`attributes=${ACME}:vault.issuer`, { safe: usual, vault: usual }],
  [`attributes=${ACME}:vault`, { safe: usual, vault: card }],
  [`attributes=${ACME}`, stored],
  ['attributes=userName', { safe: usual }],
  [`attributes=${ACME}:card&excludedAttributes=${ACME}:card.pin`, { card: usual, safe: usual }],
  [`excludedAttributes=${ACME}:card.number,${ACME}:card.issuer,${ACME}:keys`, { site: 'N', card: { number: '1' }, safe: usual }],
  [`excludedAttributes=${ACME}:card,${ACME}:keys,${ACME}:safe.number`, { site: 'N', safe: usual }],
])('?%s', async (query, expected) => {
  const user = await created();
  expect(await shown(user, query)).toEqual(expected);
  const [listed] = expectList(await tenant.scim('GET', `/Users?filter=${encodeURIComponent(`id eq "${user.id}"`)}&${query}`));
  expect(listed![ACME]).toEqual(expected);
});

test('what creates and changes a user is answered without it, and so are those told who poll for events', async () => {
  await poll(tenant, 'parts');
  const user = await created({ site: 'N', card });
  expect(user[ACME]).toEqual({ site: 'N', card: usual });
  const patched = await tenant.scim('PATCH', `/Users/${user.id}`, patchOp({ op: 'replace', path: `${ACME}:card.pin`, value: '8' }));
  expect(patched.body[ACME]).toEqual({ site: 'N', card: usual });
  expect(await all(user)).toEqual({ site: 'N', card: { ...card, pin: '8' } });
  expect(JSON.stringify(await pollUntil(tenant, 'parts', 2))).not.toContain('pin');
});

test.each<[string, (got: Record<string, unknown>) => unknown, object]>([
  ['as it was shown', (got) => got, { ...stored }],
  ['with another part', (got) => ({ ...got, card: { NUMBER: '2' } }), { ...stored, card: { number: '2', pin: '7' } }],
  ['with a new one', (got) => ({ ...got, card: { ...usual, Pin: '9' } }), { ...stored, card: { ...card, pin: '9' } }],
  ['with none', (got) => ({ ...got, card: { ...usual, pin: null } }), { ...stored, card: usual }],
  ['without the value', ({ card: _, ...got }) => got, { site: 'N', keys, safe: card, vault: card }],
  ['with null for it', (got) => ({ ...got, CARD: null }), { site: 'N', keys, safe: card, vault: card }],
  [
    'with none in one of many values',
    (got) => ({
      ...got,
      keys: [
        { number: '1', PIN: null },
        { number: '2', issuer: 'I', pin: '' },
      ],
    }),
    { ...stored, keys: [{ number: '1' }, { number: '2', issuer: 'I' }] },
  ],
  [
    'of one of many values',
    (got) => ({ ...got, keys: [{ issuer: 'I', Number: '2' }, { number: '3' }] }),
    { ...stored, keys: [keys[1], { number: '3' }] },
  ],
])('a PUT of what a GET has shown, %s', async (_, change, expected) => {
  const user = await created();
  const got = (await tenant.scim('GET', `/Users/${user.id}`)).body;
  const { card: old, ...rest } = got[ACME] as Record<string, unknown>;
  const changed = change({ card: old, ...rest }) as Record<string, unknown>;
  if ('CARD' in changed) delete changed['card'];
  const answer = await tenant.scim('PUT', `/Users/${user.id}`, { ...got, active: false, [ACME]: changed });
  expect(answer.status, answer.text).toBe(200);
  expect(answer.body.active).toBe(false);
  expect(await all(user)).toEqual(expected);
});

test('values that are told apart by nothing that is shown stay as many', async () => {
  const alike = { site: 'N', keys: ['a', 'b'].map((pin) => ({ number: '1', pin })) };
  const user = await created(alike);
  const { body: got } = await tenant.scim('GET', `/Users/${user.id}`);
  expect((await tenant.scim('PUT', `/Users/${user.id}`, { ...got, title: 'T' })).status).toBe(200);
  expect(await all(user)).toEqual(alike);
});

test('a value of which nothing is shown stays, with what is required, where a PUT says nothing of it', async () => {
  const hidden = { site: 'N', card: { pin: '7' }, keys: [{ pin: 'a' }, { pin: 'b' }] };
  const user = await created(hidden);
  expect(await shown(user)).toEqual({ site: 'N' });
  for (const given of [{ site: 'N' }, {}, undefined]) {
    const answer = await tenant.scim('PUT', `/Users/${user.id}`, { ...user, [ACME]: given });
    expect(answer.status, answer.text).toBe(200);
    expect(await all(user)).toEqual(hidden);
  }
  expect((await tenant.scim('PUT', `/Users/${user.id}`, { ...user, [ACME]: { site: 'N', card: null, keys: [] } })).status).toBe(200);
  expect(await all(user)).toEqual({ site: 'N' });
});
