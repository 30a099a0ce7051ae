/**
 * The filter language of RFC 7644, section 3.4.2.2, read into a tree that is bound to declared attributes.
 * Wider than the standard where clients are: literals without quotes ("externalId eq jyoung"), booleans as text ("True"), a
 * value path that goes on (`emails[type eq "work"].value eq "x"`, Entra), extension attributes without their URN.
 */
import { type Attribute, string } from './attribute.js';
import { compare } from './comparison.js';
import { Failure } from './failure.js';
import { matchesElement } from './match.js';
import { bindName, bindSub, findSub, lastOf } from './name.js';
import { oncePer } from './once-per.js';
import { limits, type ResourceType } from './resources.js';
import { peek, quote, type Reader, refusal, type Refusal, startReading, take, takeKeyword, takeKind, type Token } from './scan.js';
import type { AttributeRef, Filter } from './tree.js';

export { formatFilter } from './format.js';

/** What is needed to read a term: how names are bound, and whose elements a bracket is about. */
interface Scope {
  readonly type: ResourceType;
  readonly refuse: Refusal;
  readonly owner?: AttributeRef;
  /** Words in the brackets of a path that name no part of the owner; those of a filter are refused at once. */
  readonly strangers?: Token[] | undefined;
  /** The other types that are searched together with this one. */
  readonly others?: readonly ResourceType[];
}

type Parser = (reader: Reader, scope: Scope) => Filter;

/**
 * Reads a filter, or throws INVALID_FILTER with the position and what was expected there. Where several types are searched at once, an
 * attribute that only one of the others has is one without a value here (RFC 7644, 3.4.2.1).
 */
export function parseFilter(type: ResourceType, text: string, others: readonly ResourceType[] = []): Filter {
  const refuse = refusal('INVALID_FILTER', 'filter');
  const reader = startReading(text, 'filter', refuse);
  const filter = disjunction(reader, { type, refuse, others });
  takeKind(reader, 'end', '"and", "or" or the end', refuse);
  return filter;
}

/**
 * Reads `[filter]` about the elements of an attribute. What cannot be read inside is INVALID_FILTER, in a path too; that the attribute
 * takes no brackets is for the text around them to refuse. In a path so is a name that is no part's, and last: such a path reads well, and
 * a PATCH may pass over it. Of members that is INVALID_FILTER all the same: whoever was to be removed by it would stay without a word.
 */
export function parseBrackets(reader: Reader, type: ResourceType, owner: AttributeRef, refuseOwner: Refusal): Filter {
  const { attribute, sub } = owner;
  const elements = reader.what === 'path' ? { ...owner, attribute: withValue(attribute) } : owner;
  if (sub || elements.attribute.type !== 'complex') {
    throw refuseOwner(peek(reader).at, `${quote(lastOf(owner).name)} takes no filter in brackets`);
  }
  const refuse = refusal('INVALID_FILTER', reader.what);
  const strangers: Token[] | undefined = reader.what === 'path' ? [] : undefined;
  const filter = nested(reader, refuse, () => {
    takeKind(reader, '[', '"["', refuse);
    const inside = disjunction(reader, { type, refuse, owner: elements, strangers });
    takeKind(reader, ']', '"and", "or" or "]"', refuse);
    return inside;
  });
  const [first] = strangers ?? [];
  if (first) bindSub(elements, first.text, first.at, attribute.isRelation && attribute.mutability !== 'readOnly' ? refuse : refuseOwner);
  return filter;
}

/**
 * A list of plain values as if each were a `value`: in brackets it is called so (RFC 7644, 3.5.2.2, "a complex filter comparing a value").
 */
const withValue = oncePer((attribute: Attribute): Attribute =>
  attribute.multiValued && attribute.type !== 'complex'
    ? { ...attribute, type: 'complex', subAttributes: [{ ...attribute, name: 'value', multiValued: false }] }
    : attribute,
);

const disjunction: Parser = (reader, scope) => chain('or', conjunction, reader, scope);

const conjunction: Parser = (reader, scope) => chain('and', factor, reader, scope);

function chain(kind: 'and' | 'or', operand: Parser, reader: Reader, scope: Scope): Filter {
  const terms = [operand(reader, scope)];
  while (takeKeyword(reader, kind)) terms.push(operand(reader, scope));
  return join(kind, terms);
}

