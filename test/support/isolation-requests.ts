/**
 * Every SCIM request that can carry somebody's id, made from the facade's routes: a route that is added is in here, or it is told that it
 * is not.
 */
import { type Route, routes } from '../../gateway/routes.js';
import { messages, type ResourceType, SCIM_BASE_PATH, TOKEN_PATH, TOKEN_SCANNING_PATH } from '../../schema/resources.js';
import { ENTERPRISE, filtered, GROUP, groupBody, patchOp, SEARCH, USER } from './scim.js';

export type ScimRequest = readonly [method: string, path: string, body?: object, headers?: Record<string, string>];

/** What is ours, and what has to do with the other tenant besides the ids. */
export interface Setting {
  readonly ourUser: string;
  readonly ourGroup: string;
  readonly theirEtag: string;
}

export interface IdRequest {
  readonly name: string;
  readonly send: (id: string, setting: Setting) => ScimRequest;
}

const isUser = (type: ResourceType) => type.name === 'User';

/** A body that names the id wherever a body can. */
const bodyOf = (type: ResourceType, id: string, { ourUser }: Setting) =>
  isUser(type)
    ? {
        schemas: [USER],
        id,
        userName: `made-${id}@x.com`,
        externalId: id,
        groups: [{ value: id }],
        meta: { location: id },
        [ENTERPRISE]: { manager: { value: id, $ref: `../Users/${id}` } },
      }
    : groupBody(`made-${id}`, [ourUser, id], { id, externalId: id });

const rename = patchOp({ op: 'replace', path: 'displayName', value: 'Taken over' });

/** Writes to a resource of this type; what is written is ours, with and without the id in it. */
function bodies(type: ResourceType): readonly [name: string, body: (id: string, setting: Setting) => object][] {
  const member = (id: string) => ({ value: id, type: 'User' });
  return isUser(type)
    ? [
        ['', (id, setting) => bodyOf(type, id, setting)],
        ['plain', () => ({ schemas: [USER], userName: 'plain@x.com' })],
      ]
    : [
        ['', (id, setting) => bodyOf(type, id, setting)],
        ['emptied', () => groupBody('Taken over', [])],
        ['our member', (_, { ourUser }) => groupBody('Taken over', [ourUser])],
        ['as a user', (id) => ({ schemas: [GROUP], displayName: `made-${id}`, members: [member(id)] })],
        ['as a group', (id) => ({ schemas: [GROUP], displayName: `made-${id}`, members: [{ ...member(id), type: 'Group' }] })],
      ];
}

function patches(type: ResourceType): readonly [name: string, body: (id: string, setting: Setting) => object][] {
  const ofUsers: typeof groupPatches = [
    ['deactivated', () => patchOp({ op: 'replace', value: { active: false } })],
    ['manager', (id) => patchOp({ op: 'replace', path: `${ENTERPRISE}:manager`, value: id })],
    ['user name', (id) => patchOp({ op: 'replace', path: 'userName', value: `patched-${id}` })],
  ];
  const groupPatches: readonly [string, (id: string, setting: Setting) => object][] = [
    ['our member', (_, { ourUser }) => patchOp({ op: 'add', path: 'members', value: [{ value: ourUser }] })],
    ['add', (id) => patchOp({ op: 'add', path: 'members', value: [{ value: id }] })],
    ['replace', (id) => patchOp({ op: 'replace', path: 'members', value: [{ value: id }] })],
    ['remove', (id) => patchOp({ op: 'remove', path: `members[value eq "${id}"]` })],
    ['remove by list', (id) => patchOp({ op: 'remove', path: 'members', value: [{ value: id }] })],
    ['nobody', () => patchOp({ op: 'replace', path: 'members', value: [] })],
  ];
  return [
    ['renamed', () => rename],
    ['external id', (id) => patchOp({ op: 'add', path: 'externalId', value: id })],
    ...(isUser(type) ? ofUsers : groupPatches),
  ];
}

