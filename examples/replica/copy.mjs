// The copy in memory: users and groups by their ids, as `{ version, attributes }`, groups with a set of the ids of their members.

export const emptyCopy = () => ({ users: new Map(), groups: new Map() });

const resourcesOf = (copy, { subjectType }) => (subjectType === 'USER' ? copy.users : copy.groups);

/** Takes a record of the feed into the copy. To take it again, or one that the copy holds already, does no harm. */
export function apply(copy, change) {
  if (change.subjectType !== 'USER' && change.subjectType !== 'GROUP') return;
  const resources = resourcesOf(copy, change);
  if (change.kind.endsWith('_DELETED')) return void resources.delete(change.subjectId);
  if (change.kind.endsWith('_CREATED') && !resources.has(change.subjectId)) {
    return void resources.set(change.subjectId, {
      version: change.version,
      attributes: change.after,
      ...(change.subjectType === 'GROUP' && { members: new Set() }),
    });
  }
  const resource = resources.get(change.subjectId);
  // Unknown: deleted since, and its records end with the deletion. A later version: listed after the change.
  if (!resource || change.version < resource.version) return;
  resource.version = change.version;
  if (change.kind === 'GROUP_MEMBERS_CHANGED') moveMembers(resource, change);
  else rewrite(resource, change);
}

function moveMembers({ members }, { before, after }) {
  for (const id of before.members) members.delete(id);
  for (const id of after.members) members.add(id);
}

function rewrite(resource, { before, after }) {
  const attributes = { ...resource.attributes };
  for (const name of Object.keys({ ...before, ...after })) {
    if (after[name] === undefined) delete attributes[name];
    else attributes[name] = after[name];
  }
  resource.attributes = attributes;
}

/** The copy as lines of JSON, one for each user and group; and the way back. */
export function* linesOf(copy) {
  for (const [id, user] of copy.users) yield JSON.stringify({ user: { id, ...user } });
  for (const [id, group] of copy.groups) yield JSON.stringify({ group: { id, ...group, members: [...group.members] } });
}

export function addLine(copy, line) {
  const { user, group } = JSON.parse(line);
  if (user) copy.users.set(user.id, { version: user.version, attributes: user.attributes });
  if (group) copy.groups.set(group.id, { version: group.version, attributes: group.attributes, members: new Set(group.members) });
}