/** One list for `a and (b and c)`; no list for a single term. */
function join(kind: 'and' | 'or', terms: readonly Filter[]): Filter {
  if (terms.length === 1) return terms[0]!;
  const flat = terms.flatMap((term) => (term.kind === kind ? term.terms : [term]));
  return { kind, terms: flat };
}

const factor: Parser = (reader, scope) => {
  if (takeKeyword(reader, 'not')) return { kind: 'not', term: group(reader, scope) };
  return peek(reader).kind === '(' ? group(reader, scope) : term(reader, scope);
};

const group: Parser = (reader, scope) =>
  nested(reader, scope.refuse, () => {
    takeKind(reader, '(', '"(" after "not"', scope.refuse);
    const filter = disjunction(reader, scope);
    takeKind(reader, ')', '"and", "or" or ")"', scope.refuse);
    return filter;
  });

const term: Parser = (reader, scope) => {
  const word = takeKind(reader, 'word', 'an attribute, "not" or "("', scope.refuse);
  const { target, isForeign } = bind(scope, word);
  refuseUnasked(target, word.at, scope.refuse);
  const filter = peek(reader).kind === '[' ? element(reader, scope, target) : counted(reader, scope, target);
  return isForeign ? { kind: 'constant', holds: filter.kind !== 'element' && matchesElement(filter, {}) } : filter;
};

function bind({ type, owner, strangers, others = [], refuse }: Scope, word: Token): { target: AttributeRef; isForeign: boolean } {
  if (owner) return { target: findSub(owner, word.text) ?? stranger(owner, word, refuse, strangers), isForeign: false };
  const [own, ...foreign] = [type, ...others].map((one) => () => bindName(one, word, refuse));
  const target = others.length === 0 ? own!() : attempt(own!);
  if (target) return { target, isForeign: false };
  const found = foreign.map(attempt).find((ref) => ref !== undefined);
  return { target: found ?? own!(), isForeign: true };
}

const ANYTHING = string('anything', 'What an attribute that nobody knows would be compared as.');

function stranger(owner: AttributeRef, word: Token, refuse: Refusal, strangers: Token[] | undefined): AttributeRef {
  if (!strangers) return bindSub(owner, word.text, word.at, refuse);
  strangers.push(word);
  return { ...owner, sub: ANYTHING };
}

function attempt(read: () => AttributeRef): AttributeRef | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

/** `emails[type eq "work"]`, and as Entra sends it `emails[type eq "work"].value eq "x"`: both hold for the same element. */
function element(reader: Reader, scope: Scope, target: AttributeRef): Filter {
  const filter = parseBrackets(reader, scope.type, target, scope.refuse);
  const { kind, text, at } = peek(reader);
  if (kind !== 'word' || !text.startsWith('.')) return { kind: 'element', target, filter };
  take(reader);
  const inner = bindSub(target, text.slice(1), at + 1, scope.refuse);
  refuseUnasked(inner, at + 1, scope.refuse);
  const more = counted(reader, scope, inner);
  return { kind: 'element', target, filter: join('and', [filter, more]) };
}

function counted(reader: Reader, { refuse }: Scope, target: AttributeRef): Filter {
  reader.terms += 1;
  if (reader.terms > limits.filterTerms) throw refuse(peek(reader).at, `more than ${limits.filterTerms} comparisons`);
  return takeKeyword(reader, 'pr') ? { kind: 'present', target } : compare(reader, target, refuse);
}

function nested(reader: Reader, refuse: Refusal, read: () => Filter): Filter {
  reader.depth += 1;
  if (reader.depth > limits.filterDepth) throw refuse(peek(reader).at, `nested more than ${limits.filterDepth} levels deep`);
  const filter = read();
  reader.depth -= 1;
  return filter;
}

/**
 * Whoever may compare with what is never returned can guess it (RFC 7643, section 7, "returned"). A list within a value, which earlier
 * releases let tenants declare, is kept and shown, but no filter can say which of its elements it is about.
 */
function refuseUnasked(target: AttributeRef, at: number, refuse: Refusal): void {
  const { name, returned } = lastOf(target);
  if (returned === 'never' || target.sub?.multiValued) throw refuse(at, `${quote(name)} cannot be filtered by`);
}
