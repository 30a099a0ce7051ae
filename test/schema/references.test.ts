/** Where resources are named: there Bulk may write `bulkId:…`, and text is text everywhere else. */
import { expect, it } from 'vitest';
import { complex, many, reference, string } from '../../schema/attribute.js';
import type { Json, JsonObject } from '../../schema/change.js';
import { formatPath, parsePath } from '../../schema/path.js';
import { pathWithReferences, withReferences, withReferencesAt } from '../../schema/references.js';
import { groupResource, type ResourceType, userResource } from '../../schema/resources.js';
import { ENTERPRISE } from './kinds.js';

const ACME = 'urn:example:acme';
const user: ResourceType = {
  ...userResource,
  extensions: [
    ...userResource.extensions,
    {
      id: ACME,
      name: 'Acme',
      description: 'Acme.',
      attributes: [
        reference('buddy', 'A user.', ['User']),
        many(reference('teams', 'Groups and addresses.', ['external', 'Group'])),
        reference('page', 'An address.', ['external']),
        { ...reference('any', 'To anything.', []), referenceTypes: undefined },
        string('value', 'Text.'),
        complex('desk', 'A desk.', [reference('owner', 'A user.', ['User']), string('value', 'Text.')]),
      ],
    },
  ],
};

const toId = (text: string) => (text === 'ref' ? 'ID' : text);

it.each<[string, ResourceType, JsonObject, JsonObject]>([
  [
    'members',
    groupResource,
    { members: [{ value: 'ref', type: 'ref' }, 'ref', { value: 'x' }], displayName: 'ref', externalId: 'ref' },
    { members: [{ value: 'ID', type: 'ref' }, 'ID', { value: 'x' }], displayName: 'ref', externalId: 'ref' },
  ],
  [
    'the manager',
    user,
    { [ENTERPRISE]: { manager: { value: 'ref', displayName: 'ref' }, department: 'ref' } },
    { [ENTERPRISE]: { manager: { value: 'ID', displayName: 'ref' }, department: 'ref' } },
  ],
  [
    'the manager, however it is spelled',
    user,
    { [ENTERPRISE.toUpperCase()]: { Manager: { VALUE: 'ref' } } },
    { [ENTERPRISE.toUpperCase()]: { Manager: { VALUE: 'ID' } } },
  ],
  [
    'no other values',
    user,
    {
      userName: 'ref',
      title: 'ref',
      profileUrl: 'ref',
      emails: [{ value: 'ref' }],
      photos: [{ value: 'ref' }],
      name: { givenName: 'ref' },
    },
    {
      userName: 'ref',
      title: 'ref',
      profileUrl: 'ref',
      emails: [{ value: 'ref' }],
      photos: [{ value: 'ref' }],
      name: { givenName: 'ref' },
    },
  ],
  [
    "references of a tenant's own",
    user,
    { [ACME]: { buddy: 'ref', teams: ['ref', 'x'], page: 'ref', any: 'ref', value: 'ref', desk: { owner: 'ref', value: 'ref' } } },
    { [ACME]: { buddy: 'ID', teams: ['ID', 'x'], page: 'ref', any: 'ID', value: 'ref', desk: { owner: 'ID', value: 'ref' } } },
  ],
  [
    'nothing that nobody has declared',
    user,
    { colour: 'ref', 'urn:example:x': { manager: { value: 'ref' } }, active: true, title: null },
    { colour: 'ref', 'urn:example:x': { manager: { value: 'ref' } }, active: true, title: null },
  ],
])('in a document: %s', (_, type, document, expected) => expect(withReferences(type, document, toId)).toEqual(expected));

it.each<[string, ResourceType, Json, Json]>([
  ['members', groupResource, ['ref', { value: 'ref' }], ['ID', { value: 'ID' }]],
  ['members', groupResource, 'ref', 'ID'],
  ['displayName', groupResource, 'ref', 'ref'],
  [`${ENTERPRISE}:manager`, user, { value: 'ref' }, { value: 'ID' }],
  [`${ENTERPRISE}:manager.value`, user, 'ref', 'ID'],
  [`${ENTERPRISE}:division`, user, 'ref', 'ref'],
  [ENTERPRISE, user, { manager: { value: 'ref' }, division: 'ref' }, { manager: { value: 'ID' }, division: 'ref' }],
  [`${ACME}:teams`, user, ['ref'], ['ID']],
  ['emails', user, [{ value: 'ref' }], [{ value: 'ref' }]],
  ['emails[type eq "work"].value', user, 'ref', 'ref'],
  ['title', user, null, null],
])('in a change of %s', (path, type, value, expected) => expect(withReferencesAt(parsePath(type, path), value, toId)).toEqual(expected));

it.each<[ResourceType, string, string]>([
  [groupResource, 'members[value eq "ref"]', 'members[value eq "ID"]'],
  [
    groupResource,
    'members[type eq "ref" or not (value eq "ref" and display eq "ref")]',
    'members[type eq "ref" or not (value eq "ID" and display eq "ref")]',
  ],
  [user, 'emails[value eq "ref"].type', 'emails[value eq "ref"].type'],
  [user, `${ENTERPRISE}:manager[value eq "ref"].value`, `${ENTERPRISE}:manager[value eq "ID"].value`],
  [user, 'title', 'title'],
  [user, ENTERPRISE, ENTERPRISE],
])('in a path of %#: %s', (type, path, expected) => expect(formatPath(pathWithReferences(parsePath(type, path), toId))).toBe(expected));
