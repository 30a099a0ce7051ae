/** Rows of receivers of security events: each says how far one has acknowledged the change feed. */
import { literal, sql } from '../query/sql.js';
import type { Place } from './change-feed.js';
import { totalOf } from '../query/counts.js';
import type { Statements } from '../connection/database.js';
import { lockAlone } from '../tenants/tenant-locks.js';

/** A place in the feed, and the tag of the feed that it is one in. */
export interface Position extends Place {
  readonly tag: string;
}

export async function findReceiver(on: Statements, tenantId: string, name: string): Promise<Position | undefined> {
  const [found] = await on.run(sql<Position>`
    select tag, place::text, sequence::text from event_receiver where tenant_id = ${tenantId}::uuid and name = ${name}::text`);
  return found;
}

/**
 * Adds a receiver that stands there, for the transaction under way; nothing where there is one of the name. Answers false where the tenant
 * has so many already.
 */
export async function addReceiver(
  on: Statements,
  tenantId: string,
  name: string,
  { tag, place, sequence }: Position,
  most: number,
): Promise<boolean> {
  await lockAlone(on, 'event receivers', tenantId); // or several would count at once
  const others = await totalOf(
    on,
    sql`select count(*) as total from event_receiver where tenant_id = ${tenantId}::uuid and name <> ${name}::text`,
  );
  if (others >= most) return false;
  await on.run(sql`
    insert into event_receiver (tenant_id, name, tag, place, sequence)
    values (${tenantId}::uuid, ${name}::text, ${tag}::text, ${place}::bigint, ${sequence}::bigint) on conflict do nothing`);
  return true;
}

/**
 * Moves a receiver on to the place, never back: whoever polls at the same time may have moved it further. Not where it was moved less than
 * so many seconds ago.
 */
export async function moveReceiver(
  on: Statements,
  tenantId: string,
  name: string,
  { tag, place, sequence }: Position,
  restSeconds = 0,
): Promise<void> {
  await on.run(sql`
    update event_receiver set place = ${place}::bigint, sequence = ${sequence}::bigint, updated_at = now()
    where tenant_id = ${tenantId}::uuid and name = ${name}::text and tag = ${tag}::text and (place, sequence) < (${place}::bigint, ${sequence}::bigint)
      and updated_at <= now() - make_interval(secs => ${literal(restSeconds)})`);
}

/** Forgets a receiver; answers whether there was one. */
export async function forgetReceiver(on: Statements, tenantId: string, name: string): Promise<boolean> {
  const gone = await on.run(
    sql<{ name: string }>`delete from event_receiver where tenant_id = ${tenantId}::uuid and name = ${name}::text returning name`,
  );
  return gone.length > 0;
}
