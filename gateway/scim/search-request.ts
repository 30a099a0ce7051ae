/** The body of a query by POST (RFC 7644, section 3.4.3) -> the parameters it would be in an address. */
import type { Json, JsonObject } from '../../schema/change.js';
import { messages } from '../../schema/resources.js';
import { isList, memberOf, textOf } from './dialects.js';
import { refuseOtherSchemas } from './message-schemas.js';
import { isListOfNames, type ParameterName, type Parameters, PARAMETERS, refused } from './parameters.js';

/** Nothing in a body is percent-encoded. Names are taken in any case; null is nothing given; what is unknown is ignored. */
export function readSearchRequest(body: JsonObject): Parameters {
  refuseOtherSchemas(body, messages.searchRequest);
  const found: Parameters = {};
  for (const name of PARAMETERS) {
    const value = memberOf(body, name) ?? null;
    if (value !== null) found[name] = isListOfNames(name) ? namesIn(name, value) : textIn(name, value);
  }
  return found;
}

function textIn(name: ParameterName, value: Json): string {
  const text = textOf(value);
  if (text === undefined) throw refused('INVALID_VALUE', name, 'takes a single text or number');
  return text;
}

/** The RFC has a list of names here; clients that share code with the address write them into one text. */
function namesIn(name: ParameterName, value: Json): string {
  const names = isList(value) ? value : [value];
  if (!names.every((one) => typeof one === 'string')) throw refused('INVALID_VALUE', name, 'takes a list of names');
  return names.join(',');
}