const filtersOf = (id: string) => [
  `id eq "${id}"`,
  `externalId eq "${id}"`,
  `not (id ne "${id}")`,
  `meta.location co "${id}"`,
  `id pr and id eq "${id}"`,
  `id gt "${id}" and id le "${id}"`,
  `displayName eq "made-${id}"`,
  `groups eq "${id}"`,
  `groups[value eq "${id}"]`,
  `groups.value co "${id}"`,
  `groups.$ref co "${id}"`,
  `members eq "${id}"`,
  `members[value eq "${id}" and type eq "User"]`,
  `members.value sw "${id}"`,
  `userName eq "made-${id}@x.com"`,
  `${ENTERPRISE}:manager.value eq "${id}"`,
];

const pathOf = ({ path }: Route) => path.slice(SCIM_BASE_PATH.length);

function listRequests(route: Route): IdRequest[] {
  const path = pathOf(route);
  const count = filtersOf('').length;
  if (route.method === 'GET') {
    return Array.from({ length: count }, (_, at) => ({
      name: `filter ${filtersOf('…')[at]}`,
      send: (id) => ['GET', filtered(path || '/', filtersOf(id)[at]!)],
    }));
  }
  return Array.from({ length: count }, (_, at) => ({
    name: `filter ${filtersOf('…')[at]}`,
    send: (id) => ['POST', path, { schemas: [SEARCH], filter: filtersOf(id)[at] }],
  }));
}

function resourceRequests(route: Route, type: ResourceType): IdRequest[] {
  const { method } = route;
  const path = pathOf(route);
  const at = (id: string) => path.replace('{id}', id);
  const own = (setting: Setting) => (isUser(type) ? setting.ourUser : setting.ourGroup);
  const one = (name: string, send: IdRequest['send']): IdRequest => ({ name, send });
  const withVersions = (name: string, body?: (id: string, setting: Setting) => object): IdRequest[] => [
    one(name, (id, setting) => [method, at(id), body?.(id, setting)]),
    one(`${name}, at their version`, (id, setting) => [method, at(id), body?.(id, setting), { 'if-match': setting.theirEtag }]),
    one(`${name}, at a wrong version`, (id, setting) => [method, at(id), body?.(id, setting), { 'if-match': 'W/"77"' }]),
    one(`${name}, tried`, (id, setting) => [method, at(id), body?.(id, setting), { prefer: 'dry-run' }]),
    one(`${name}, under a key`, (id, setting) => [method, at(id), body?.(id, setting), { 'idempotency-key': `${name}-${id}` }]),
  ];
  switch (method) {
    case 'POST':
      return bodies(type).map(([name, body]) =>
        one(name, (id, setting) => ['POST', path, { ...body(id, setting), ...(name === 'plain' && { userName: `plain-${id}` }) }]),
      );
    case 'GET':
      return [
        one('', (id) => ['GET', at(id)]),
        one('with the relation', (id) => ['GET', `${at(id)}?attributes=groups,members`]),
        one('if changed', (id, { theirEtag }) => ['GET', at(id), undefined, { 'if-none-match': theirEtag }]),
        one('head', (id) => ['HEAD', at(id)]),
      ];
    case 'DELETE':
      return withVersions('delete');
    case 'PUT':
      return [
        ...bodies(type).flatMap(([name, body]) => withVersions(`put ${name}`, body)),
        one('ours, with the id in it', (id, setting) => [
          'PUT',
          at(own(setting)),
          { ...bodyOf(type, id, setting), ...(isUser(type) && { userName: 'ours@x.com' }) },
        ]),
      ];
    case 'PATCH':
      return [
        ...patches(type).flatMap(([name, body]) => withVersions(`patch ${name}`, body)),
        ...patches(type).map(([name, body]) =>
          one(`ours: ${name}`, (id, setting) => ['PATCH', at(own(setting)), body(id, setting), { prefer: 'dry-run' }]),
        ),
      ];
    default:
      throw new Error(`Say in test/support/isolation-requests.ts what ${method} ${path} may carry.`);
  }
}

