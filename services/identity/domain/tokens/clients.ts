/** The clients of a tenant: made, described, given new secrets, revoked. Secrets are told once and kept as digests. */
import { Failure } from '../../../../schema/failure.js';
import { limits } from '../../../../schema/resources.js';
import type { Actor, Writer } from '../../store/changes/change-rows.js';
import {
  type ClientRow,
  countClientRows,
  findClientRow,
  listClientRows,
  recentlyRevokedOf,
  revokeTokensOfClient,
} from '../../store/tokens/client-list-rows.js';
import { insertClient, lockClient, revokeClientRow, rotateSecret, writeClient } from '../../store/tokens/client-rows.js';
import type { Statements } from '../../store/connection/database.js';
import { lockTenant } from '../../store/tenants/tenant-life-rows.js';
import { isUuid, newId } from '../../store/resources/uuid.js';
import { toTheEnd } from '../current-request.js';
import { difference } from '../documents/document-rules.js';
import { checkedLabel } from '../tenants/labels.js';
import { pageById, type PageRequest, type RowPage } from '../resources/paging.js';
import type { WriteOptions } from '../resources/perform.js';
import { performWithSecret, type SecretPerformed } from './secret-making.js';
import type { Services } from '../services.js';
import { digestOf, newClientSecret } from './token-format.js';
import { effectiveNow, endVerdicts } from './verdicts.js';
import { checkedOverlap } from './overlap.js';

export { countTokensOfClients, type ClientRow, type ClientSecretRow } from '../../store/tokens/client-list-rows.js';

const MOST_CLIENTS = 100;
const LONGEST_DESCRIPTION = 2000;
const TOKENS_AT_A_TIME = 500;

type Stores = Pick<Services, 'database'>;
type Once = Pick<WriteOptions, 'idempotencyKey'>;

const noSuchClient = (): Failure => new Failure('NOT_FOUND', { field: 'id', detail: 'There is no such client.' });
const checkedName = (name: string): string => checkedLabel('name', name, "A client's name", limits.indexedStringLength);
const checkedDescription = (text: string | null | undefined): string | null =>
  (text ?? '').trim() === '' ? null : checkedLabel('description', text!, 'A description', LONGEST_DESCRIPTION);

/** A client of the tenant. Fails with NOT_FOUND. */
export async function readClient({ database }: { readonly database: Statements }, tenantId: string, id: string): Promise<ClientRow> {
  const client = isUuid(id) ? await findClientRow(database, tenantId, id) : undefined;
  if (!client) throw noSuchClient();
  return client;
}

async function readUnrevoked(on: Statements, tenantId: string, id: string): Promise<ClientRow> {
  if (isUuid(id)) await lockClient(on, tenantId, id);
  const client = await readClient({ database: on }, tenantId, id);
  if (client.revokedAt !== null) throw new Failure('CONFLICT', { field: 'id', detail: 'The client has been revoked; create another one.' });
  return client;
}

export const listClients = (
  { database }: Stores,
  tenantId: string,
  withRevoked: boolean,
  request: PageRequest,
): Promise<RowPage<ClientRow>> => pageById(request, (page) => listClientRows(database, tenantId, withRevoked, page));

export const countClients = ({ database }: Stores, tenantId: string, withRevoked: boolean): Promise<number> =>
  countClientRows(database, tenantId, withRevoked);

export interface ClientText {
  readonly name?: string | null | undefined;
  readonly description?: string | null | undefined;
}

/** Makes a client with a secret; the answer holds its id. Fails with INVALID_VALUE, and with TOO_MANY where the tenant has a hundred. */
export function createClient(
  { database }: Stores,
  actor: Writer,
  wanted: ClientText & { readonly name: string },
  once: Once,
): Promise<SecretPerformed<{ id: string }>> {
  const [name, description] = [checkedName(wanted.name), checkedDescription(wanted.description)];
  return performWithSecret(database, actor, { name: 'createClient', input: { name, description } }, once, (inside) =>
    inside.transaction(async (on) => {
      await lockTenant(on, actor.tenantId); // two at once must not both be the hundredth
      if ((await countClientRows(on, actor.tenantId, false)) >= MOST_CLIENTS) {
        throw new Failure('TOO_MANY', { detail: `A tenant has ${MOST_CLIENTS} clients at the most. Revoke one that is no longer used.` });
      }
      const [id, secret] = [newId(), newClientSecret()];
      await insertClient(on, actor, { id, clientId: newId(), secretDigest: digestOf(secret), name, description });
      return { result: { id }, secret };
    }),
  );
}

/**
 * Changes name and description; what is absent stays, a description of null is taken away. Fails with NOT_FOUND, CONFLICT, INVALID_VALUE.
 */
export async function updateClient(services: Stores, actor: Actor, id: string, changes: ClientText): Promise<ClientRow> {
  await services.database.transaction(async (on) => {
    const client = await readUnrevoked(on, actor.tenantId, id);
    const name = checkedName(changes.name ?? client.name);
    const description = changes.description === undefined ? client.description : checkedDescription(changes.description);
    const differing = difference({ name: client.name, description: client.description }, { name, description });
    if (Object.keys(differing.after).length > 0) await writeClient(on, actor, client.id, { name, description }, differing);
  });
  return readClient(services, actor.tenantId, id);
}

/** Gives a client a new secret. Fails with NOT_FOUND, CONFLICT, INVALID_VALUE. */
export function rotateClientSecret(
  { database }: Stores,
  actor: Writer,
  id: string,
  overlapSeconds: number,
  once: Once,
): Promise<SecretPerformed<{ id: string }>> {
  const seconds = checkedOverlap(overlapSeconds);
  return performWithSecret(database, actor, { name: 'rotateClientSecret', input: { id, seconds } }, once, (inside) =>
    inside.transaction(async (on) => {
      const client = await readUnrevoked(on, actor.tenantId, id);
      const secret = newClientSecret();
      await rotateSecret(on, actor, client.id, digestOf(secret), seconds);
      return { result: { id: client.id }, secret };
    }),
  );
}

export interface ClientRevocation {
  readonly client: ClientRow;
  readonly revokedTokens: number;
  /** From when on no process accepts the tokens. ISO 8601. */
  readonly effectiveAt: string;
}

/**
 * Revokes a client: nobody issues a token for it any more, and those it has are revoked with it unless they are to be kept. Repeating it is
 * harmless, and ends what broke off. Fails with NOT_FOUND.
 */
export async function revokeClient(
  services: Pick<Services, 'database' | 'tokenCache'>,
  actor: Actor,
  id: string,
  keepTokens: boolean,
): Promise<ClientRevocation> {
  const { id: clientRowId } = await readClient(services, actor.tenantId, id);
  await revokeClientRow(services.database, actor, clientRowId);
  const revokedTokens = keepTokens ? 0 : await revokeTokens(services, actor, clientRowId);
  if (!keepTokens) {
    await toTheEnd(async () => endVerdicts(services, await recentlyRevokedOf(services.database, actor.tenantId, clientRowId)));
  }
  return { client: await readClient(services, actor.tenantId, id), revokedTokens, effectiveAt: effectiveNow() };
}

/** So many at a time. The client is locked, so that of two who do this each finds what the other has left. */
async function revokeTokens({ database }: Stores, actor: Actor, clientRowId: string): Promise<number> {
  let total = 0;
  for (;;) {
    const revoked = await database.transaction(async (on) => {
      await lockClient(on, actor.tenantId, clientRowId);
      return revokeTokensOfClient(on, actor, clientRowId, TOKENS_AT_A_TIME);
    });
    if (revoked === 0) return total;
    total += revoked;
  }
}
