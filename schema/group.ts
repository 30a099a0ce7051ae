/** The Group resource as data: RFC 7643, section 4.2. */
import { complex, many, reference, type Schema, string } from './attribute.js';

export const groupSchema: Schema = {
  id: 'urn:ietf:params:scim:schemas:core:2.0:Group',
  name: 'Group',
  description: 'A named set of users and of other groups.',
  attributes: [
    string('displayName', 'The name of the group; unique in the tenant without regard to case, kept as given.', {
      required: true,
      uniqueness: 'server',
    }),
    many(
      complex(
        'members',
        'The members. Identity providers that omit them in a PUT do not mean to empty the group.',
        [
          // Ids compare without case here, as in RFC 7643, section 8.7.1: some providers keep them in capitals.
          string('value', 'The id of the member.', { mutability: 'immutable', required: true }),
          reference('$ref', 'The address of the member.', ['User', 'Group'], { mutability: 'readOnly' }),
          string('display', 'The name of the member.', { mutability: 'readOnly' }),
          string('type', 'What the member is; where it is not said (Okta never says it), the id decides.', {
            mutability: 'immutable',
            canonicalValues: ['User', 'Group'],
          }),
        ],
        { isRelation: true, keptWhenAbsent: true, aliases: ['member'] },
      ),
    ), // to pass over a slip of the pen would be to lose people without a word
  ],
};
