/** The doors that tokens open, for GraphQL. */
import { registerEnumType } from 'type-graphql';
import type { Audience } from '../domain/caller.js';

export const audiences: Readonly<Record<Uppercase<Audience>, Audience>> = { SCIM: 'scim', GRAPHQL: 'graphql', ADMIN: 'admin' };
registerEnumType(audiences, {
  name: 'TokenAudience',
  description: 'The door a token opens; it opens no other.',
  valuesConfig: {
    SCIM: { description: 'The SCIM facade: for identity providers.' },
    GRAPHQL: { description: 'This API: for tools of one tenant.' },
    ADMIN: { description: 'This API, for operators: tenants, not people.' },
  },
});
