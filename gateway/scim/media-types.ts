/** The two names of SCIM's JSON, and which of them an answer carries (RFC 7644, section 3.1; RFC 9110, section 12.5.1). */
export const SCIM_JSON = 'application/scim+json';
export const PLAIN_JSON = 'application/json';

/** The media type with the parameter that old clients need to read UTF-8. */
export const inUtf8 = (type: string): string => `${type}; charset=utf-8`;

/**
 * The media type to answer in: SCIM's own, unless the client would rather have plain JSON; undefined where it takes neither. No header,
 * and one that names no media range at all, mean anything. Parameters but `q` are passed over: many clients ask for
 * `application/json; charset=utf-8`. Accept-Charset is not looked at: it is deprecated, and JSON is UTF-8.
 */
export function answerTypeFor(accept: string | undefined): string | undefined {
  if (accept === undefined || accept === SCIM_JSON) return SCIM_JSON; // as nearly everybody sends it
  const ranges = qualitiesIn(accept);
  if (ranges.size === 0) return SCIM_JSON;
  const qualityOf = (type: string): number => ranges.get(type) ?? ranges.get('application/*') ?? ranges.get('*/*') ?? 0;
  const [scim, plain] = [qualityOf(SCIM_JSON), qualityOf(PLAIN_JSON)];
  if (plain > scim) return PLAIN_JSON;
  return scim > 0 ? SCIM_JSON : undefined;
}

/** How much the client wants each media range, in lower case. What is no media range is passed over. */
function qualitiesIn(accept: string): Map<string, number> {
  const ranges = accept
    .toLowerCase()
    .split(',')
    .map((range) => range.split(';').map((part) => part.trim()));
  return new Map(
    ranges.filter(([range = '']) => /^[^\s/]+\/[^\s/]+$/.test(range)).map(([range = '', ...parameters]) => [range, qualityIn(parameters)]),
  );
}

function qualityIn(parameters: readonly string[]): number {
  const [, digits] = parameters.map((parameter) => /^q\s*=\s*([\d.]+)$/.exec(parameter)).find((found) => found !== null) ?? [];
  return Number.isNaN(Number(digits)) ? 1 : Number(digits);
}
