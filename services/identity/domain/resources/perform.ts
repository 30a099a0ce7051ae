/**
 * The ways in which any write may be done: just so; once, under a key of the caller's (the first answer is given again for a day); or as a
 * rehearsal, which answers what would come of it and changes nothing.
 */
import { createHash } from 'node:crypto';
import type { JsonObject } from '../../../../schema/change.js';
import { Failure } from '../../../../schema/failure.js';
import { limits } from '../../../../schema/resources.js';
import { changesUnderWay, type RecordedChange, type Writer } from '../../store/changes/change-rows.js';
import { type Database, insideOf, type Writable } from '../../store/connection/database.js';
import { keepAnswer, takeKey } from '../../store/resources/idempotency-rows.js';
import { repeatOnVanishedMember } from '../members/member-transactions.js';

export type { RecordedChange } from '../../store/changes/change-rows.js';

/** How a write is to be done: once under this key, or as a rehearsal without effects. */
export interface WriteOptions {
  readonly idempotencyKey?: string | null | undefined;
  readonly dryRun?: boolean | null | undefined;
}

export interface Performed<Result> {
  readonly result: Result;
  /** Whether this is the answer to an earlier request with the same key. */
  readonly isReplayed: boolean;
  /** In a rehearsal: the change records that the write would leave. */
  readonly changes?: readonly RecordedChange[] | undefined;
}

/** What is asked for; two requests with the same name and input are the same. */
export interface Asked {
  readonly name: string;
  readonly input: object;
}

type Work<Result> = (database: Writable) => Promise<Result>;

/** Does the work with the options asked for. The result must survive being written as JSON. */
export async function perform<Result>(
  database: Database,
  writer: Writer,
  asked: Asked,
  { idempotencyKey, dryRun }: WriteOptions,
  work: Work<Result>,
): Promise<Performed<Result>> {
  const key = idempotencyKey ?? undefined;
  if (dryRun && key !== undefined) {
    throw new Failure('INVALID_VALUE', {
      field: 'idempotencyKey',
      detail: 'A dry run changes nothing, so it takes no idempotency key: leave one of the two out.',
    });
  }
  if (dryRun) return rehearse(database, writer, work);
  if (key !== undefined) return once(database, writer, asked, key, work);
  return { result: await work(database), isReplayed: false };
}

function rehearse<Result>(database: Database, writer: Writer, work: Work<Result>): Promise<Performed<Result>> {
  return repeatOnVanishedMember(database, () =>
    database.rehearsal(async (on) => {
      const result = await work(insideOf(on));
      return { result, isReplayed: false, changes: await changesUnderWay(on, writer.tenantId) };
    }),
  );
}

const LONGEST_KEY = 255;

function requireKey(key: string): void {
  if (/^[\x21-\x7e]+$/.test(key) && key.length <= LONGEST_KEY) return;
  throw new Failure('INVALID_VALUE', {
    field: 'idempotencyKey',
    detail: `An idempotency key is 1 to ${LONGEST_KEY} visible ASCII characters, best a random UUID.`,
  });
}

const digestOf = ({ name, input }: Asked): string =>
  createHash('sha256')
    .update(JSON.stringify([name, sorted(input)]))
    .digest('hex');

/** The order of keys says nothing. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value as JsonObject)
      .filter(([, part]) => part !== undefined)
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, part]) => [name, sorted(part)]),
  );
}

/** A write that is refused leaves nothing behind, its key neither: it may be mended and sent again under the same key. */
function once<Result>(database: Database, writer: Writer, asked: Asked, key: string, work: Work<Result>): Promise<Performed<Result>> {
  requireKey(key);
  const digest = digestOf(asked);
  return repeatOnVanishedMember(database, () =>
    database.transaction(async (on) => {
      const kept = await takeKey(on, writer.tenantId, key, digest, limits.idempotencySeconds);
      if (kept) return replayed<Result>(kept.digest === digest, kept.answer);
      const result = await keepAnswer(on, writer.tenantId, key, await work(insideOf(on)));
      return { result, isReplayed: false };
    }, 'long'),
  );
}

function replayed<Result>(isSame: boolean, answer: unknown): Performed<Result> {
  if (isSame) return { result: answer as Result, isReplayed: true };
  throw new Failure('IDEMPOTENCY_MISMATCH', { field: 'idempotencyKey' });
}
