/**
 * Random PATCH bodies over HTTP. The simple valid ones are compared with a small model of what they mean; hostile ones may be refused
 * or ignored, but never break us, change half of a user, or reach into JavaScript's own objects.
 */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ScimBody } from '../support/http.js';
import { CONDECO, ENTERPRISE, groupBody, type Operation, patchOp, SCIM_TYPE, USER } from '../support/scim.js';
import { FUZZ_RUNS, newTenant, type Tenant } from '../support/world.js';

let tenant: Tenant;

beforeAll(async () => {
  tenant = await newTenant();
});

async function createUser(userName: string): Promise<ScimBody> {
  const answer = await tenant.scim('POST', '/Users', { schemas: [USER], userName });
  expect(answer.status, answer.text).toBe(201);
  return answer.body;
}

const builtIns = () =>
  [
    Object.prototype,
    Array.prototype,
    Function.prototype,
    String.prototype,
    Number.prototype,
    Boolean.prototype,
    Object,
    Array,
    Function,
  ].map((builtIn) => Reflect.ownKeys(builtIn).map(String).join());

// ---- What simple operations mean ----

interface Model {
  readonly plain: Record<string, string>;
  readonly name: Record<string, string>;
  readonly emails: Record<string, string>;
  active: boolean;
}

/** An operation as it is sent, and the same on the model. */
interface Step {
  readonly operation: Operation;
  readonly apply: (model: Model) => void;
}

const PLAIN = ['displayName', 'nickName', 'title', 'userType', 'preferredLanguage', 'locale', 'timezone'];
const NAME = ['formatted', 'familyName', 'givenName', 'middleName', 'honorificPrefix', 'honorificSuffix'];
const TYPES = ['work', 'home', 'other'];

const text = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter((value) => value.trim() !== '' && !value.includes('\0')),
  fc.constantFrom('True', 'false', 'null', '0', '[]', '%', "'; --", 'toString', '__proto__', ' padded '),
);
const empty = fc.constantFrom('', null);
const given = fc.oneof({ weight: 4, arbitrary: text }, { weight: 1, arbitrary: empty });
const setting = fc.constantFrom('add', 'replace', 'Add', 'Replace', 'REPLACE');
const inAnyCase = (names: readonly string[]) =>
  fc
    .tuple(
      fc.constantFrom(...names),
      fc.constantFrom(
        (name: string) => name,
        (name: string) => name.toUpperCase(),
        (name: string) => name.toLowerCase(),
      ),
    )
    .map(([name, change]) => ({ name, spelt: change(name) }));

function assign(values: Record<string, string>, name: string, value: string | null): void {
  if (value === null || value === '') delete values[name];
  else values[name] = value;
}

const setPlain = fc.tuple(setting, inAnyCase(PLAIN), given).map(([op, { name, spelt }, value]): Step => ({
  operation: { op, path: spelt, value },
  apply: ({ plain }) => assign(plain, name, value),
}));

const removePlain = fc
  .tuple(fc.constantFrom('remove', 'Remove'), inAnyCase(PLAIN))
  .map(([op, { name, spelt }]): Step => ({ operation: { op, path: spelt }, apply: ({ plain }) => assign(plain, name, null) }));

const setNamePart = fc.tuple(setting, inAnyCase(NAME), given).map(([op, { name: part, spelt }, value]): Step => ({
  operation: { op, path: `name.${spelt}`, value },
  apply: ({ name }) => assign(name, part, value),
}));

const removeName = fc.constantFrom(...NAME, undefined).map((part): Step => ({
  operation: { op: 'remove', path: part ? `name.${part}` : 'name' },
  apply: ({ name }) => (part ? [part] : NAME).forEach((one) => delete name[one]),
}));

const parts = (names: readonly string[]) =>
  fc.uniqueArray(fc.tuple(fc.constantFrom(...names), given), { selector: ([name]) => name, minLength: 1, maxLength: 3 });

const mergeName = fc.tuple(setting, parts(NAME)).map(([op, entries]): Step => ({
  operation: { op, path: 'name', value: Object.fromEntries(entries) },
  apply: ({ name }) => entries.forEach(([part, value]) => assign(name, part, value)),
}));

