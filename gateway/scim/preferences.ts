/** What a client says beside its request: preferences (RFC 7240), and a key under which the request is done once. */
import { Failure } from '../../schema/failure.js';

/** How a write is to be done. */
export interface WriteOptions {
  readonly idempotencyKey?: string | undefined;
  readonly dryRun?: true | undefined;
}

/** Our own preference: answer what would come of the request, and do nothing. */
export const DRY_RUN = 'dry-run';

type HeaderText = string | readonly string[] | undefined;

/** Names of preferences, without values and parameters, in lower case. */
const preferencesIn = (prefer: HeaderText): string[] =>
  [prefer ?? []]
    .flat()
    .join(',')
    .split(',')
    .map((preference) => preference.split(/[;=]/, 1)[0]!.trim().toLowerCase());

/** A key is text in quotes (draft-ietf-httpapi-idempotency-key-header); many clients leave the quotes out. */
function keyIn(header: HeaderText): string | undefined {
  if (header === undefined) return undefined;
  const text = [header].flat().join(',').trim();
  const key = /^"(.*)"$/.exec(text)?.[1] ?? text;
  if (/^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw new Failure('INVALID_VALUE', {
    field: 'Idempotency-Key',
    detail: 'The header "Idempotency-Key" takes 1 to 255 visible ASCII characters, best a random UUID.',
  });
}

/** Reads the headers `Prefer` and `Idempotency-Key` of a write. */
export function readWriteOptions(prefer: HeaderText, key: HeaderText): WriteOptions {
  const isDryRun = preferencesIn(prefer).includes(DRY_RUN);
  const idempotencyKey = keyIn(key);
  if (!isDryRun) return idempotencyKey === undefined ? {} : { idempotencyKey };
  if (idempotencyKey === undefined) return { dryRun: true };
  throw new Failure('INVALID_VALUE', {
    field: 'Idempotency-Key',
    detail: 'A dry run changes nothing, so it takes no Idempotency-Key: leave one of the two headers out.',
  });
}
