/** A resource with one attribute of each kind, and what the tests of the language share. */
import { binary, boolean, complex, dateTime, integer, many, reference, string } from '../../schema/attribute.js';
import { Failure } from '../../schema/failure.js';
import { type ResourceType, userResource } from '../../schema/resources.js';

export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
export const CORE = 'urn:ietf:params:scim:schemas:core:2.0:User';

const ofEachKind = [
  string('text', 'Text.'),
  string('exact', 'Text with case.', { caseExact: true }),
  boolean('flag', 'A flag.'),
  integer('count', 'A whole number.'),
  { ...integer('ratio', 'A number.'), type: 'decimal' } as const,
  dateTime('when', 'An instant.'),
  reference('link', 'An address.', ['external']),
  binary('bytes', 'Bytes.'),
];

export const kinds: ResourceType = {
  ...userResource,
  schema: {
    id: 'urn:example:kinds',
    name: 'Kinds',
    description: 'One of each kind.',
    attributes: [
      ...ofEachKind,
      complex('part', 'Parts.', ofEachKind),
      many(complex('parts', 'Many parts.', ofEachKind)),
      many(string('words', 'Words.')),
    ],
  },
  extensions: [],
};

/** What a call refuses with; fails where it does not refuse, or not with a Failure. */
export function refusalOf(call: () => unknown): { code: string; detail: string; field: string | undefined } {
  try {
    call();
  } catch (error) {
    if (error instanceof Failure) return { code: error.code, detail: error.message, field: error.field };
    throw error;
  }
  throw new Error('nothing was refused');
}
