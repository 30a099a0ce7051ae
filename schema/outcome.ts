/** How an operation of the core ended, in one word. */
import { type FailureCode, failures, isFailureCode } from './failure.js';

interface Answered {
  readonly data?: unknown;
  readonly errors?: readonly { readonly extensions?: Record<string, unknown> }[];
}

interface Payload {
  readonly result?: { readonly userErrors?: readonly { readonly code?: unknown }[] } | null;
}

const codeIn = ({ data, errors }: Answered): unknown => {
  if (errors && errors.length > 0) return errors[0]!.extensions?.['code'] ?? 'INTERNAL';
  return (data as Payload | null | undefined)?.result?.userErrors?.[0]?.code;
};

/** OK, or the first failure that is told, also where it is one that the caller can mend; what has no code of ours is INTERNAL. */
export function outcomeOf(answered: Answered): FailureCode | 'OK' {
  const code = codeIn(answered);
  if (code === undefined) return 'OK';
  return isFailureCode(code) ? code : 'INTERNAL';
}

/** Whether it is for us to mend, and not for the caller. */
export const isOurs = (outcome: FailureCode | 'OK'): boolean => outcome !== 'OK' && failures[outcome].status >= 500;
