/** The text after "?" -> the parameters we know, decoded. Others (Entra's `aadOptscim062020`) are ignored. */
import { Failure, type FailureCode } from '../../schema/failure.js';
import { plusAsSpace } from './dialects.js';

export const PARAMETERS = ['filter', 'startIndex', 'count', 'cursor', 'sortBy', 'sortOrder', 'attributes', 'excludedAttributes'] as const;
export type ParameterName = (typeof PARAMETERS)[number];
export type Parameters = Partial<Record<ParameterName, string>>;

/** Parameters that are lists of names; repeated ones are a longer list, as many HTTP libraries write lists. */
export const isListOfNames = (name: ParameterName): boolean => name === 'attributes' || name === 'excludedAttributes';

/** Splits and decodes a query, names as well as values. Names are taken in any case; a known parameter that comes twice is refused. */
export function readParameters(query: string): Parameters {
  const found: Parameters = {};
  if (query === '') return found;
  for (const pair of query.split('&')) {
    const equals = pair.indexOf('=');
    const name = nameOf(equals < 0 ? pair : pair.slice(0, equals));
    if (name) found[name] = join(name, found[name], decode(name, equals < 0 ? '' : pair.slice(equals + 1)));
  }
  return found;
}

/** As they are declared, which is how nearly all come, and in lower case. */
const bySpelling = new Map<string, ParameterName>(
  PARAMETERS.flatMap((name) => [[name, name] as const, [name.toLowerCase(), name] as const]),
);

/** A name may be percent-encoded as well as a value; what cannot be decoded is no name of ours. */
function nameOf(text: string): ParameterName | undefined {
  try {
    return bySpelling.get(text) ?? bySpelling.get(decodeURIComponent(text).toLowerCase());
  } catch {
    return undefined;
  }
}

function join(name: ParameterName, before: string | undefined, value: string): string {
  if (before === undefined) return value;
  if (isListOfNames(name)) return `${before},${value}`;
  throw refused('INVALID_VALUE', name, 'is given twice; send it once');
}

function decode(name: ParameterName, text: string): string {
  try {
    return decodeURIComponent(name === 'filter' ? plusAsSpace(text) : text.replaceAll('+', ' '));
  } catch (cause) {
    const code = name === 'filter' ? 'INVALID_FILTER' : 'INVALID_SYNTAX';
    throw refused(code, name, 'is not percent-encoded UTF-8; write "%" itself as %25', cause);
  }
}

/** The refusal of a parameter, naming it. */
export const refused = (code: FailureCode, name: ParameterName, sentence: string, cause?: unknown): Failure =>
  new Failure(code, { detail: `The parameter "${name}" ${sentence}.`, field: name, cause });
