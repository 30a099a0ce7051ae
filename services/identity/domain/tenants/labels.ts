/** Texts that people write for people: names, descriptions, reasons. */
import { Failure } from '../../../../schema/failure.js';
import { isStorable } from '../../../../schema/value.js';

/** The text without the spaces around it. Fails with INVALID_VALUE where nothing is left, where it is too long, or where it is none. */
export function checkedLabel(field: string, text: string | null, what: string, longest: number): string {
  const trimmed = text?.trim() ?? '';
  if (trimmed !== '' && trimmed.length <= longest && isStorable(trimmed)) return trimmed;
  throw new Failure('INVALID_VALUE', { field, detail: `${what} is text of 1 to ${longest} characters.` });
}
