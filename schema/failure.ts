/**
 * Every way a request may fail. A failure has an inside and an outside: the code and the sentence are public and tell the caller what to
 * change; the cause stays in the log. The codes cross the GraphQL wire as `extensions.code` and `userErrors.code`; the facade turns them
 * into HTTP and SCIM by this table and by nothing else (RFC 7644, section 3.12; RFC 9865, section 2.1).
 */

export interface FailureKind {
  readonly status: number;
  /** SCIM's detail keyword, for the statuses that have one. */
  readonly scimType?: string;
  /** Whether GraphQL tells it in `userErrors` (the caller can mend the input) rather than in `errors`. */
  readonly mendable: boolean;
  /** What is said where there is nothing more precise to say. */
  readonly sentence: string;
}

export const failures = {
  INVALID_SYNTAX: {
    status: 400,
    scimType: 'invalidSyntax',
    mendable: true,
    sentence: 'The request body is not what this operation takes.',
  },
  INVALID_FILTER: { status: 400, scimType: 'invalidFilter', mendable: true, sentence: 'The filter cannot be read.' },
  INVALID_CURSOR: {
    status: 400,
    scimType: 'invalidCursor',
    mendable: false,
    sentence: 'The cursor is not one of this query; begin again with an empty one.',
  },
  EXPIRED_CURSOR: {
    status: 400,
    scimType: 'expiredCursor',
    mendable: false,
    sentence: 'The cursor is too old; begin again with an empty one.',
  },
  INVALID_COUNT: {
    status: 400,
    scimType: 'invalidCount',
    mendable: false,
    sentence: 'The count is not a number of resources that a page can hold.',
  },
  INVALID_PATH: { status: 400, scimType: 'invalidPath', mendable: true, sentence: 'The path names no attribute of this resource.' },
  INVALID_VALUE: { status: 400, scimType: 'invalidValue', mendable: true, sentence: 'A value is missing or does not fit its attribute.' },
  NO_TARGET: { status: 400, scimType: 'noTarget', mendable: true, sentence: 'The path matches no value of this resource.' },
  MUTABILITY: { status: 400, scimType: 'mutability', mendable: true, sentence: 'The attribute cannot be changed.' },
  TOO_MANY: {
    status: 400,
    scimType: 'tooMany',
    mendable: true,
    sentence: 'The request asks for more than one answer may hold; ask for less.',
  },
  UNAUTHENTICATED: {
    status: 401,
    mendable: false,
    sentence: 'The bearer token is missing, unknown, expired or revoked. Issue a new token and send it as "Authorization: Bearer <token>".',
  },
  INVALID_CLIENT: { status: 401, mendable: true, sentence: 'The client id or the client secret is not right.' },
  FORBIDDEN: { status: 403, mendable: false, sentence: 'The token does not permit this operation.' },
  TENANT_SUSPENDED: {
    status: 403,
    mendable: false,
    sentence:
      'Access of this tenant is suspended. Nothing is lost: the same token works again once the operator of this service has resumed the tenant.',
  },
  NOT_FOUND: { status: 404, mendable: true, sentence: 'There is no such resource.' },
  METHOD_NOT_ALLOWED: { status: 405, mendable: false, sentence: 'This address does not take this method.' },
  NOT_ACCEPTABLE: {
    status: 406,
    mendable: false,
    sentence: 'Answers are application/scim+json or application/json, and the header "Accept" excludes both.',
  },
  REQUEST_TIMEOUT: {
    status: 408,
    mendable: false,
    sentence: 'The request did not come within the time it may take; send it again at once and whole.',
  },
  UNIQUENESS: { status: 409, scimType: 'uniqueness', mendable: true, sentence: 'A value that must be unique is already taken.' },
  AMBIGUOUS: { status: 409, mendable: false, sentence: 'Several resources have this value; name one by its id.' },
  CONFLICT: { status: 409, mendable: true, sentence: 'The resource kept changing while this request was worked on; send it again.' },
  LOSES_VALUES: { status: 409, mendable: true, sentence: 'This would lose values that are kept.' },
  SCHEMA_CHANGED: { status: 503, mendable: false, sentence: 'The declared attributes have just changed; send the request again.' },
  VERSION_MISMATCH: { status: 412, mendable: true, sentence: 'The resource has changed since the version given; read it again.' },
  IDEMPOTENCY_MISMATCH: {
    status: 422,
    mendable: true,
    sentence: 'This idempotency key came with another request before: send that request again as it was, or use a new key.',
  },
  BODY_TOO_LARGE: { status: 413, mendable: false, sentence: 'The request body is too large.' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, mendable: false, sentence: 'Send the body as application/scim+json or application/json.' },
  TOO_COMPLEX: { status: 400, mendable: false, sentence: 'The GraphQL document asks for more than one operation may.' },
  PERSISTED_QUERY_NOT_FOUND: {
    status: 400,
    mendable: false,
    sentence: 'There is no trusted document of this id here; send its text instead.',
  },
  UNTRUSTED_DOCUMENT: {
    status: 403,
    mendable: false,
    sentence: 'Only trusted documents run here: send the id of one of the manifest, or its very text.',
  },
  TOO_MANY_REQUESTS: { status: 429, mendable: false, sentence: 'Too many requests; wait as long as Retry-After says.' },
  INTERNAL: { status: 500, mendable: false, sentence: 'Something went wrong on our side. Quote the request id when you report it.' },
  NOT_IMPLEMENTED: { status: 501, mendable: false, sentence: 'This operation is not implemented.' },
  TIMEOUT: { status: 504, mendable: false, sentence: 'The operation took too long and was given up; ask for less at once.' },
  OVERLOADED: {
    status: 503,
    mendable: false,
    sentence: 'The service has more to do at the moment than it can; send the request again after the time that Retry-After says.',
  },
  UNAVAILABLE: { status: 503, mendable: false, sentence: 'The service is not available for the moment; send the request again.' },
} as const satisfies Record<string, FailureKind>;

