/** What can be asked about users and about groups: attributes to filter by, keys to sort by, names to show. For tests only. */
import fc from 'fast-check';
import {
  type Attribute,
  binary,
  brackets,
  bracketsGoingOn,
  caseless,
  combined,
  comparedWithOwn,
  each,
  exact,
  type Filter,
  flag,
  inAnyCase,
  inside,
  instant,
  type Item,
  type Kind,
  leafOf,
  listOf,
  objectOf,
  single,
} from './query-model.js';
import { kindAttributes, kindKeys, kindNames, pets } from './query-kinds.js';
import { type Key, keyInside, keyOf, keyOfPrimary, type Name } from './query-lists.js';
import type { Company } from './query-people.js';
import { CONDECO, ENTERPRISE, GROUP, USER } from './scim.js';

/** The users or the groups of a company, and how they can be asked for. */
export interface Subject {
  readonly endpoint: '/Users' | '/Groups';
  readonly items: readonly Item[];
  readonly filter: fc.Arbitrary<Filter>;
  readonly keys: readonly Key[];
  readonly names: readonly Name[];
}

/** An attribute of the resource's own schema may be written with the URN before it (RFC 7644, 3.10). */
const own = (urn: string, name: string) => [...inAnyCase(name), `${urn}:${name}`, `${urn.toUpperCase()}:${name.toLowerCase()}`];
/** One of an extension must be, and is understood without. */
const ofExtension = (urn: string, name: string) => [`${urn}:${name}`, `${urn}:${name}`, `${urn.toLowerCase()}:${name.toUpperCase()}`, name];
const anyCaseOf = (...names: string[]) => names.flatMap(inAnyCase);

const common: readonly Attribute[] = [
  single('id', caseless, inAnyCase('id')),
  single('externalId', exact, inAnyCase('externalId')),
  inside('meta', 'created', instant, inAnyCase('meta.created')),
  inside('meta', 'lastModified', instant, inAnyCase('meta.lastModified')),
  inside('meta', 'version', exact),
  inside('meta', 'resourceType', exact),
  { spellings: ['schemas'], kind: exact, isMany: true, read: (from) => from['schemas'] as string[] },
];
const commonKeys: readonly Key[] = [
  keyOf('id', true),
  keyOf('externalId', true),
  keyInside('meta', 'created', true, inAnyCase('meta.created')),
  keyInside('meta', 'lastModified', true),
  keyInside('meta', 'version', true),
];
const commonNames: readonly Name[] = [
  { spelling: 'id', attribute: 'id' },
  { spelling: 'meta', attribute: 'meta' },
  { spelling: 'meta.created', attribute: 'meta', sub: 'created' },
  { spelling: 'EXTERNALID', attribute: 'externalId' },
  { spelling: 'schemas', attribute: 'schemas' },
  { spelling: 'password', attribute: 'password' },
  { spelling: 'colour', attribute: 'colour' },
];

/** An attribute with many values: the kinds of its sub-attributes, and whether it stands for its `value`. */
interface Many {
  readonly owner: string;
  readonly subs: Readonly<Record<string, Kind>>;
  readonly aliases?: readonly string[];
}
const usual = (value = caseless) => ({ value, display: caseless, type: caseless, primary: flag });
const lists: readonly Many[] = [
  { owner: 'emails', subs: usual() },
  { owner: 'emails', subs: usual() },
  { owner: 'roles', subs: usual() },
  { owner: 'phoneNumbers', subs: usual() },
  { owner: 'ims', subs: usual() },
  { owner: 'photos', subs: usual(exact) },
  { owner: 'x509Certificates', subs: usual(binary) },
  { owner: 'addresses', subs: { locality: caseless, country: caseless, type: caseless, primary: flag }, aliases: ['address'] },
  { owner: 'groups', subs: { value: caseless, display: caseless, type: caseless } },
];
const members: Many = { owner: 'members', subs: { value: caseless, display: caseless, type: caseless } };