const withoutPath = fc.tuple(setting, parts(PLAIN), parts(NAME), fc.boolean()).map(([op, plainEntries, nameEntries, isDotted]): Step => {
  const names = isDotted
    ? Object.fromEntries(nameEntries.map(([part, value]) => [`name.${part}`, value]))
    : { name: Object.fromEntries(nameEntries) };
  return {
    operation: { op, value: { ...Object.fromEntries(plainEntries), ...names } },
    apply: ({ plain, name }) => {
      plainEntries.forEach(([attribute, value]) => assign(plain, attribute, value));
      nameEntries.forEach(([part, value]) => assign(name, part, value));
    },
  };
});

const setEmail = fc.tuple(setting, inAnyCase(TYPES), text).map(([op, { name: type }, value]): Step => ({
  operation: { op, path: `emails[type eq "${type}"].value`, value },
  apply: ({ emails }) => assign(emails, type, value),
}));

const removeEmail = fc.constantFrom(...TYPES).map((type): Step => ({
  operation: { op: 'remove', path: `emails[type eq "${type}"]` },
  apply: ({ emails }) => assign(emails, type, null),
}));

const replaceEmails = fc.uniqueArray(fc.tuple(fc.constantFrom(...TYPES), text), { selector: ([type]) => type }).map((entries): Step => ({
  operation: { op: 'replace', path: 'emails', value: entries.map(([type, value]) => ({ type, value })) },
  apply: ({ emails }) => {
    TYPES.forEach((type) => delete emails[type]);
    entries.forEach(([type, value]) => assign(emails, type, value));
  },
}));

const setActive = fc
  .tuple(setting, fc.constantFrom(true, false, 'True', 'False', 'true', 'FALSE'), fc.boolean())
  .map(([op, value, hasPath]): Step => ({
    operation: hasPath ? { op, path: 'active', value } : { op, value: { active: value } },
    apply: (model) => void (model.active = String(value).toLowerCase() === 'true'),
  }));

const step = fc.oneof(
  setPlain,
  removePlain,
  setNamePart,
  removeName,
  mergeName,
  withoutPath,
  setEmail,
  removeEmail,
  replaceEmails,
  setActive,
);

/** What the model knows of a user that was read. */
function asModel(user: ScimBody): Model {
  const plain = Object.fromEntries(PLAIN.filter((name) => name in user).map((name) => [name, String(user[name])]));
  return {
    plain,
    name: user.name ?? {},
    emails: Object.fromEntries((user.emails ?? []).map(({ type, value }) => [String(type), value])),
    active: user.active,
  };
}

describe('valid operations', () => {
  test(
    'mean what the model says, one by one and many in a request',
    async () => {
      const { id } = await createUser('model@x.com');
      const model: Model = { plain: {}, name: {}, emails: {}, active: true };
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
          const answer = await tenant.scim('PATCH', `/Users/${id}`, patchOp(...steps.map(({ operation }) => operation)));
          expect(answer.status, answer.text).toBe(200);
          for (const { apply } of steps) apply(model);
          const read = await tenant.scim('GET', `/Users/${id}`);
          expect(asModel(read.body)).toEqual(model);
          expect(answer.body).toEqual(read.body);
          expect(read.body.emails ?? []).toHaveLength(Object.keys(model.emails).length);
        }),
        { numRuns: FUZZ_RUNS, endOnFailure: true },
      ); // one user for all: a smaller case would start from elsewhere
    },
    120_000 + FUZZ_RUNS * 50,
  );
});

// ---- What is sent again ----

const few = fc.constantFrom('a', 'A', 'b');
const element = fc.record(
  { value: few, type: fc.constantFrom('work', 'Work', 'home'), display: few, primary: fc.constantFrom(true, false, 'True', 'False') },
  { requiredKeys: [] },
);
const address = fc.record(
  { locality: few, country: few, type: fc.constantFrom('work', 'home'), primary: fc.boolean() },
  { requiredKeys: [] },
);
const someOf = (one: fc.Arbitrary<object>) => fc.array(one, { maxLength: 4 });
const lists = fc.record(
  { emails: someOf(element), roles: someOf(element), photos: someOf(element), addresses: someOf(address) },
  { requiredKeys: [] },
);

