/** What the core tells of a change -> a Security Event Token (RFC 8417) as RFC 9967 writes it. */
import type { Json, JsonObject } from '../../schema/change.js';
import { heldIn } from '../../schema/held.js';
import { messages, relationOf, type ResourceType } from '../../schema/resources.js';
import { type EventKind, eventUris, externalIdIn, SUBGROUPS, turnOf } from '../../schema/security-events.js';
import type { TenantTypes } from '../../schema/tenant-types.js';
import { listOf } from './dialects.js';
import { differences } from './differences.js';
import { type Locate, presentRelation, presentWithoutRelation } from './present.js';
import { defaultProjection } from './projection.js';
import { toTag } from './versions.js';

/** A change record as the core tells it. */
export interface ToldEvent {
  readonly id: string;
  readonly at: string;
  readonly kind: string;
  readonly subjectId: string;
  readonly version: number | null;
  readonly externalId: string | null;
  readonly before: JsonObject | null;
  readonly after: JsonObject | null;
  readonly requestId: string;
}

/** Who tells, and whom. */
export interface Conversation {
  readonly types: TenantTypes;
  readonly locate: Locate;
  readonly audience: string;
}

type Operation = { readonly op: string; readonly path: string; readonly value?: Json };

/** The claims of the token. `iat` is when the change was made: a token that is told again is the same. */
export function toClaims(event: ToldEvent, { types, locate, audience }: Conversation): JsonObject {
  const type = event.kind.startsWith('USER') ? types.User : types.Group;
  const externalId = event.externalId ?? externalIdIn(event.after ?? {}, event.before ?? {});
  return {
    iss: locate(''),
    iat: Math.trunc(Date.parse(event.at) / 1000),
    jti: event.id,
    aud: [audience],
    txn: event.requestId,
    sub_id: { format: 'scim', uri: `${type.endpoint}/${event.subjectId}`, ...(externalId !== undefined && { externalId }) },
    events: eventsOf(event, type, locate),
  };
}

/** All events of one change are in one token (RFC 9967, section 2.1). */
function eventsOf(event: ToldEvent, type: ResourceType, locate: Locate): JsonObject {
  const kind = event.kind as EventKind;
  switch (kind) {
    case 'USER_CREATED':
    case 'GROUP_CREATED':
      return { [eventUris.created]: { ...versionOf(event), data: shown(event, event.after ?? {}, type, locate) } };
    case 'USER_DELETED':
    case 'GROUP_DELETED':
      return { [eventUris.deleted]: {} };
    case 'GROUP_MEMBERS_CHANGED':
      return patched(event, memberOperations(event, type, locate), [relationOf(type).name]);
    case 'USER_UPDATED':
    case 'GROUP_UPDATED':
      return { ...patched(event, operationsOf(event, type, locate), namesIn(event)), ...turned(event) };
    default:
      return kind satisfies never;
  }
}

const versionOf = ({ version }: ToldEvent): JsonObject => (version === null ? {} : { version: toTag(version) });

/**
 * A patch as it might have been sent; where nothing of it is shown any more (as of an extension that is no longer declared), the names of
 * what differed.
 */
function patched(event: ToldEvent, operations: readonly Operation[], attributes: readonly string[]): JsonObject {
  if (operations.length === 0) return { [eventUris.patchNoticed]: { ...versionOf(event), attributes } };
  return { [eventUris.patched]: { ...versionOf(event), data: { schemas: [messages.patchOp], Operations: operations } } };
}

const namesIn = ({ before, after }: ToldEvent): string[] => [...new Set([before, after].flatMap((values) => Object.keys(values ?? {})))];

function turned({ before, after }: ToldEvent): JsonObject {
  const turn = turnOf(before ?? {}, after ?? {});
  return turn ? { [eventUris[turn]]: {} } : {};
}

/** The resource, or what is said of it, as SCIM shows it. */
function shown({ subjectId, version, at }: ToldEvent, attributes: JsonObject, type: ResourceType, locate: Locate): JsonObject {
  const node = { id: subjectId, version: version ?? 1, createdAt: at, updatedAt: at, attributes, type: type.name };
  return presentWithoutRelation({ type, projection: defaultProjection(type) }, node, locate);
}

function operationsOf(event: ToldEvent, type: ResourceType, locate: Locate): Operation[] {
  const [before, after] = [event.before, event.after].map((values) => shown(event, values ?? {}, type, locate)) as [JsonObject, JsonObject];
  return differences(before, after, type).map(({ path, value }) =>
    value === undefined ? { op: 'remove', path } : { op: 'replace', path, value },
  );
}

/** Members who left, each by its filter, then those who joined. */
function memberOperations({ before, after }: ToldEvent, type: ResourceType, locate: Locate): Operation[] {
  const { name } = relationOf(type);
  const left = idsIn(before, name).map((id) => ({ op: 'remove', path: `${name}[value eq "${id}"]` }));
  const subgroups = new Set(idsIn(after, SUBGROUPS));
  const joined = idsIn(after, name).map((id) => ({ value: id, type: subgroups.has(id) ? 'Group' : 'User' }));
  if (joined.length === 0) return left;
  return [...left, { op: 'add', path: name, value: presentRelation(defaultProjection(type), joined, locate) }];
}

const idsIn = (values: JsonObject | null, name: string): string[] =>
  listOf((values && heldIn(values, name)) ?? null).filter((id) => typeof id === 'string');

const encode = (part: JsonObject): string => Buffer.from(JSON.stringify(part)).toString('base64url');
const HEADER = encode({ typ: 'secevent+jwt', alg: 'none' });

/**
 * An unsecured token (RFC 7519, section 6): what protects it is the connection that it is fetched over, and the token it is fetched with.
 */
export const toToken = (claims: JsonObject): string => `${HEADER}.${encode(claims)}.`;
