/** Tokens made, replaced and listed by callers who may manage them. Nobody hands on more than they hold. */
import { Failure } from '../../../../schema/failure.js';
import type { Statements, Writable } from '../../store/connection/database.js';
import { findTenant } from '../../store/tenants/tenant-rows.js';
import { rotateTokenRow } from '../../store/tokens/token-endings.js';
import { countTokenRows, listTokenRows, type TokenFilter } from '../../store/tokens/token-lists.js';
import { findToken, holdToken, type TokenRow } from '../../store/tokens/token-rows.js';
import { isUuid, newId } from '../../store/resources/uuid.js';
import { type Caller, isOperator, OPERATOR_TENANT, permit, scopesOf } from '../caller.js';
import { areWithin } from './networks.js';
import { checkedOverlap } from './overlap.js';
import { pageById, type PageRequest, type RowPage } from '../resources/paging.js';
import type { Services } from '../services.js';
import { digestOf, newToken } from './token-format.js';
import { requireCustomer, noSuchTenant } from '../tenants/tenant-target.js';
import { checkedLifetime, readTokenPolicy, withinTokenLimit } from './token-policy.js';
import { checkedWishes, type TokenWishes } from './token-wishes.js';
import { type IssuedToken, lifetimeOf, storeToken } from './tokens.js';
import { endVerdicts } from './verdicts.js';

/** The caller at work on a tenant: its own, or any for operators. To everybody else another tenant is none. Fails with NOT_FOUND. */
export async function onTenant(services: Services, caller: Caller, tenantId: string | null | undefined): Promise<Caller> {
  const wanted = tenantId?.toLowerCase() ?? caller.tenantId;
  if (wanted === caller.tenantId) return caller;
  if (!isOperator(caller)) throw noSuchTenant();
  return { ...caller, tenantId: (await requireCustomer(services, wanted)).id };
}

/** While a tenant is suspended nobody gets a token of it, not even from an operator. */
async function requireActive(services: Services, tenantId: string): Promise<void> {
  if ((await findTenant(services.database, tenantId))?.state !== 'ACTIVE') throw new Failure('TENANT_SUSPENDED');
}

/**
 * Operators at work on a tenant give what tenants may have, which takes the right to manage tenants; everybody else gives what they hold.
 * Fails with FORBIDDEN.
 */
function grantableBy(caller: Caller): readonly string[] {
  if (!isOperator(caller) || caller.tenantId === OPERATOR_TENANT) return caller.scopes;
  permit(caller, 'tenants:manage');
  return Object.values(scopesOf).flat();
}

/** A token may not be good where its maker's is not: it has the maker's networks where it names none of its own. */
function heldNetworks(asked: readonly string[], caller: Caller): readonly string[] {
  if (caller.networks.length === 0) return asked;
  if (asked.length === 0) return caller.networks;
  if (areWithin(asked, caller.networks)) return asked;
  throw new Failure('FORBIDDEN', {
    field: 'allowedNetworks',
    detail: 'Nobody can pass on what they do not hold: your token may not be used from all of these networks.',
  });
}

function requireAudience({ audience }: TokenWishes, caller: Caller): void {
  const isForOperators = caller.tenantId === OPERATOR_TENANT;
  if ((audience === 'admin') === isForOperators) return;
  throw new Failure('FORBIDDEN', {
    field: 'audience',
    detail: isForOperators
      ? 'Operators have tokens of the audience ADMIN; name a tenant for others.'
      : 'Tokens of the audience ADMIN are for operators.',
  });
}

/**
 * What the caller's token makes is made while it is good: a token that was revoked in the meantime leaves no other behind. Fails with
 * UNAUTHENTICATED.
 */
const whileGood = <Result>(
  on: Writable,
  caller: Caller,
  isAlone: boolean,
  work: (inside: Statements) => Promise<Result>,
): Promise<Result> =>
  on.transaction(async (inside) => {
    const own = { tokenId: caller.tokenId, tenantId: isOperator(caller) ? OPERATOR_TENANT : caller.tenantId };
    if (!(await holdToken(inside, own, caller.tenantId, isAlone))) throw new Failure('UNAUTHENTICATED');
    return work(inside);
  });