const addition: fc.Arbitrary<Operation> = fc.oneof(
  fc
    .tuple(fc.constantFrom('emails', 'roles', 'photos'), fc.oneof(element, someOf(element), few))
    .map(([path, value]) => ({ op: 'add', path, value })),
  fc.oneof(address, someOf(address)).map((value) => ({ op: 'add', path: 'addresses', value })),
  fc
    .tuple(lists, parts(PLAIN), parts(NAME))
    .map(([of, plain, name]) => ({ op: 'add', value: { ...of, ...Object.fromEntries(plain), name: Object.fromEntries(name) } })),
  fc
    .tuple(
      fc.constantFrom('emails', 'roles'),
      fc.constantFrom('type eq "work"', 'primary eq "True"', 'type eq "home" and display eq "a"'),
      few,
    )
    .map(([attribute, filter, value]) => ({ op: 'add', path: `${attribute}[${filter}].value`, value })),
  fc
    .tuple(fc.constantFrom('type eq "work"', 'value eq "a"'), fc.constantFrom('True', false))
    .map(([filter, value]) => ({ op: 'add', path: `emails[${filter}].primary`, value })),
  fc.tuple(fc.constantFrom('emails.type', 'emails.display', 'addresses.type'), few).map(([path, value]) => ({ op: 'add', path, value })),
);

describe('an addition whose answer was lost', () => {
  test(
    'changes nothing when it is sent again',
    async () => {
      const { id } = await createUser('again@x.com');
      await fc.assert(
        fc.asyncProperty(lists, addition, async (before, add) => {
          const replaced = await tenant.scim('PUT', `/Users/${id}`, { schemas: [USER], userName: 'again@x.com', ...before });
          expect(replaced.status, replaced.text).toBe(200);
          const [first, second] = [
            await tenant.scim('PATCH', `/Users/${id}`, patchOp(add)),
            await tenant.scim('PATCH', `/Users/${id}`, patchOp(add)),
          ];
          expect(first.status, first.text).toBe(200);
          expect(second.text).toBe(first.text);
          for (const list of [first.body.emails, first.body['roles'], first.body['addresses']] as { primary: boolean }[][]) {
            expect((list ?? []).filter(({ primary }) => primary).length).toBeLessThanOrEqual(1);
          }
        }),
        { numRuns: FUZZ_RUNS },
      );
    },
    120_000 + FUZZ_RUNS * 75,
  );
});

// ---- What nobody should send ----

/** JSON as text, so that keys may be anything, repeated, and "__proto__". */
type Tree = { readonly leaf: string } | { readonly list: readonly Tree[] } | { readonly entries: readonly (readonly [string, Tree])[] };

function print(tree: Tree): string {
  if ('leaf' in tree) return tree.leaf;
  if ('list' in tree) return `[${tree.list.map(print).join()}]`;
  return `{${tree.entries.map(([key, value]) => `${JSON.stringify(key)}:${print(value)}`).join()}}`;
}

const oddKeys = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '__defineGetter__',
  'constructor.prototype',
  '__proto__.polluted',
  'value',
  'type',
  'primary',
  'display',
  '$ref',
  'userName',
  'name',
  'name.givenName',
  'emails',
  'emails.value',
  'active',
  'members',
  'groups',
  'id',
  'meta',
  'schemas',
  'externalId',
  'password',
  'displayName',
  'roles',
  'x509Certificates',
  'addresses',
  ENTERPRISE,
  `${ENTERPRISE}:manager`,
  `${ENTERPRISE}:__proto__`,
  CONDECO,
  'urn:',
  ':',
  '',
  '.',
];
const oddText = fc.oneof(
  fc.constantFrom(...oddKeys, 'True', '\0', '\ud800', '\u202e', 'a'.repeat(600), '😀', "' or 1=1"),
  fc.string({ maxLength: 8 }),
);
const leaf = fc
  .oneof(
    fc.constantFrom('null', 'true', 'false', '0', '-0', '1e400', '9007199254740993', '1.5', '""'),
    oddText.map((value) => JSON.stringify(value)),
  )
  .map((one): Tree => ({ leaf: one }));
const { tree } = fc.letrec<{ tree: Tree; list: Tree; object: Tree }>((tie) => ({
  tree: fc.oneof({ depthSize: 'small', withCrossShrink: true }, leaf, tie('list'), tie('object')),
  list: fc.array(tie('tree'), { maxLength: 3 }).map((list): Tree => ({ list })),
  object: fc
    .array(fc.tuple(fc.oneof(fc.constantFrom(...oddKeys), fc.string({ maxLength: 5 })), tie('tree')), { maxLength: 4 })
    .map((entries): Tree => ({ entries })),
}));

