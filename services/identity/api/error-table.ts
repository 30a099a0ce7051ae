/** The failures as a table for people: what `docs/errors.md` must hold. */
import { type FailureKind, failures } from '../../../schema/failure.js';

const INTRODUCTION = `<!-- Made by \`npm run errors\` from schema/failure.ts. Do not edit. -->
# Errors

Every refusal has a code, the same at both doors. Over **SCIM** it is the HTTP status, with SCIM's \`scimType\` where there is one, and a \`detail\` that says what to change. In **GraphQL** it is the
\`code\` of an entry in the payload's \`userErrors\`, with the \`field\` at fault, where the caller of a mutation can mend it; otherwise \`extensions.code\` of an entry in \`errors\`, as it always is in
queries. Codes are stable; sentences are for people and may become clearer.

An answer of status 503 or 429 may be asked for again: after the seconds in \`Retry-After\`, which GraphQL tells as \`extensions.retryAfter\`. In GraphQL, what is refused before
it runs (a body, a document, what it would cost, a caller) is answered with the code's own HTTP status, and an operation that is given up with 504. What is refused while it runs is answered with 200, but for the
codes of status 401, 403, 429, 500 and 503, which are the answer's status, too.

| code | HTTP status | scimType | in GraphQL mutations | what is said where there is nothing more precise |
| --- | --- | --- | --- | --- |
`;

const END = `
GraphQL's own codes are about the document and its variables, and come with the HTTP status 400: \`GRAPHQL_PARSE_FAILED\`, \`GRAPHQL_VALIDATION_FAILED\`, \`BAD_USER_INPUT\` (a variable that does not fit
its type; with 200 where only a field shows it, as by null for an argument that takes none), \`OPERATION_RESOLUTION_FAILURE\` (several operations and no name) and \`BAD_REQUEST\`.
`;

const rowOf = ([code, { status, scimType, mendable, sentence }]: [string, FailureKind]): string =>
  `| \`${code}\` | ${status} | ${scimType ? `\`${scimType}\`` : ''} | ${mendable ? '`userErrors`' : '`errors`'} | ${sentence.replaceAll('|', '\\|').replaceAll('<', '&lt;')} |\n`;

/** The table as Markdown, in the order of the statuses. */
export const printErrorTable = (): string =>
  INTRODUCTION +
  Object.entries(failures)
    .toSorted(([one, first], [other, second]) => first.status - second.status || (one < other ? -1 : 1))
    .map(rowOf)
    .join('') +
  END;
