/** Exit codes that scripts can use, and which refusal of the core is which. */
import { IdentityError } from '../client/index.js';

export const EXIT = {
  done: 0,
  invalid: 1,
  usage: 2,
  missing: 3,
  forbidden: 4,
  conflict: 5,
  unavailable: 6,
  interrupted: 7,
  internal: 70,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What each says; the reference prints it. */
export const exitCodes: readonly { readonly code: ExitCode; readonly meaning: string }[] = [
  { code: EXIT.done, meaning: 'Done.' },
  { code: EXIT.invalid, meaning: 'The core refused it as invalid, or a check of `doctor` failed: change what you asked for.' },
  { code: EXIT.usage, meaning: 'The command line, a file given to it or a profile is wrong; nothing was asked of the core.' },
  { code: EXIT.missing, meaning: 'There is no such tenant, client, token, user or group.' },
  { code: EXIT.forbidden, meaning: 'The token is missing there, wrong, expired or revoked, or does not permit this.' },
  { code: EXIT.conflict, meaning: 'A value is taken, a name fits several, or the version is another.' },
  { code: EXIT.unavailable, meaning: 'The core cannot be reached, is busy or limits the rate, after all repetitions.' },
  {
    code: EXIT.interrupted,
    meaning: 'Interrupted, or done in part: repeat an `export` or `import` to go on; what an `import` could not take is told on stderr.',
  },
  { code: EXIT.internal, meaning: 'Something went wrong in the core or in the CLI: report it with the request id.' },
];

/** By the codes in docs/errors.md; one that is not here is about the input. A test compares it with the core's table. */
const byFailure: Readonly<Record<string, ExitCode>> = {
  NOT_FOUND: EXIT.missing,
  UNAUTHENTICATED: EXIT.forbidden,
  INVALID_CLIENT: EXIT.forbidden,
  FORBIDDEN: EXIT.forbidden,
  TENANT_SUSPENDED: EXIT.forbidden,
  UNTRUSTED_DOCUMENT: EXIT.forbidden,
  UNIQUENESS: EXIT.conflict,
  AMBIGUOUS: EXIT.conflict,
  CONFLICT: EXIT.conflict,
  LOSES_VALUES: EXIT.conflict,
  VERSION_MISMATCH: EXIT.conflict,
  IDEMPOTENCY_MISMATCH: EXIT.conflict,
  TOO_MANY_REQUESTS: EXIT.unavailable,
  OVERLOADED: EXIT.unavailable,
  UNAVAILABLE: EXIT.unavailable,
  SCHEMA_CHANGED: EXIT.unavailable,
  TIMEOUT: EXIT.unavailable,
  UNREACHABLE: EXIT.unavailable,
  NOT_GRAPHQL: EXIT.usage,
  INTERNAL: EXIT.internal,
  NOT_IMPLEMENTED: EXIT.internal,
};

export const exitCodeOf = (failureCode: string): ExitCode => byFailure[failureCode] ?? EXIT.invalid;

/** What ends a command with a sentence and an exit code, without the core having refused anything. */
export class CliError extends Error {
  override readonly name = 'CliError';

  constructor(
    readonly exitCode: ExitCode,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** What the user wrote is wrong. */
export const usage = (message: string): CliError => new CliError(EXIT.usage, 'USAGE', message);
export const missing = (message: string): CliError => new CliError(EXIT.missing, 'NOT_FOUND', message);

/** A refusal as it is told. */
export interface Told {
  readonly code: string;
  readonly message: string;
  readonly field?: string | undefined;
  readonly requestId?: string | undefined;
  readonly exitCode: ExitCode;
}

/** Node's own word for why a connection came to nothing, as in ECONNREFUSED. */
function reasonOf(error: unknown): string {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code } = cause as { code?: unknown };
    if (typeof code === 'string' && /^[A-Z]+_?[A-Z_]+$/.test(code) && !(cause instanceof IdentityError)) return ` (${code})`;
  }
  return '';
}

/**
 * What the machine says of files, in words, and which of it is for the user to write otherwise: what is left goes on when there is room
 * again.
 */
const fileFaults: Readonly<Record<string, readonly [ExitCode, string]>> = {
  ENOENT: [EXIT.usage, 'there is no such file or folder'],
  ENOTDIR: [EXIT.usage, 'a part of the path is no folder'],
  EISDIR: [EXIT.usage, 'it is a folder'],
  ENAMETOOLONG: [EXIT.usage, 'the name is too long'],
  EACCES: [EXIT.usage, 'this user may not'],
  EPERM: [EXIT.usage, 'this user may not'],
  EROFS: [EXIT.usage, 'nothing can be written there'],
  ENOSPC: [EXIT.interrupted, 'the disk is full; make room and repeat the command'],
  EDQUOT: [EXIT.interrupted, "this user's part of the disk is full; make room and repeat the command"],
  EIO: [EXIT.interrupted, 'the disk does not work'],
};

/** A fault of a file, or of what the command writes to; undefined where it is none. */
function fileFault(error: unknown): Told | undefined {
  const { code, path } = error as { readonly code?: unknown; readonly path?: unknown };
  const [exitCode, words] = fileFaults[String(code)] ?? [];
  if (exitCode === undefined) return undefined;
  return {
    code: 'FILE',
    message: `${typeof path === 'string' ? path : 'What is to be written'} cannot be opened or written: ${words} (${String(code)}).`,
    exitCode,
  };
}

/** What becomes of an error. */
export function tell(error: unknown, lastRequestId: string | undefined): Told {
  if (error instanceof CliError) return { code: error.code, message: error.message, exitCode: error.exitCode };
  if (error instanceof IdentityError) {
    const { code, message, field, requestId = code === 'UNREACHABLE' ? undefined : lastRequestId, cause } = error;
    const isUnknown = code === 'UNREACHABLE' && cause !== undefined;
    return {
      code,
      message: isUnknown ? `${message.replace(/\.$/, '')}${reasonOf(cause)}. Check the URL and the network.` : message,
      field,
      requestId,
      exitCode: exitCodeOf(code),
    };
  }
  return (
    fileFault(error) ?? {
      code: 'INTERNAL',
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
      exitCode: EXIT.internal,
    }
  );
}
