/** Why a request came to nothing. */

/** A reason that the caller can mend, as a mutation tells it. */
export interface UserError {
  readonly code: string;
  readonly field?: string | null;
  readonly message: string;
}

export interface ErrorDetails {
  /** The HTTP status of the answer; absent where there was none. */
  readonly status?: number | undefined;
  /** The attribute or argument at fault. */
  readonly field?: string | undefined;
  /** What to quote when you report it. */
  readonly requestId?: string | undefined;
  /** Seconds to wait before the request is worth repeating. */
  readonly retryAfter?: number | undefined;
  readonly userErrors?: readonly UserError[];
  readonly cause?: unknown;
}

/** The core refused, failed, or could not be reached. `code` is stable (schema/failure.ts), the message is for people. */
export class IdentityError extends Error {
  override readonly name = 'IdentityError';
  readonly status: number | undefined;
  readonly field: string | undefined;
  readonly requestId: string | undefined;
  readonly retryAfter: number | undefined;
  readonly userErrors: readonly UserError[];

  constructor(
    readonly code: string,
    message: string,
    { status, field, requestId, retryAfter, userErrors = [], cause }: ErrorDetails = {},
  ) {
    super(message, { cause });
    this.status = status;
    this.field = field;
    this.requestId = requestId;
    this.retryAfter = retryAfter;
    this.userErrors = userErrors;
  }
}

/** The payload of a mutation that did what it was asked; throws an IdentityError of the first of its user errors otherwise. */
export function done<Payload extends { readonly userErrors: readonly UserError[] }>(payload: Payload): Payload {
  const [first] = payload.userErrors;
  if (!first) return payload;
  const message = [...new Set(payload.userErrors.map((error) => error.message))].join(' ');
  throw new IdentityError(first.code, message, { field: first.field ?? undefined, userErrors: payload.userErrors });
}
