/** Who is calling: what a token says, and nothing else. The tenant comes from here and from nowhere else. */
import { completePolicies } from '../../../schema/policies.js';
import { Failure } from '../../../schema/failure.js';
import { oncePer } from '../../../schema/once-per.js';
import type { Writer } from '../store/changes/change-rows.js';
import type { Verdict } from '../store/redis/token-cache.js';

/** The door a token opens. */
export type Audience = 'scim' | 'graphql' | 'admin';

export type Scope =
  'users:read' | 'users:write' | 'groups:read' | 'groups:write' | 'changes:read' | 'tokens:manage' | 'settings:manage' | 'tenants:manage';

const people: readonly Scope[] = ['users:read', 'users:write', 'groups:read', 'groups:write'];

/** What a token of each audience may do. */
export const scopesOf: Readonly<Record<Audience, readonly Scope[]>> = {
  scim: people,
  graphql: [...people, 'changes:read', 'tokens:manage', 'settings:manage'],
  admin: ['tenants:manage', 'changes:read', 'tokens:manage'],
};

/** The owner of operators' tokens: a tenant that holds nobody. */
export const OPERATOR_TENANT = '00000000-0000-0000-0000-000000000000';

/** Whether the token is an operator's. What of that it may do, its scopes say. */
export const isOperator = ({ audience }: Pick<Caller, 'audience'>): boolean => audience === 'admin';

/** Where a request came from, whoever sent it. */
export interface RequestOrigin {
  readonly requestId: string;
  readonly address: string;
  /** What the client calls itself. */
  readonly userAgent?: string | undefined;
}

export interface Caller extends Writer {
  readonly tokenId: string;
  /** The row of the client that the token belongs to. */
  readonly clientRowId: string | null;
  /** When it expires, to the second: ISO 8601 in UTC. */
  readonly tokenExpiresAt?: string | undefined;
  readonly audience: Audience;
  readonly scopes: readonly string[];
  /** Networks (CIDR) that the token may be used from; empty where it may be from anywhere. */
  readonly networks: readonly string[];
  /** The version of what the tenant has declared of attributes. */
  readonly schemaVersion: number;
  /** What an operator has set for the tenant; undefined where the usual limit holds. */
  readonly requestsPerSecond: number | undefined;
}

type Known = Omit<Caller, keyof RequestOrigin>;

/** What a token says is the same for all requests that share a look at it. */
const read = oncePer((verdict: Verdict): Known => ({
  tenantId: verdict.tenantId,
  tokenId: verdict.tokenId,
  clientRowId: verdict.clientId,
  tokenExpiresAt: new Date(Math.round(verdict.expiresAt / 1000) * 1000).toISOString(),
  audience: verdict.audience as Audience,
  scopes: verdict.scopes,
  networks: verdict.networks,
  policies: completePolicies(verdict.policies ?? {}), // a verdict that an older version of ours has cached has none
  schemaVersion: verdict.schemaVersion ?? 0,
  requestsPerSecond: verdict.requestsPerSecond ?? undefined,
  door: verdict.audience,
}));

export const toCaller = (verdict: Verdict, { requestId, address }: RequestOrigin): Caller => ({ ...read(verdict), requestId, address });

/** The caller, if there is one and it may do this. Fails with UNAUTHENTICATED or FORBIDDEN. */
export function permit(caller: Caller | undefined, scope: Scope): Caller {
  if (!caller) throw new Failure('UNAUTHENTICATED');
  if (!caller.scopes.includes(scope)) {
    throw new Failure('FORBIDDEN', { detail: `The token does not permit this operation: it lacks the scope "${scope}".` });
  }
  return caller;
}
