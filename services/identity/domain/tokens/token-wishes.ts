/** What somebody wants a token to be, checked. */
import { Failure } from '../../../../schema/failure.js';
import { isStorable } from '../../../../schema/value.js';
import { type Audience, scopesOf } from '../caller.js';
import { checkedNetworks } from './networks.js';

export interface TokenWishes {
  readonly audience: Audience;
  /** All that may be granted where absent. */
  readonly scopes?: readonly string[] | null | undefined;
  /** Seconds; the published default, or less where the policy has it, where absent. */
  readonly expiresIn?: number | null | undefined;
  readonly name?: string | null | undefined;
  readonly description?: string | null | undefined;
  readonly allowedNetworks?: readonly string[] | null | undefined;
}

const LONGEST = { name: 100, description: 1000 } as const;

function checkedText(field: keyof typeof LONGEST, text: string | null | undefined): string | null {
  const trimmed = text?.trim() ?? '';
  if (trimmed === '') return null;
  if (trimmed.length > LONGEST[field] || !isStorable(trimmed)) {
    throw new Failure('INVALID_VALUE', { field, detail: `"${field}" is text of up to ${LONGEST[field]} characters.` });
  }
  return trimmed;
}

function checkedScopes(audience: Audience, asked: readonly string[] | null | undefined, grantable: readonly string[]): string[] {
  const known: readonly string[] = scopesOf[audience];
  const scopes = [...new Set(asked ?? known.filter((scope) => grantable.includes(scope)))];
  const foreign = scopes.find((scope) => !known.includes(scope));
  if (foreign !== undefined) {
    throw new Failure('INVALID_VALUE', {
      field: 'scopes',
      detail: `${JSON.stringify(foreign)} is no scope of this audience; choose among ${known.join(', ')}.`,
    });
  }
  const missing = scopes.filter((scope) => !grantable.includes(scope));
  if (missing.length > 0) {
    throw new Failure('FORBIDDEN', {
      field: 'scopes',
      detail: `Nobody can pass on what they do not hold: your token lacks ${missing.join(', ')}.`,
    });
  }
  if (scopes.length === 0) {
    throw new Failure('INVALID_VALUE', { field: 'scopes', detail: 'A token without a scope would be good for nothing; name one.' });
  }
  return scopes;
}

/** The wishes, where they make sense and ask for nothing that is not grantable. Fails with INVALID_VALUE, FORBIDDEN. */
export const checkedWishes = ({ audience, scopes, name, description, allowedNetworks }: TokenWishes, grantable: readonly string[]) => ({
  audience,
  scopes: checkedScopes(audience, scopes, grantable),
  name: checkedText('name', name),
  description: checkedText('description', description),
  allowedNetworks: checkedNetworks(allowedNetworks ?? []),
});
