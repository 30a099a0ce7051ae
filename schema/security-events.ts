/** Security events of users and groups (RFC 9967), and how they are polled (RFC 8936). */
import type { ChangeKind } from './change-kinds.js';
import type { JsonObject } from './change.js';

const PROVISIONING = 'urn:ietf:params:scim:event:prov';

/** The events there are, by what has happened (RFC 9967, section 2.4). */
export const eventUris = {
  created: `${PROVISIONING}:create:full`,
  patched: `${PROVISIONING}:patch:full`,
  /** Where what differs is not shown any more. */
  patchNoticed: `${PROVISIONING}:patch:notice`,
  deleted: `${PROVISIONING}:delete`,
  activated: `${PROVISIONING}:activate`,
  deactivated: `${PROVISIONING}:deactivate`,
} as const;

/** The limits of polling. */
export const pollLimits = {
  /** Events in an answer where nothing is said, and at the most. */
  events: { default: 100, max: 1000 },
  /** Events that one poll acknowledges. */
  acknowledged: 10_000,
  /** Receivers of a tenant. */
  receivers: 10,
} as const;

/** The kinds of change records that events are made of. */
export const eventKinds = [
  'USER_CREATED',
  'USER_UPDATED',
  'USER_DELETED',
  'GROUP_CREATED',
  'GROUP_UPDATED',
  'GROUP_MEMBERS_CHANGED',
  'GROUP_DELETED',
] as const satisfies readonly ChangeKind[];
export type EventKind = (typeof eventKinds)[number];

/** Names of receivers: part of an address, so nothing that would have to be escaped there. */
export const isReceiverName = (name: string): boolean => /^[A-Za-z0-9._-]{1,64}$/.test(name) && !/^\.{1,2}$/.test(name);

/** What a name of a receiver must be, for who sends another. */
export const RECEIVER_SENTENCE =
  'The name of a receiver is 1 to 64 letters, digits, dots, hyphens and underscores, and not only one or two dots.';

/** Whether a user was turned on or off, by what differed of them; undefined where neither. */
export function turnOf(before: JsonObject, after: JsonObject): 'activated' | 'deactivated' | undefined {
  const [was, is] = [before['active'], after['active']];
  if (typeof is !== 'boolean' || was === is) return undefined;
  return is ? 'activated' : 'deactivated';
}

/**
 * The id that the identity provider gave the subject, where what differed shows it: one that was just taken away, or that of a record which
 * does not say.
 */
export const externalIdIn = (...values: readonly JsonObject[]): string | undefined =>
  values.map(({ externalId }) => externalId).find((value) => typeof value === 'string');

/** Where a change record says which of the members are groups. */
export const SUBGROUPS = 'subgroups';