/** Issues a token for the tenant that the caller is at work on. It belongs to the client that the caller's own token belongs to. */
export async function createToken(services: Services, caller: Caller, wishes: TokenWishes): Promise<IssuedToken> {
  requireAudience(wishes, caller);
  const checked = checkedWishes(wishes, grantableBy(caller));
  const allowedNetworks = heldNetworks(checked.allowedNetworks, caller);
  await requireActive(services, caller.tenantId);
  const policy = await readTokenPolicy(services.database, caller.tenantId);
  const plan = {
    ...checked,
    allowedNetworks: [...allowedNetworks],
    seconds: checkedLifetime(wishes.expiresIn, policy),
    clientRowId: isOperator(caller) ? null : caller.clientRowId,
  };
  return withinTokenLimit(services, caller.tenantId, policy, (on) =>
    whileGood(on, caller, false, (inside) => storeToken(inside, caller, newToken(), plan)),
  );
}

/** A token of the tenant; undefined where there is none such. */
export const readToken = async (services: Services, tenantId: string, id: string): Promise<TokenRow | undefined> =>
  isUuid(id) ? findToken(services.database, tenantId, id) : undefined;

export interface RotationRequest {
  readonly id: string;
  readonly overlapSeconds: number;
  /** Seconds that the new token lives; as long as the old one was to where absent. */
  readonly expiresIn?: number | null | undefined;
}

export type { IssuedToken } from './tokens.js';

export interface RotatedToken extends IssuedToken {
  readonly previous: TokenRow;
}

const UNCERTAIN_SECONDS = 120; // a verdict from before the rotation may be kept for a minute, and be on its way for a while

/** Why a token that was read cannot be replaced. */
function refuseToRotate({ state, rotatedTo }: TokenRow): never {
  if (rotatedTo) {
    throw new Failure('CONFLICT', { field: 'id', detail: `This token has been rotated already; rotate its successor, ${rotatedTo}.` });
  }
  if (state === 'LIVE') {
    throw new Failure('CONFLICT', { field: 'id', detail: 'The client of this token has been revoked; create a token for another one.' });
  }
  throw new Failure('CONFLICT', {
    field: 'id',
    detail: `Only a live token can be rotated; this one is ${state.toLowerCase()}. Create a new one.`,
  });
}

/** Replaces a token by a new one of the same family; the old one stays good for the overlap, with 0 it ends before this returns. */
export async function rotateToken(
  services: Services,
  caller: Caller,
  { id, overlapSeconds, expiresIn }: RotationRequest,
): Promise<RotatedToken> {
  checkedOverlap(overlapSeconds);
  const old = await readToken(services, caller.tenantId, id);
  if (!old) throw new Failure('NOT_FOUND', { field: 'id', detail: 'There is no such token.' });
  checkedWishes({ ...old, audience: old.audience as TokenWishes['audience'] }, grantableBy(caller));
  if (heldNetworks(old.allowedNetworks, caller) !== old.allowedNetworks) {
    throw new Failure('FORBIDDEN', { field: 'id', detail: 'The token may be used from more networks than yours.' });
  }
  if (old.state !== 'LIVE' || old.rotatedTo) refuseToRotate(old);
  await requireActive(services, caller.tenantId);
  const policy = await readTokenPolicy(services.database, caller.tenantId);
  const accessToken = newToken();
  const next = { id: newId(), digest: digestOf(accessToken), seconds: checkedLifetime(expiresIn, policy, lifetimeOf(old)), overlapSeconds };
  const rotated = await withinTokenLimit(services, caller.tenantId, policy, (on) =>
    whileGood(on, caller, true, (inside) => rotateTokenRow(inside, caller, id, next)),
  );
  if (!rotated) return refuseToRotate((await readToken(services, caller.tenantId, id)) ?? old);
  if (overlapSeconds < UNCERTAIN_SECONDS) await endVerdicts(services, [rotated.digest]);
  return { accessToken, expiresIn: lifetimeOf(rotated.token), token: rotated.token, previous: rotated.previous };
}

const MOST_DAYS = 36_500;

function checkFilter(filter: TokenFilter): void {
  for (const field of ['unusedForDays', 'expiringWithinDays'] as const) {
    const days = filter[field] ?? 0;
    if (days < 0 || days > MOST_DAYS) {
      throw new Failure('INVALID_VALUE', { field, detail: `"${field}" is a number of days from 0 to ${MOST_DAYS}.` });
    }
  }
}

/** Tokens of a tenant, newest first, in pages. Fails with INVALID_VALUE, INVALID_CURSOR. */
export async function listTokens(
  { database }: Pick<Services, 'database'>,
  tenantId: string,
  filter: TokenFilter,
  request: PageRequest,
): Promise<RowPage<TokenRow>> {
  checkFilter(filter);
  return pageById(request, (page) => listTokenRows(database, tenantId, filter, page));
}

export const countTokens = ({ database }: Pick<Services, 'database'>, tenantId: string, filter: TokenFilter): Promise<number> =>
  countTokenRows(database, tenantId, filter);