const attribute = fc.oneof(fc.constantFrom(...oddKeys, 'title', 'emails', 'roles', 'addresses', 'members'), fc.string({ maxLength: 6 }));
const path = fc.oneof(
  attribute,
  fc.tuple(attribute, attribute).map(([one, two]) => `${one}.${two}`),
  fc
    .tuple(attribute, attribute, oddText, attribute)
    .map(([one, two, value, three]) => `${one}[${two} eq ${JSON.stringify(value)}].${three}`),
  fc.tuple(attribute, fc.string({ maxLength: 12 })).map(([one, inside]) => `${one}[${inside}]`),
  fc.tuple(fc.constantFrom(USER, ENTERPRISE, CONDECO, 'urn:example:x'), attribute).map(([urn, one]) => `${urn}:${one}`),
  fc.constantFrom(
    'emails[',
    'emails]',
    'emails[type eq "work"',
    'emails[type eq "work"].value.more',
    'emails[not (type pr)].value',
    'emails[primary eq "yes"].value',
    '['.repeat(500),
    'name..givenName',
    ' title',
    'title ',
  ),
);

const operation = fc
  .tuple(
    fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom('add', 'replace', 'remove', 'Replace') },
      { weight: 1, arbitrary: fc.constantFrom('move', 'copy', 'test', '', '__proto__') },
    ),
    fc.option(path),
    fc.option(tree),
  )
  .map(([op, at, value]): Tree => ({
    entries: [
      ['op', { leaf: JSON.stringify(op) }] as const,
      ...(at === null ? [] : [['path', { leaf: JSON.stringify(at) }] as const]),
      ...(value === null ? [] : [['value', value] as const]),
    ],
  }));

const body = fc
  .oneof(
    {
      weight: 6,
      arbitrary: fc.array(operation, { minLength: 1, maxLength: 4 }).map((list): Tree => ({ entries: [['Operations', { list }]] })),
    },
    {
      weight: 1,
      arbitrary: tree.map((odd): Tree => ({
        entries: [
          ['schemas', odd],
          ['Operations', odd],
          ['__proto__', odd],
        ],
      })),
    },
    { weight: 1, arbitrary: fc.array(tree, { maxLength: 3 }).map((list): Tree => ({ entries: [['Operations', { list }]] })) },
    { weight: 1, arbitrary: tree },
  )
  .map(print);

describe('hostile operations', () => {
  test.each([
    { endpoint: '/Users', make: { schemas: [USER], userName: 'hostile@x.com' }, name: 'userName' },
    { endpoint: '/Groups', make: groupBody('Hostile'), name: 'displayName' },
  ])(
    'on $endpoint never break us, never half apply, never reach into built-in objects',
    async ({ endpoint, make, name }) => {
      const before = builtIns();
      const created = await tenant.scim('POST', endpoint, make);
      const address = `${endpoint}/${created.body.id}`;
      let last = (await tenant.scim('GET', address)).text;
      await fc.assert(
        fc.asyncProperty(body, async (sent) => {
          const answer = await tenant.scim('PATCH', address, sent);
          expect(answer.status, answer.text).toBeLessThan(500);
          const { status, text: now, body: resource } = await tenant.scim('GET', address);
          expect(status).toBe(200);
          if (answer.status >= 400) {
            expect(answer.headers['content-type']).toMatch(SCIM_TYPE);
            expect(now).toBe(last);
          }
          expect(resource).toMatchObject({ id: created.body.id, [name]: expect.stringMatching(/\S/) });
          expect(now).not.toMatch(/"(__proto__|constructor|prototype|polluted|password)":/);
          expect(builtIns()).toEqual(before);
          last = now;
        }),
        { numRuns: FUZZ_RUNS * 2 },
      );
    },
    120_000 + FUZZ_RUNS * 100,
  );

  test(
    'the same as a new user and as a replacement',
    async () => {
      const before = builtIns();
      const { id } = await createUser('replaced@x.com');
      await fc.assert(
        fc.asyncProperty(fc.array(fc.tuple(fc.constantFrom(...oddKeys), tree), { maxLength: 5 }), async (entries) => {
          const sent = print({ entries: [['userName', { leaf: '"replaced@x.com"' }], ...entries.filter(([key]) => key !== 'userName')] });
          const answer = await tenant.scim('PUT', `/Users/${id}`, sent);
          expect([200, 400], answer.text).toContain(answer.status);
          const created = await tenant.scim('POST', '/Users', sent);
          expect([400, 409], created.text).toContain(created.status);
          expect((await tenant.scim('GET', `/Users/${id}`)).text).not.toMatch(/"(__proto__|constructor|prototype|polluted|password)":/);
          expect(builtIns()).toEqual(before);
        }),
        { numRuns: FUZZ_RUNS },
      );
    },
    120_000 + FUZZ_RUNS * 100,
  );
});
