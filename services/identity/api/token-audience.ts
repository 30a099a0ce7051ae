/** The doors that tokens open, for GraphQL. */
import type { Audience } from '../domain/caller.js';
import { enumOf, inCapitals } from './enums.js';

export const audiences = enumOf<Audience>(
  'TokenAudience',
  'The door a token opens; it opens no other.',
  {
    scim: 'The SCIM facade: for identity providers.',
    graphql: 'This API: for tools of one tenant.',
    admin: 'This API, for operators: tenants, not people.',
  },
  inCapitals,
);
