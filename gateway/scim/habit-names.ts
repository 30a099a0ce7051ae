/** What the names of attributes show, in keys and in paths. */
import type { Json, JsonObject } from '../../schema/change.js';
import { describedElement } from '../../schema/element-edits.js';
import { attributeAt } from '../../schema/name.js';
import { commonAttributes } from '../../schema/resources.js';
import type { AttributePath, Path } from '../../schema/tree.js';
import { isNothing, isObject } from './dialects.js';
import { lookAtFilter } from './habit-filters.js';
import { type Look, lookAtOne, lookAtValue } from './habit-values.js';
import { isOwnUrn, resolveKey } from './keys.js';

export type { Look };

const MOST_KEYS = 50;

const isUrn = (text: string): boolean => /^urn:/i.test(text);

/** A URN with a colon too many after it, alone or before the name of an attribute. */
const COLON_AFTER_URN = /^urn:[^[]*?:(?::|$)/i;

/** A URN that we know, alone or before a name that we know. */
export const lookAtUrn = ({ seen }: Look, text: string): void => void (COLON_AFTER_URN.test(text) && seen.add('COLON_AFTER_URN'));

/** An object with attributes. */
export function lookAtDocument(look: Look, document: JsonObject): void {
  for (const key of Object.keys(document).slice(0, MOST_KEYS)) lookAtKey(look, key, document[key]);
}

/** An object with attributes to change. */
export function lookAtChanges(look: Look, changes: JsonObject): void {
  const isFixed = commonAttributes.some(({ name, mutability }) => mutability === 'readOnly' && Object.hasOwn(changes, name));
  if (isFixed) look.seen.add('READ_ONLY_CHANGES');
  lookAtDocument(look, changes);
}

function lookAtKey(look: Look, key: string, value: Json | undefined): void {
  const path = resolveKey(look.type, key);
  if (path || isOwnUrn(look.type, key)) lookAtUrn(look, key);
  if (isOwnUrn(look.type, key)) return isObject(value) ? lookAtDocument(look, value) : undefined;
  if (!path) return void look.seen.add('UNKNOWN_ATTRIBUTES');
  if (path.kind === 'extension') return lookAtExtension(look, path, value);
  if (isUrn(key)) look.seen.add('URN_KEYS');
  if (path.filter) look.seen.add('FILTERED_KEYS');
  else if (path.sub) look.seen.add('DOTTED_KEYS');
  lookAtNamed(look, path, key, value);
}

function lookAtExtension(look: Look, { extension }: Extract<Path, { kind: 'extension' }>, value: Json | undefined): void {
  if (!isObject(value)) return void (isNothing(value) && look.seen.add('EMPTY_VALUES'));
  for (const key of Object.keys(value).slice(0, MOST_KEYS)) {
    const name = `${extension.id}:${key}`;
    const path = resolveKey(look.type, name);
    if (path?.kind === 'attribute') lookAtNamed(look, path, name, value[key]);
    else look.seen.add('UNKNOWN_ATTRIBUTES');
  }
}

/** The path of an operation, and what is to be there. */
export function lookAtTarget(look: Look, target: string, value: Json | undefined, isRemoval: boolean): void {
  const text = target.trim();
  const path = resolveKey(look.type, text);
  if (path || isOwnUrn(look.type, text)) lookAtUrn(look, text);
  if (isOwnUrn(look.type, text)) return isObject(value) ? lookAtChanges(look, value) : undefined;
  if (!path) return void look.seen.add('UNKNOWN_ATTRIBUTES');
  if (path.kind === 'extension') return isRemoval ? undefined : lookAtExtension(look, path, value);
  if (isRemoval && path.attribute.multiValued && !path.sub && !path.filter && !isNothing(value)) look.seen.add('REMOVAL_BY_VALUES');
  lookAtNamed(look, path, text, isRemoval ? undefined : value);
}

function lookAtNamed(look: Look, path: AttributePath, text: string, value: Json | undefined): void {
  const { attribute, sub, filter, extension } = path;
  lookAtSpelling(look, path, text);
  if (extension && !isUrn(text)) look.seen.add('UNQUALIFIED_EXTENSIONS');
  if (attribute.mutability === 'writeOnly') look.seen.add('PASSWORD_SENT');
  if (filter) lookAtFilter(look, text);
  if (filter && value !== undefined && !describedElement(filter)) look.seen.add('FILTERS_WITHOUT_EQ');
  if (filter && !sub) lookAtOne(look, attribute, value);
  else lookAtValue(look, sub ?? attribute, value);
}

function lookAtSpelling({ type, seen }: Look, { attribute, sub, extension }: AttributePath, text: string): void {
  const name = text.slice(isUrn(text) ? attributeAt(extension ?? type.schema, text) : 0);
  const [first = ''] = name.split(/[.[]/, 1);
  if (first.toLowerCase() !== attribute.name.toLowerCase()) seen.add('MISSPELT_ATTRIBUTES');
  else if (first !== attribute.name || (sub && !name.endsWith(`.${sub.name}`))) seen.add('OTHER_CASE');
}
