/** How tests speak about tokens in GraphQL. */
import { expect } from 'vitest';
import { exchange } from './http.js';
import { type GraphQLResult, type Tenant, world } from './world.js';

export const TOKEN_FIELDS = `id name description state audience scopes allowedNetworks clientId createdBy { tokenId clientId } family rotatedFrom rotatedTo
  createdAt expiresAt revokedAt lastUsedAt lastUsed { at address userAgent }`;

const mutations = {
  createToken: `mutation ($input: CreateTokenInput!) { createToken(input: $input) { accessToken expiresIn token { ${TOKEN_FIELDS} } userErrors { code field message } } }`,
  rotateToken: `mutation ($input: RotateTokenInput!) { rotateToken(input: $input) { accessToken expiresIn token { ${TOKEN_FIELDS} } previous { ${TOKEN_FIELDS} } userErrors { code field message } } }`,
  revokeToken:
    'mutation ($input: RevokeTokenInput!) { revokeToken(input: $input) { revokedId effectiveAt userErrors { code field message } } }',
  revokeTokens:
    'mutation ($input: RevokeTokensInput!) { revokeTokens(input: $input) { revoked effectiveAt userErrors { code field message } } }',
  updateTokenPolicy: `mutation ($input: UpdateTokenPolicyInput!) { updateTokenPolicy(input: $input) {
    policy { maxLifetime allowedNetworks maxLiveTokens inactivityDays } shortened userErrors { code field message } } }`,
};

/** An operator makes a token for the tenant of an id. */
export const AS_OPERATOR =
  'mutation ($input: CreateTokenInput!) { createToken(input: $input) { accessToken token { id scopes } userErrors { code message } } }';

type Mutation = keyof typeof mutations;
type TokenNode = Readonly<Record<string, unknown>>;
interface Payload extends Readonly<Record<string, unknown>> {
  readonly userErrors: readonly { readonly code: string; readonly field: string | null; readonly message: string }[];
}
interface Issued {
  readonly accessToken: string;
  readonly expiresIn: number;
  readonly token: TokenNode;
  readonly previous: TokenNode;
}
interface Listed {
  readonly totalCount: number;
  readonly nodes: readonly (TokenNode & { name: string | null })[];
  readonly pageInfo: Readonly<Record<'startCursor' | 'endCursor', string>>;
}

export interface Managed {
  readonly tenant: Tenant;
  graphql(query: string, variables?: object): Promise<GraphQLResult>;
  ask(mutation: Mutation, input: object): Promise<Payload>;
  /** The code of the refusal, wherever it is told; undefined where it was done. */
  codeOf(mutation: Mutation, input: object): Promise<string | undefined>;
  create(input: object): Promise<Issued>;
  rotate(input: object): Promise<Issued>;
  list(request?: string): Promise<Listed>;
  read(id: string): Promise<TokenNode>;
  /** Reads the token until it is so, for ten seconds at the most. */
  until(id: string, isSo: (token: TokenNode) => boolean): Promise<TokenNode>;
}

/** A tenant's tokens in the hands of one of them; of its GraphQL token where none is named. */
export function manage(tenant: Tenant, accessToken?: string): Managed {
  const graphql: Managed['graphql'] = async (query, variables = {}) => {
    if (accessToken === undefined) return tenant.graphql(query, variables);
    const answer = await exchange(
      (await world()).identityUrl,
      'POST',
      '/graphql',
      { 'content-type': 'application/json', authorization: `Bearer ${accessToken}` },
      { query, variables },
    );
    return { ...(answer.body as unknown as GraphQLResult), status: answer.status };
  };
  const ask: Managed['ask'] = async (mutation, input) => {
    const result = await graphql(mutations[mutation], { input });
    expect(result.data?.[mutation], JSON.stringify(result)).toBeTruthy();
    return result.data![mutation] as unknown as Payload;
  };
  const done = async (mutation: Mutation, input: object): Promise<Issued> => {
    const answer = await ask(mutation, input);
    expect(answer.userErrors).toEqual([]);
    return answer as unknown as Issued;
  };
  const read: Managed['read'] = async (id) =>
    (await graphql(`query ($id: ID!) { token(id: $id) { ${TOKEN_FIELDS} } }`, { id })).data!['token']!;
  return {
    tenant,
    graphql,
    ask,
    read,
    codeOf: async (mutation, input) => {
      const { data, errors } = await graphql(mutations[mutation], { input });
      return errors?.[0]?.extensions?.code ?? (data?.[mutation] as unknown as Payload | undefined)?.userErrors[0]?.code;
    },
    create: (input) => done('createToken', input),
    rotate: (input) => done('rotateToken', input),
    list: async (request = 'first: 100') => {
      const result = await graphql(
        `{ tokens(${request}) { totalCount nodes { ${TOKEN_FIELDS} } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
      );
      expect(result.errors).toBeUndefined();
      return result.data!['tokens'] as unknown as Listed;
    },
    until: async (id, isSo) => {
      for (const started = Date.now(); ;) {
        const token = await read(id);
        if (isSo(token) || Date.now() - started > 10_000) return token;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
  };
}