export type FailureCode = keyof typeof failures;

export const isFailureCode = (code: unknown): code is FailureCode => typeof code === 'string' && Object.hasOwn(failures, code);

export interface FailureDetails {
  /** The public sentence: what is wrong and what to change. */
  readonly detail?: string;
  /** The attribute or argument at fault, as the caller wrote it. */
  readonly field?: string | undefined;
  /** Seconds to wait before the request is worth repeating. */
  readonly retryAfter?: number | undefined;
  /** The inside: for the log, never for the caller. */
  readonly cause?: unknown;
}

/** A refusal with a code of the table. Its message is public: never put into it what the caller did not send or may not know. */
export class Failure extends Error {
  readonly field: string | undefined;
  readonly retryAfter: number | undefined;

  constructor(
    readonly code: FailureCode,
    details: FailureDetails = {},
  ) {
    super(details.detail ?? failures[code].sentence, { cause: details.cause });
    this.name = 'Failure';
    this.field = details.field;
    this.retryAfter = details.retryAfter ?? (failures[code].status === 503 ? 5 : undefined);
  }

  get kind(): FailureKind {
    return failures[this.code];
  }
}

/** What a caller hears whose own part of what many share is full (then `detail` says of what), or who finds all of it taken. */
export const fullFailure = (full: 'OWN' | 'ALL', detail: string): Failure =>
  full === 'OWN' ? new Failure('TOO_MANY_REQUESTS', { detail, retryAfter: 1 }) : new Failure('OVERLOADED');

/** The failure an unknown error is to the outside: itself where it is one, INTERNAL with the error as its cause otherwise. */
export const toFailure = (error: unknown): Failure => (error instanceof Failure ? error : new Failure('INTERNAL', { cause: error }));
