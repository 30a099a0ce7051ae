/** The page that is printed when everything runs: what a person needs next, ready to be copied. */
import { SCIM_BASE_PATH, TOKEN_PATH } from '../../schema/resources.js';
import { type Credentials, credentialsFile } from './credentials.js';
import type { Configs } from './config.js';

/** The addresses to give to others. */
export interface Addresses {
  readonly publicUrl: string;
  readonly graphqlUrl: string;
}

/** A line of the page; none where there is nothing to tell. */
const row = (name: string, value: string | undefined): string[] => (value ? [`  ${name.padEnd(16)}${value}`] : []);

function setUp({ identity, dataDirectory }: Configs): string {
  const database =
    identity.database.kind === 'postgresql'
      ? 'PostgreSQL'
      : `the embedded database in ${dataDirectory} (to try things out, not for production)`;
  return `Condeco identity runs on ${database}, with its token cache in ${identity.redisUrl ? 'Redis' : 'this process'}.`;
}

const doors = ({ publicUrl, graphqlUrl }: Addresses, credentials: Partial<Credentials>): string[] => [
  `SCIM, for Okta and other identity providers${credentials.tenant ? ` of tenant ${credentials.tenant}` : ''}`,
  ...row('Base URL', `${publicUrl}${SCIM_BASE_PATH}/`),
  ...row('Token', credentials.scimToken),
  ...row('Token provider', `${publicUrl}${TOKEN_PATH}`),
  ...row('Client id', credentials.clientId),
  ...row('Client secret', credentials.clientSecret),
  '',
  'GraphQL, for tools',
  ...row('URL', graphqlUrl),
  ...row('Token', credentials.graphqlToken),
  ...row('Admin token', credentials.adminToken && `${credentials.adminToken} (manages tenants)`),
];

const QUERY = '{ users(first: 2) { totalCount nodes { userName } } }';

const tryIt = ({ publicUrl, graphqlUrl }: Addresses, { scimToken, graphqlToken }: Credentials, directory: string): string[] => [
  'Try it',
  `  curl -H 'Authorization: Bearer ${scimToken}' '${publicUrl}${SCIM_BASE_PATH}/Users?startIndex=1&count=2'`,
  `  curl -H 'Authorization: Bearer ${graphqlToken}' -H 'Content-Type: application/json' ${graphqlUrl} \\`,
  `    -d '${JSON.stringify({ query: QUERY })}'`,
  '',
  `The secrets are kept in ${credentialsFile(directory)}, which only you may read. Ctrl-C stops.`,
];

/** The page. Without credentials, as in production, where standard output ends up in a log, it holds no secret. */
export function announcement(configs: Configs, where: Addresses, credentials?: Credentials): string {
  const lines = ['', setUp(configs), '', ...doors(where, credentials ?? {}), ''];
  if (credentials) lines.push(...tryIt(where, credentials, configs.dataDirectory), '');
  return `${lines.join('\n')}\n`;
}