/** Attributes of a list as a whole, and filters in brackets, both compared with what the items really have. */
function ofMany(
  named: (path: string) => readonly string[],
  { owner, subs, aliases = [] }: Many,
  items: readonly Item[],
  of: (item: Item) => Item = (item) => item,
): fc.Arbitrary<Filter> {
  const owners = [...named(owner), ...aliases];
  const elements = (item: Item) => listOf(of(item)[owner]);
  const outside = Object.entries(subs).map(([sub, kind]) => {
    const attribute = each(owner, sub, kind, [
      ...named(`${owner}.${sub}`),
      ...aliases.map((alias) => `${alias}.${sub}`),
      ...(sub === 'value' ? [owner] : []),
    ]);
    return { ...attribute, read: (item: Item) => attribute.read(of(item)) };
  });
  const within = Object.entries(subs).map(([sub, kind]) => comparedWithOwn(single(sub, kind, inAnyCase(sub)), items.flatMap(elements)));
  return fc.oneof(
    leafOf(outside.map((attribute) => comparedWithOwn(attribute, items))),
    brackets(owners, elements, within),
    bracketsGoingOn(owners, elements, within),
  );
}

/** Brackets after an attribute of one value: its absence is an element without anything. */
const ofOne = (spellings: readonly string[], read: (from: Item) => Item, subs: readonly Attribute[], items: readonly Item[]) =>
  brackets(
    spellings,
    (from) => [read(from)],
    subs.map((sub) => comparedWithOwn(sub, items.map(read))),
  );

const text = (urn: string, ...names: string[]) => names.map((name) => single(name, caseless, own(urn, name)));
const extension = (urn: string, ...names: string[]) => names.map((name) => inside(urn, name, caseless, ofExtension(urn, name)));
const manager = (from: Item) => objectOf(objectOf(from[ENTERPRISE])['manager']);

const userAttributes: readonly Attribute[] = [
  ...common,
  ...text(USER, 'userName', 'displayName', 'nickName', 'title', 'userType'),
  single('preferredLanguage', caseless, ['preferredLanguage', 'preferedLanguage']),
  single('profileUrl', exact, own(USER, 'profileUrl')),
  single('active', flag, own(USER, 'active')),
  ...['formatted', 'familyName', 'givenName', 'middleName'].map((sub) => inside('name', sub, caseless, own(USER, `name.${sub}`))),
  ...extension(ENTERPRISE, 'department', 'costCenter', 'division'),
  ...extension(CONDECO, 'group', 'floor', 'businessCategory'),
  {
    spellings: [...ofExtension(ENTERPRISE, 'manager'), ...ofExtension(ENTERPRISE, 'manager.value')],
    kind: caseless,
    isMany: false,
    read: (from) => [manager(from)['value'] as string | undefined],
  },
];

/** Whether an attribute with parts is there at all. */
const isThere = (spelling: string, read: (from: Item) => unknown): fc.Arbitrary<Filter> =>
  fc
    .tuple(fc.constantFrom(...inAnyCase(spelling)), fc.constantFrom(' pr', ' ne null', ' eq null'))
    .map(([path, rest]) => ({ text: path + rest, holds: (from) => (read(from) !== undefined) === (rest !== ' eq null') }));

