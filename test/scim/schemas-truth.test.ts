/** What `/Schemas` says of an attribute is what happens to its values: each is written, read, filtered by, left out and taken away. */
import { beforeAll, describe, expect, test } from 'vitest';
import {
  allLeaves,
  type Announced,
  type Leaf,
  readAnnounced,
  sample,
  sampleOf,
  type Samples,
  swapCase,
  valueAt,
} from '../support/announced.js';
import type { ScimBody } from '../support/http.js';
import { expectList, expectScimError, filtered, patchOp, userBody } from '../support/scim.js';
import { newTenant, type Tenant } from '../support/world.js';

let tenant: Tenant;
let announced: readonly Announced[];

beforeAll(async () => {
  tenant = await newTenant();
  announced = await readAnnounced(tenant);
});

const get = (path: string) => tenant.scim('GET', path);

describe.each(['User', 'Group'])('/Schemas of the %s', (name) => {
  let one: Announced;
  let values: Samples;
  let sent: Record<string, unknown>;
  let resource: ScimBody;
  let endpoint = '';

  beforeAll(async () => {
    one = announced.find(({ type }) => type.id === name)!;
    ({ endpoint } = one.type);
    const [member, another] = [
      await tenant.scim('POST', '/Users', userBody(`one-${name}@x.com`)),
      await tenant.scim('POST', '/Users', userBody(`two-${name}@x.com`)),
    ];
    values = { 'members.value': member.body.id, 'members.type': 'User', 'members-2.value': another.body.id, 'members-2.type': 'User' };
    sent = sample(one, values);
    const answer = await tenant.scim('POST', endpoint, sent);
    expect(answer.status, answer.text).toBe(201);
    resource = answer.body;
  });

  const told = ({ attribute }: Leaf) => attribute.returned !== 'never';
  const writable = () => allLeaves(one).filter((leaf) => leaf.isWritable && told(leaf));
  const literal = (value: unknown) => JSON.stringify(value);
  const find = async (filter: string) => expectList(await get(filtered(endpoint, filter))).map(({ id }) => id);

  test('is enough to write every attribute that may be written, extensions too', async () => {
    expect(writable().length).toBeGreaterThan(2);
    for (const leaf of writable()) expect(valueAt(resource, leaf), leaf.path).toEqual(valueAt(sent as ScimBody, leaf));
    expect(resource.schemas).toEqual([one.type.schema, ...one.extensions.keys()]);
    expect((await get(`${endpoint}/${resource.id}`)).body).toEqual(resource);
  });

  test("knows what is not the client's to write", () => {
    for (const leaf of allLeaves(one).filter(({ isWritable }) => !isWritable)) {
      expect(valueAt(resource, leaf), leaf.path).not.toEqual(valueAt(sent as ScimBody, leaf));
    }
  });

  test('knows what is returned always, by default, and never', async () => {
    const shown = async (query: string) => (await get(`${endpoint}/${resource.id}?${query}`)).body;
    for (const leaf of allLeaves(one)) {
      const value = valueAt(resource, leaf);
      expect(valueAt(await shown(`attributes=${leaf.path}`), leaf), leaf.path).toEqual(value);
      expect(valueAt(await shown(`excludedAttributes=${leaf.path}`), leaf), leaf.path).toEqual(
        leaf.attribute.returned === 'always' ? value : undefined,
      );
      if (!told(leaf)) expect(value, leaf.path).toBeUndefined();
    }
  });

  test('knows what can be filtered by, and whether case counts', async () => {
    for (const leaf of writable()) {
      const value = valueAt(resource, leaf);
      expect(await find(`${leaf.path} eq ${literal(value)}`), leaf.path).toContain(resource.id);
      if (typeof value !== 'string' || swapCase(value) === value) continue;
      const inOtherCase = await find(`${leaf.path} eq ${literal(swapCase(value))}`);
      expect(inOtherCase.includes(resource.id), `${leaf.path} in another case`).toBe(!leaf.attribute.caseExact);
    }
  });

  test('knows what is required', async () => {
    const unique = one.attributes.filter(({ uniqueness }) => uniqueness !== 'none');
    for (const { name: key, required } of one.attributes) {
      const fresh = Object.fromEntries(unique.map((attribute) => [attribute.name, `All but ${key}`]));
      const answer = await tenant.scim('POST', endpoint, { ...sample(one, values), ...fresh, [key]: undefined });
      if (required) expectScimError(answer, 400, 'invalidValue');
      else expect(answer.status, `without ${key}: ${answer.text}`).toBe(201);
    }
  });

  test('knows what is unique', async () => {
    const isTaken = async (key: string, value: unknown) => {
      const fresh = Object.fromEntries(
        one.attributes.filter(({ required }) => required).map((attribute) => [attribute.name, `Unique but for ${key}`]),
      );
      const answer = await tenant.scim('POST', endpoint, { ...fresh, [key]: value });
      if (answer.status === 201) await tenant.scim('DELETE', `${endpoint}/${answer.body.id}`);
      else expectScimError(answer, 409, 'uniqueness');
      return answer.status === 409;
    };
    for (const { name: key, uniqueness, mutability } of one.attributes) {
      const value = sent[key];
      if (mutability === 'readOnly') continue;
      expect(await isTaken(key, typeof value === 'string' ? swapCase(value) : value), key).toBe(uniqueness === 'server');
    }
  });

  test('knows how many values there may be, and of which kind', async () => {
    const put = (key: string, value: unknown) => tenant.scim('PUT', `${endpoint}/${resource.id}`, { ...sent, [key]: value });
    for (const attribute of one.attributes.filter(({ mutability }) => mutability === 'readWrite')) {
      const { name: key, type, multiValued } = attribute;
      const answer = await put(
        key,
        [attribute, attribute].flatMap((each, at) => sampleOf(each, at === 0 ? key : `${key}-2`, values)),
      );
      if (multiValued) expect(answer.body[key], answer.text).toHaveLength(2);
      else expectScimError(answer, 400, 'invalidValue');
      if (type !== 'complex') expectScimError(await put(key, { no: 'such' }), 400, 'invalidValue');
    }
  });

  test('suggests values and takes others', () => {
    for (const leaf of allLeaves(one).filter(
      ({ isWritable, path, attribute }) => isWritable && attribute.canonicalValues && !(path in values),
    )) {
      expect(leaf.attribute.canonicalValues, leaf.path).not.toContain(valueAt(resource, leaf));
    }
  });

  test('knows what a PATCH may take away', async () => {
    const restored = await tenant.scim('PUT', `${endpoint}/${resource.id}`, sent);
    expect({ ...restored.body, meta: undefined }).toEqual({ ...resource, meta: undefined });
    // A user is active or not: a boolean always has a value.
    const stay = one.attributes.filter(({ required, type }) => required || type === 'boolean').map(({ name: key }) => key);
    const paths = new Set(
      allLeaves(one)
        .filter(({ top, isWritable }) => isWritable && !stay.includes(top))
        .map(({ top }) => top),
    );
    const answer = await tenant.scim(
      'PATCH',
      `${endpoint}/${resource.id}`,
      patchOp(...Array.from(paths, (path) => ({ op: 'remove', path }))),
    );
    expect(answer.status, answer.text).toBeLessThan(300);
    const { body } = await get(`${endpoint}/${resource.id}`);
    expect(
      writable()
        .filter((leaf) => valueAt(body, leaf) !== undefined)
        .map(({ path }) => path),
    ).toEqual(stay);
  });
});
