/**
 * The peer: scimmy with scimmy-routers on Express, resources kept in two Maps. It stores nothing that outlives it, records no
 * changes and takes any token: what its handlers leave out makes it faster.
 */
import { randomUUID } from 'node:crypto';
import express from 'express';
import SCIMMY from 'scimmy';
import ScimmyRouters from 'scimmy-routers';
import { oktaUser } from './bodies.mjs';

const stores = { User: new Map(), Group: new Map() };
const userNames = new Map();
let seeded = new Set();

const absent = () => new SCIMMY.Types.Error(404, null, 'not found');

function read(store, resource) {
  if (resource.id) {
    return (
      store.get(resource.id) ??
      (() => {
        throw absent();
      })()
    );
  }
  const all = [...store.values()];
  if (resource.filter) return resource.filter.match(all);
  if (resource.constraints?.startIndex !== 1) return all;
  // Pages are cut here, not by the library: it would first build all five thousand answers.
  resource.constraints.totalResults = all.length;
  return all.slice(0, resource.constraints.count);
}

function write(store, resource, data) {
  const id = resource.id ?? randomUUID();
  const known = store.get(id);
  if (resource.id && !known) throw absent();
  const key = data.userName?.toLowerCase();
  if (key && (userNames.get(key) ?? id) !== id) throw new SCIMMY.Types.Error(409, 'uniqueness', 'taken');
  if (key) userNames.set(key, id);
  const now = new Date().toISOString();
  const saved = { ...data, id, meta: { created: known?.meta.created ?? now, lastModified: now } };
  store.set(id, saved);
  return saved;
}

for (const name of ['User', 'Group']) {
  SCIMMY.Resources.declare(SCIMMY.Resources[name])
    .egress((resource) => read(stores[name], resource))
    .ingress((resource, data) => write(stores[name], resource, data))
    .degress((resource) => void stores[name].delete(resource.id));
}

const withDates = (resource) => ({ ...resource, meta: { created: new Date().toISOString(), lastModified: new Date().toISOString() } });

const deeds = {
  seed: ({ users, groups }) => {
    for (const { id, userName } of users) {
      const { groups: _groups, password: _password, ...user } = oktaUser(userName, `00u${id}`);
      stores.User.set(id, withDates({ ...user, id }));
      userNames.set(userName.toLowerCase(), id);
    }
    for (const { id, displayName, members } of groups) {
      stores.Group.set(id, withDates({ id, displayName, members: members.map((value) => ({ value })) }));
    }
    seeded = new Set(stores.User.keys());
  },
  /** Forgets the users created since, so that the next find looks through as many as the first. */
  forget: () => {
    for (const [id, { userName }] of stores.User) {
      if (seeded.has(id)) continue;
      stores.User.delete(id);
      userNames.delete(userName.toLowerCase());
    }
  },
  membersOf: ({ id }) => ({ count: stores.Group.get(id).members?.length ?? 0 }),
};

process.on('message', ({ what, ...message }) => process.send(deeds[what](message) ?? {}));
process.on('disconnect', () => process.exit());

const app = express();
app.use('/scim', new ScimmyRouters({ type: 'bearer', handler: (request) => request.header('Authorization') && 'okta' }));
const server = app.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