export function usersOf({ users: items }: Company): Subject {
  const subs = ['familyName', 'givenName', 'formatted'].map((sub) => single(sub));
  return {
    endpoint: '/Users',
    items,
    filter: combined(
      fc.oneof(
        { weight: 4, arbitrary: leafOf(userAttributes.map((attribute) => comparedWithOwn(attribute, items))) },
        { weight: 4, arbitrary: fc.oneof(...lists.map((many) => ofMany((path) => own(USER, path), many, items))) },
        {
          weight: 3,
          arbitrary: fc.oneof(
            leafOf(kindAttributes.map((attribute) => comparedWithOwn(attribute, items))),
            ofMany(pets.named, pets.many, items, pets.of),
          ),
        },
        { weight: 1, arbitrary: ofOne(own(USER, 'name'), (from) => objectOf(from['name']), subs, items) },
        { weight: 1, arbitrary: ofOne(ofExtension(ENTERPRISE, 'manager'), manager, [single('value')], items) },
        {
          weight: 1,
          arbitrary: fc.oneof(
            isThere('name', (from) => from['name']),
            isThere('meta', (from) => from['meta']),
            isThere('addresses', (from) => from['addresses']),
            isThere('groups', (from) => from['groups']),
            isThere(`${ENTERPRISE}:manager`, (from) => objectOf(from[ENTERPRISE])['manager']),
          ),
        },
      ),
    ),
    keys: [
      ...commonKeys,
      ...kindKeys,
      ...['userName', 'displayName', 'nickName', 'title', 'userType'].map((name) => keyOf(name, false, own(USER, name))),
      keyOf('active'),
      keyOf('profileUrl', true),
      keyOf('preferredLanguage'),
      keyInside('name', 'familyName'),
      keyInside('name', 'givenName'),
      keyInside('name', 'middleName'),
      keyInside(ENTERPRISE, 'department', false, ofExtension(ENTERPRISE, 'department')),
      keyInside(CONDECO, 'floor', false, ofExtension(CONDECO, 'floor')),
      { spellings: ofExtension(ENTERPRISE, 'manager.value'), of: (item) => keyOf('value').of(manager(item)) },
      keyOfPrimary('emails', 'value', false, [...own(USER, 'emails.value'), 'emails']),
      keyOfPrimary('emails', 'type'),
      keyOfPrimary('emails', 'primary'),
      keyOfPrimary('roles', 'value', false, ['roles', 'roles.value']),
      keyOfPrimary('addresses', 'country', false, ['addresses.country', 'address.country']),
      keyOfPrimary('addresses', 'locality'),
      keyOfPrimary('photos', 'value', true),
      keyOfPrimary('x509Certificates', 'value', true),
    ],
    names: [
      ...commonNames,
      ...kindNames,
      ...['userName', 'title', 'name', 'emails', 'addresses', 'groups', 'active'].flatMap((attribute) =>
        own(USER, attribute).map((spelling) => ({ spelling, attribute })),
      ),
      ...['name.givenName', 'emails.value', 'emails.primary', 'addresses.type', 'groups.display', 'groups.$ref'].map((spelling) => ({
        spelling,
        attribute: spelling.split('.')[0]!,
        sub: spelling.split('.')[1]!,
      })),
      { spelling: ENTERPRISE, urn: ENTERPRISE },
      { spelling: CONDECO.toLowerCase(), urn: CONDECO },
      ...anyCaseOf(`${ENTERPRISE}:department`, 'department').map((spelling) => ({ spelling, urn: ENTERPRISE, attribute: 'department' })),
      { spelling: `${ENTERPRISE}:manager.value`, urn: ENTERPRISE, attribute: 'manager', sub: 'value' },
    ],
  };
}

export function groupsOf({ groups: items }: Company): Subject {
  const attributes = [...common, ...text(GROUP, 'displayName')];
  return {
    endpoint: '/Groups',
    items,
    filter: combined(
      fc.oneof(
        leafOf(attributes.map((attribute) => comparedWithOwn(attribute, items))),
        ofMany((path) => own(GROUP, path), members, items),
        isThere('members', (from) => from['members']),
      ),
    ),
    keys: [...commonKeys, keyOf('displayName', false, own(GROUP, 'displayName'))],
    names: [
      ...commonNames,
      ...own(GROUP, 'displayName').map((spelling) => ({ spelling, attribute: 'displayName' })),
      ...own(GROUP, 'members').map((spelling) => ({ spelling, attribute: 'members' })),
      { spelling: 'members.value', attribute: 'members', sub: 'value' },
      { spelling: 'members.type', attribute: 'members', sub: 'type' },
    ],
  };
}