function bulkRequests(route: Route): IdRequest[] {
  const operations = (id: string, setting: Setting) =>
    ['/Users', '/Groups'].flatMap((path, at) => {
      const [type] = routes.flatMap((one) => (one.about === 'resource' && pathOf(one) === path ? [one.type] : [])) as [ResourceType];
      const [patch] = patches(type).slice(-1) as [[string, (id: string, setting: Setting) => object]];
      return [
        { method: 'PUT', path: `${path}/${id}`, data: bodyOf(type, id, setting) },
        { method: 'PATCH', path: `${path}/${id}`, data: patch[1](id, setting) },
        {
          method: 'PATCH',
          path: `${path}/${at === 0 ? setting.ourUser : setting.ourGroup}`,
          data: patchOp({ op: 'add', path: 'externalId', value: `bulk-${id}` }),
        },
        { method: 'DELETE', path: `${path}/${id}` },
        {
          method: 'POST',
          path,
          bulkId: `new-${at}`,
          data: { ...bodyOf(type, id, setting), ...(at === 0 ? { userName: `bulk-${id}` } : { displayName: `bulk-${id}` }) },
        },
      ];
    });
  const send =
    (headers: Record<string, string>): IdRequest['send'] =>
    (id, setting) => ['POST', pathOf(route), { schemas: [messages.bulkRequest], Operations: operations(id, setting) }, headers];
  return [
    { name: 'every operation', send: send({}) },
    { name: 'every operation, tried', send: send({ prefer: 'dry-run' }) },
  ];
}

/** What a route says about the service itself, and those that refuse: the id is in the address. */
function plainRequests(route: Route): IdRequest[] {
  const path = pathOf(route);
  const isKnown = route.method === 'GET' || /^\/Me\b/.test(path);
  if (!isKnown) throw new Error(`Say in test/support/isolation-requests.ts what ${route.method} ${path} may carry.`);
  return [
    {
      name: '',
      send: (id) => [
        route.method,
        path.includes('{id}') ? path.replace('{id}', id) : `${path}?id=${id}`,
        ['GET', 'DELETE', 'OPTIONS'].includes(route.method) ? undefined : { id },
      ],
    },
  ];
}

/** Who polls may call itself as somebody else does, and acknowledge anything. */
function eventRequests(route: Route): IdRequest[] {
  const poll = (id: string) => ({
    returnImmediately: true,
    maxEvents: 0,
    ack: [id],
    setErrs: { [id]: { err: 'invalid_request', description: id } },
  });
  return [{ name: '', send: (id) => [route.method, pathOf(route).replace('{id}', id), route.method === 'POST' ? poll(id) : undefined] }];
}

function requestsOf(route: Route): IdRequest[] {
  if (route.about === 'list') return listRequests(route);
  if (route.about === 'resource') return resourceRequests(route, route.type);
  if (route.about === 'bulk') return bulkRequests(route);
  return pathOf(route).startsWith('/Events/') ? eventRequests(route) : plainRequests(route);
}

/**
 * Routes without a tenant: the probes; the token provider, which tells nobody who is who (tokens.test.ts); and scanners, who hold what they
 * report.
 */
const OPEN = [TOKEN_PATH, TOKEN_SCANNING_PATH, '/livez', '/startupz', '/readyz'];

/** Each route with its requests. */
export const idRequests: readonly (readonly [route: string, requests: readonly IdRequest[]])[] = routes
  .filter(({ path }) => !OPEN.includes(path))
  .map((route) => [`${route.method} ${pathOf(route) || '/'}`, requestsOf(route)]);

/** Where pages are asked for by the cursor of another's list. */
export const cursorPaths = routes.filter(({ about, method }) => about === 'list' && method === 'GET').map((route) => pathOf(route) || '/');
