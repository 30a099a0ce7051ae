/** What holds for any text and any tree of the language. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Attribute } from '../../schema/attribute.js';
import { Failure } from '../../schema/failure.js';
import { formatFilter, parseFilter } from '../../schema/filter.js';
import { formatPath, parseAttributeRef, parsePath } from '../../schema/path.js';
import { coreAttributes, groupResource, limits, type ResourceType, userResource } from '../../schema/resources.js';
import type { AttributeRef, Comparison, Filter, Path } from '../../schema/tree.js';
import { ENTERPRISE, kinds } from './kinds.js';

const OPERATORS: Comparison[] = ['eq', 'ne', 'gt', 'ge', 'lt', 'le', 'co', 'sw', 'ew'];
const operatorsOf: Partial<Record<Attribute['type'], Comparison[]>> = {
  boolean: ['eq', 'ne'],
  binary: ['eq', 'ne', 'co'],
  integer: OPERATORS.slice(0, 6),
  decimal: OPERATORS.slice(0, 6),
  dateTime: OPERATORS.slice(0, 6),
};

const text = fc.string({ unit: 'binary', maxLength: 20 }).filter((value) => !value.includes('\0') && value.isWellFormed());
const valueOf: Partial<Record<Attribute['type'], fc.Arbitrary<string | number | boolean>>> = {
  boolean: fc.boolean(),
  integer: fc.maxSafeInteger(),
  decimal: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  dateTime: fc
    .date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true })
    .map((date) => date.toISOString()),
};

const refsOf = (type: ResourceType): AttributeRef[] => [
  ...coreAttributes(type).map((attribute) => ({ attribute })),
  ...type.extensions.flatMap((extension) => extension.attributes.map((attribute) => ({ extension, attribute }))),
];
const subsOf = (owner: AttributeRef): AttributeRef[] => (owner.attribute.subAttributes ?? []).map((sub) => ({ ...owner, sub }));

const leaf = (target: AttributeRef): fc.Arbitrary<Filter> => {
  const attribute = target.sub ?? target.attribute;
  const present: Filter = { kind: 'present', target };
  if (attribute.type === 'complex') return fc.constant(present);
  const compare = fc.record({
    kind: fc.constant('compare' as const),
    target: fc.constant(target),
    operator: fc.constantFrom(...(operatorsOf[attribute.type] ?? OPERATORS)),
    value: valueOf[attribute.type] ?? text,
  });
  const isNull = fc
    .constantFrom('eq' as const, 'ne' as const)
    .map((operator): Filter => ({ kind: 'compare', target, operator, value: null }));
  return fc.oneof({ arbitrary: compare, weight: 5 }, isNull, fc.constant(present));
};

const join = (kind: 'and' | 'or', terms: Filter[]): Filter => ({
  kind,
  terms: terms.flatMap((term) => (term.kind === kind ? term.terms : [term])),
});

const treeOf = (leaves: fc.Arbitrary<Filter>): fc.Arbitrary<Filter> =>
  fc.letrec<{ tree: Filter }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      leaves,
      fc
        .tuple(fc.constantFrom('and' as const, 'or' as const), fc.array(tie('tree'), { minLength: 2, maxLength: 3 }))
        .map(([kind, terms]) => join(kind, terms)),
      tie('tree').map((term): Filter => ({ kind: 'not', term })),
    ),
  })).tree;

const elementFilterOf = (owner: AttributeRef) => treeOf(fc.constantFrom(...subsOf(owner)).chain(leaf));
const isComplex = ({ attribute }: AttributeRef) => attribute.type === 'complex';

const pathOf = (type: ResourceType): fc.Arbitrary<Path> =>
  fc.oneof(
    fc.constantFrom(...refsOf(type), ...refsOf(type).flatMap(subsOf)).map((ref): Path => ({ kind: 'attribute', ...ref })),
    fc
      .constantFrom(...refsOf(type).filter(isComplex))
      .chain((owner) =>
        fc
          .tuple(fc.constantFrom(owner, ...subsOf(owner)), elementFilterOf(owner))
          .map(([ref, filter]): Path => ({ kind: 'attribute', ...ref, filter })),
      ),
    ...type.extensions.map((extension) => fc.constant<Path>({ kind: 'extension', extension })),
  );

const filterOf = (type: ResourceType): fc.Arbitrary<Filter> => {
  const visible = refsOf(type).filter(({ attribute }) => attribute.returned !== 'never');
  const elements = fc
    .constantFrom(...visible.filter(isComplex))
    .chain((target) => elementFilterOf(target).map((filter): Filter => ({ kind: 'element', target, filter })));
  return treeOf(fc.oneof({ arbitrary: fc.constantFrom(...visible, ...visible.flatMap(subsOf)).chain(leaf), weight: 3 }, elements));
};

const fits = (printed: string) => printed.length <= limits.filterLength;

describe.each([
  ['users', userResource],
  ['groups', groupResource],
  ['every kind', kinds],
])('round trips: %s', (_, type) => {
  it('a path that is printed is read as the same path', () => {
    fc.assert(
      fc.property(pathOf(type), (path) => {
        fc.pre(fits(formatPath(path)));
        expect(parsePath(type, formatPath(path))).toEqual(path);
      }),
      { numRuns: 500 },
    );
  });

  it('a filter that is printed is read as the same filter', () => {
    fc.assert(
      fc.property(filterOf(type), (filter) => {
        fc.pre(fits(formatFilter(filter)) && formatFilter(filter).split(/ (?:and|or) /).length < limits.filterTerms);
        expect(parseFilter(type, formatFilter(filter))).toEqual(filter);
      }),
      { numRuns: 500 },
    );
  });
});

const scraps = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'userName',
        'emails',
        'emails.value',
        'type',
        'value',
        'active',
        'meta.created',
        'manager',
        'members',
        'urn:',
        `${ENTERPRISE}:`,
        'department',
        '.value',
        'eq',
        'ne',
        'co',
        'gt',
        'pr',
        'and',
        'or',
        'not',
        '(',
        ')',
        '[',
        ']',
        '"',
        '\\',
        '"work"',
        'true',
        'null',
        '1',
        '2026-01-01T00:00:00Z',
        '__proto__',
        '\0',
      ),
      fc.string({ unit: 'binary', maxLength: 5 }),
    ),
    { maxLength: 14 },
  )
  .chain((words) => fc.constantFrom('', ' ').map((space) => words.join(space)));
const anything = fc.oneof(scraps, fc.string(), fc.string({ unit: 'binary', maxLength: 200 }));

/** Runs a parser; undefined where it refuses with one of the codes, everything else it throws is thrown. */
function attempt<T>(parse: () => T, codes: string[]): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (error instanceof Failure && codes.includes(error.code) && /at position [1-9]\d*: .+\.$/s.test(error.message)) return undefined;
    throw error;
  }
}

