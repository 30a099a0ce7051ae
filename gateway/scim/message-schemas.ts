/** What the messages of the protocol say they are (RFC 7644, section 8.2). */
import type { JsonObject } from '../../schema/change.js';
import { Failure } from '../../schema/failure.js';
import { isList, isNothing, memberOf } from './dialects.js';

/** Bodies without `schemas` exist (OneLogin's templates); one that has something else than a list there is no such message. */
export function refuseOtherSchemas(body: JsonObject, urn: string): void {
  const schemas = memberOf(body, 'schemas');
  if (isNothing(schemas) || isList(schemas)) return;
  throw new Failure('INVALID_SYNTAX', { detail: `"schemas" takes a list, as in ["${urn}"].` });
}
