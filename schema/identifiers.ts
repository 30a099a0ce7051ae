/** How tools name one user or group besides by its id: values that its owner knows, of which some may be another's as well. */
import type { ResourceType } from './resources.js';

export interface Identifier {
  /** The caller's word for it. */
  readonly name: string;
  /** The attribute, in SCIM's notation. */
  readonly path: string;
  readonly description: string;
}

const externalId: Identifier = {
  name: 'externalId',
  path: 'externalId',
  description: 'The id of the identity provider, in its exact case.',
};

export const identifiers: Readonly<Record<ResourceType['name'], readonly Identifier[]>> = {
  User: [
    { name: 'userName', path: 'userName', description: 'The user name, in any case; no two users of a tenant share one.' },
    externalId,
    { name: 'email', path: 'emails.value', description: 'Any of the e-mail addresses, in any case.' },
    { name: 'displayName', path: 'displayName', description: 'The display name, in any case.' },
  ],
  Group: [
    {
      name: 'displayName',
      path: 'displayName',
      description: "The display name, in any case; no two groups share one unless the tenant's policies permit that.",
    },
    externalId,
  ],
};