describe.each([
  ['users', userResource],
  ['groups', groupResource],
])('any text: %s', (_, type) => {
  it('is a filter that can be printed, or is refused with a position', () => {
    fc.assert(
      fc.property(anything, (sent) => {
        const filter = attempt(() => parseFilter(type, sent), ['INVALID_FILTER']);
        if (filter) expect(parseFilter(type, formatFilter(filter))).toEqual(filter);
      }),
      { numRuns: 5_000 },
    );
  });

  it('is a path that can be printed, or is refused with a position', () => {
    fc.assert(
      fc.property(anything, (sent) => {
        const path = attempt(() => parsePath(type, sent), ['INVALID_FILTER', 'INVALID_PATH']);
        if (path) expect(parsePath(type, formatPath(path))).toEqual(path);
      }),
      { numRuns: 5_000 },
    );
  });

  it('is the name of an attribute, or is refused with a position', () => {
    fc.assert(
      fc.property(anything, (sent) => void attempt(() => parseAttributeRef(type, sent), ['INVALID_PATH'])),
      { numRuns: 1_000 },
    );
  });

  it('however deep it nests', () => {
    const opening = fc.constantFrom('(', 'not (', 'not(', 'emails[', '((', '[', ' not ');
    fc.assert(
      fc.property(fc.array(opening, { minLength: 17, maxLength: 2_000, size: 'max' }), (openings) => {
        expect(attempt(() => parseFilter(type, openings.join('')), ['INVALID_FILTER'])).toBeUndefined();
      }),
      { numRuns: 200 },
    );
  });
});
