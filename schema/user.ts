/** The User resource as data: RFC 7643, sections 4.1 and 4.3, and Condeco's published extension. */
import { binary, boolean, complex, list, many, reference, type Schema, string } from './attribute.js';
import { readDeclaration } from './declaration.js';

const WORK_HOME_OTHER = ['work', 'home', 'other'];

const name = complex('name', 'The parts of the name.', [
  string('formatted', 'The whole name, for display.', { madeOf: ['givenName', 'familyName'] }),
  string('familyName', 'The last name.'),
  string('givenName', 'The first name.'),
  string('middleName', 'The middle names.'),
  string('honorificPrefix', 'A title, as in "Ms.".'),
  string('honorificSuffix', 'A suffix, as in "III".'),
]);

const addresses = many(
  complex(
    'addresses',
    'Postal addresses; Condeco reads country and locality of the work address as the location.',
    [
      string('formatted', 'The whole address, for a label.'),
      string('streetAddress', 'Street, house number, and so on.'),
      string('locality', 'City; in Condeco the building or location.'),
      string('region', 'State or region.'),
      string('postalCode', 'Postal code.'),
      string('country', 'Country, as an ISO 3166-1 alpha-2 code where it is one.'),
      string('type', 'What this address is used for.', { canonicalValues: WORK_HOME_OTHER }),
      boolean('primary', 'Whether this is the preferred address; true for one at most.'),
    ],
    { aliases: ['address'] },
  ),
); // "address[type eq \"work\"]" in Condeco's published mapping table

const groups = many(
  complex(
    'groups',
    'The groups the user belongs to, directly or through other groups; changed through the groups.',
    [
      string('value', 'The id of the group.', { mutability: 'readOnly' }),
      reference('$ref', 'The address of the group.', ['Group'], { mutability: 'readOnly' }),
      string('display', 'The name of the group.', { mutability: 'readOnly' }),
      string('type', 'Whether the membership is direct, or by a group that is a member of the group.', {
        mutability: 'readOnly',
        canonicalValues: ['direct', 'indirect'],
      }),
    ],
    { mutability: 'readOnly', isRelation: true },
  ),
);

export const userSchema: Schema = {
  id: 'urn:ietf:params:scim:schemas:core:2.0:User',
  name: 'User',
  description: 'A person who may use Condeco.',
  attributes: [
    string('userName', 'The name the user signs in with; unique in the tenant without regard to case, kept as given.', {
      required: true,
      uniqueness: 'server',
    }),
    name,
    string('displayName', 'The name shown to others.', { isIndexed: true }),
    string('nickName', 'The casual name.'),
    reference('profileUrl', "The address of the user's profile page.", ['external']),
    string('title', 'The job title.'),
    string('userType', 'How the user relates to the organisation, as in "Employee".'),
    string('preferredLanguage', 'The language the user prefers, as in "en-GB".', { aliases: ['preferedLanguage'] }), // Condeco's published spelling
    string('locale', 'The locale for dates and numbers, as in "en-GB".'),
    string('timezone', 'The IANA time zone, as in "Europe/London".'),
    boolean('active', 'Whether the user may use Condeco; a leaver is inactive.', { defaultValue: true, keptWhenAbsent: true }),
    string('password', 'Accepted and ignored: Condeco stores no passwords.', {
      mutability: 'writeOnly',
      returned: 'never',
      caseExact: true,
    }),
    list('emails', 'E-mail addresses.', string('value', 'The address.', { isIndexed: true }), WORK_HOME_OTHER),
    list('phoneNumbers', 'Phone numbers, kept as given.', string('value', 'The number.'), [
      'work',
      'home',
      'mobile',
      'fax',
      'pager',
      'other',
    ]),
    list('ims', 'Instant messaging addresses.', string('value', 'The address.'), [
      'aim',
      'gtalk',
      'icq',
      'xmpp',
      'msn',
      'skype',
      'qq',
      'yahoo',
    ]),
    list('photos', 'Addresses of photos.', reference('value', 'The address of the photo.', ['external']), ['photo', 'thumbnail']),
    addresses,
    groups,
    list('entitlements', 'What the user is entitled to.', string('value', 'The entitlement.')),
    list('roles', 'The roles of the user.', string('value', 'The role.')),
    list('x509Certificates', 'Certificates of the user.', binary('value', 'The DER certificate in base64.')),
  ],
};

export const enterpriseUserSchema: Schema = {
  id: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
  name: 'EnterpriseUser',
  field: 'enterprise',
  description: "The user's place in the organisation.",
  attributes: [
    string('employeeNumber', 'The number of the employee.'),
    string('costCenter', 'The cost center.'),
    string('organization', 'The organisation.'),
    string('division', 'The division.'),
    string('department', 'The department.'),
    // No displayName (RFC 7643, 4.3, has it optional): it would be read anew with every user, of another user, and move without a version.
    // GraphQL looks it up where it is asked for.
    complex('manager', "The user's manager.", [
      string('value', "The id of the manager's user.", { aliases: ['managerId'] }), // OneLogin's template
      reference('$ref', "The address of the manager's user.", ['User'], { mutability: 'readOnly' }),
    ]),
  ],
};

/** Published by Condeco, and declared as tenants declare theirs; the odd URN is the one customers have configured. */
export const condecoUserSchema: Schema = {
  ...readDeclaration({
    id: 'urn:ietf:params:scim:schemas:extension:customextensionname:2.0:User',
    name: 'CondecoUser',
    description: 'What Condeco books by.',
    attributes: [
      { name: 'group', description: 'The booking group.' },
      { name: 'floor', description: 'The floor the user sits on.' },
      { name: 'businessCategory', description: 'The business category.' },
    ],
  }),
  field: 'condeco',
};
