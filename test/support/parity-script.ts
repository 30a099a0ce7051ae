/** One script for two doors: what an identity provider does through SCIM, and the same as a tool does it through GraphQL. */
import { CONDECO, ENTERPRISE, GROUP, patchOp, USER } from './scim.js';

export const BADGES = 'urn:acme:params:scim:schemas:extension:badges:2.0:User';
/** An id that nobody has, in either tenant. */
export const NOBODY = '01890a5d-ac96-774b-bcce-b302099a8057';

export type Ids = Readonly<Record<string, string>>;
export type ScimRequest = readonly [method: string, path: string, body?: object, headers?: Record<string, string>];

export interface Step {
  readonly name: string;
  /** The name by which later steps know what this one creates. */
  readonly as?: string;
  readonly scim: (ids: Ids) => ScimRequest;
  readonly graphql: (ids: Ids) => readonly [mutation: string, input: object];
}

interface UserForm {
  readonly enterprise?: object | null;
  readonly condeco?: object | null;
  readonly extensions?: object;
  readonly [attribute: string]: unknown;
}

/** A user in GraphQL's form as SCIM writes it. */
const toScim = ({ enterprise, condeco, extensions = {}, ...rest }: UserForm) => ({
  schemas: [USER],
  ...rest,
  ...(enterprise !== undefined && { [ENTERPRISE]: enterprise }),
  ...(condeco !== undefined && { [CONDECO]: condeco }),
  ...extensions,
});

const make = (as: string, user: UserForm, name = `create ${as}`): Step => ({
  name,
  as,
  scim: () => ['POST', '/Users', toScim(user)],
  graphql: () => ['createUser', { user }],
});
const put = (of: string, user: UserForm, name: string): Step => ({
  name,
  scim: (ids) => ['PUT', `/Users/${ids[of]}`, toScim(user)],
  graphql: (ids) => ['replaceUser', { id: ids[of], user }],
});

const group = (displayName: string, members: readonly (string | undefined)[] = [], more: object = {}) => ({
  displayName,
  members: members.map((value) => ({ value })),
  ...more,
});
const makeGroup = (as: string, displayName: string, members: readonly string[], more: object = {}): Step => ({
  name: `create group ${as}`,
  as,
  scim: (ids) => [
    'POST',
    '/Groups',
    {
      schemas: [GROUP],
      ...group(
        displayName,
        members.map((one) => ids[one] ?? one),
        more,
      ),
    },
  ],
  graphql: (ids) => [
    'createGroup',
    {
      group: group(
        displayName,
        members.map((one) => ids[one] ?? one),
        more,
      ),
    },
  ],
});

type Operations = readonly { readonly op: string; readonly path: string; readonly value?: unknown }[];
/** A PATCH with its paths written out, which `changeUser` and `changeGroup` take as well. */
const patch = (kind: 'User' | 'Group', of: string, name: string, operations: (ids: Ids) => Operations): Step => ({
  name,
  scim: (ids) => ['PATCH', `/${kind}s/${ids[of]}`, patchOp(...operations(ids))],
  graphql: (ids) => [
    `change${kind}`,
    { id: ids[of], changes: operations(ids).map(({ op, ...rest }) => ({ op: op.toUpperCase(), ...rest })) },
  ],
});
/** A PATCH, and the partial update that means the same. */
const update = (
  of: string,
  name: string,
  operations: Operations,
  user: UserForm,
  input: object = {},
  headers: Record<string, string> = {},
): Step => ({
  name,
  scim: (ids) => ['PATCH', `/Users/${ids[of]}`, patchOp(...operations), headers],
  graphql: (ids) => ['updateUser', { id: ids[of], user, ...input }],
});
const members = (op: 'add' | 'remove' | 'replace', of: string, names: readonly string[], name: string): Step => ({
  name,
  graphql: (ids) => [`${op}GroupMembers`, { groupId: ids[of], memberIds: names.map((one) => ids[one] ?? one) }],
  scim: (ids) => ['PATCH', `/Groups/${ids[of]}`, patchOp({ op, path: 'members', value: names.map((one) => ({ value: ids[one] ?? one })) })],
});
const remove = (kind: 'User' | 'Group', of: string, name: string): Step => ({
  name,
  scim: (ids) => ['DELETE', `/${kind}s/${ids[of]}`],
  graphql: (ids) => [`delete${kind}`, { id: ids[of] }],
});
const active = (of: string, value: boolean, name: string): Step => ({
  name,
  scim: (ids) => ['PATCH', `/Users/${ids[of]}`, patchOp({ op: 'replace', path: 'active', value })],
  graphql: (ids) => [value ? 'reactivateUser' : 'deactivateUser', { id: ids[of] }],
});

const ann: UserForm = {
  userName: 'Ann.Lee@x.com',
  externalId: 'hr-1',
  name: { givenName: 'Ann', familyName: 'Lee' },
  displayName: 'Ann Lee',
  title: 'Engineer',
  locale: 'en-GB',
  emails: [
    { value: 'Ann@x.com', type: 'work', primary: true },
    { value: 'ann@home.example', type: 'home' },
  ],
  phoneNumbers: [{ value: '+44 1', type: 'mobile' }],
  enterprise: { department: 'Sales', costCenter: '7' },
  condeco: { group: 'Desks', floor: '3' },
  extensions: { [BADGES]: { level: 3, doors: ['north', 'south'] } },
};

export const script: readonly Step[] = [
  make('ann', ann),
  make('ben', { userName: 'ben@x.com', active: false }),
  make('cy', { userName: 'cy@x.com', displayName: '  ', emails: [] }, 'create with nothing in what is given'),
  make('strasse', { userName: 'STRASSE-ı-K@x.com', displayName: 'Ünï' }, 'create with letters that fold'),
  make('twin', { userName: 'ANN.LEE@X.COM' }, 'a taken user name'),
  make('nameless', { title: 'Nobody' }, 'no user name'),
  make('wrong', { userName: 'wrong@x.com', extensions: { [BADGES]: { level: 'high' } } }, 'an extension value of another kind'),
  put('ann', ann, 'replace by the same'),
  put('ann', { ...ann, title: 'Director', phoneNumbers: undefined, condeco: null }, 'replace, with less'),
  put('ben', { userName: 'ben@x.com' }, 'replace without "active" keeps a leaver inactive'),
  put('ben', { userName: 'ann.lee@x.com' }, 'replace into a taken user name'),
  update('ann', 'change one attribute', [{ op: 'replace', path: 'title', value: 'CEO' }], { title: 'CEO' }),
  update('ann', 'change it again to the same', [{ op: 'replace', path: 'title', value: 'CEO' }], { title: 'CEO' }),
  update('ann', 'clear one', [{ op: 'remove', path: 'locale' }], { locale: null }),
  update('ann', 'change part of a complex value', [{ op: 'replace', path: 'name.givenName', value: 'Anna' }], {
    name: { givenName: 'Anna' },
  }),
  update('ann', 'change the case of the user name', [{ op: 'replace', path: 'userName', value: 'ann.lee@X.com' }], {
    userName: 'ann.lee@X.com',
  }),
  update(
    'ann',
    'change part of an extension',
    [
      { op: 'replace', path: `${ENTERPRISE}:department`, value: 'Ops' },
      { op: 'remove', path: `${ENTERPRISE}:costCenter` },
    ],
    { enterprise: { department: 'Ops', costCenter: null } },
  ),
  update('ann', 'change a declared extension', [{ op: 'replace', path: `${BADGES}:level`, value: 4 }], {
    extensions: { [BADGES]: { level: 4 } },
  }),
  update(
    'ann',
    'a new primary address',
    [{ op: 'replace', path: 'emails', value: [{ value: 'new@x.com', type: 'work', primary: true }] }],
    { emails: [{ value: 'new@x.com', type: 'work', primary: true }] },
  ),
  update(
    'ann',
    'at another version',
    [{ op: 'replace', path: 'title', value: 'x' }],
    { title: 'x' },
    { ifVersion: 1 },
    { 'if-match': 'W/"1"' },
  ),
  update(
    'cy',
    'at the right version',
    [{ op: 'replace', path: 'title', value: 'x' }],
    { title: 'x' },
    { ifVersion: 1 },
    { 'if-match': 'W/"1"' },
  ),
  update(
    'cy',
    'with a key',
    [{ op: 'replace', path: 'nickName', value: 'y' }],
    { nickName: 'y' },
    { idempotencyKey: 'once' },
    { 'idempotency-key': 'once' },
  ),
  update(
    'cy',
    'with the key again',
    [{ op: 'replace', path: 'nickName', value: 'y' }],
    { nickName: 'y' },
    { idempotencyKey: 'once' },
    { 'idempotency-key': 'once' },
  ),
  update('cy', 'only tried', [{ op: 'replace', path: 'nickName', value: 'z' }], { nickName: 'z' }, { dryRun: true }, { prefer: 'dry-run' }),
  patch('User', 'ann', 'canonical changes', () => [
    { op: 'add', path: 'emails', value: [{ value: 'two@x.com', type: 'home' }] },
    { op: 'replace', path: 'emails[type eq "home"].display', value: 'Home' },
  ]),
  patch('User', 'ann', 'a change without a target, after a good one', () => [
    { op: 'replace', path: 'title', value: 'Lost' },
    { op: 'replace', path: 'emails[type co "fax"].value', value: 'x' },
  ]),
  patch('User', 'ann', 'a change of what is not to be changed', () => [{ op: 'replace', path: 'id', value: 'mine' }]),
  active('ann', false, 'deactivate'),
  active('ann', false, 'deactivate again'),
  active('ann', true, 'reactivate'),
  makeGroup('sales', 'Sales', ['ann', 'cy'], { externalId: 'g-1' }),
  makeGroup('all', 'Everybody', ['sales', 'strasse']),
  makeGroup('taken', 'SALES', []),
  makeGroup('unknown', 'With a stranger', ['ann', NOBODY]),
  members('add', 'sales', ['ben', 'ann'], 'add members, one of whom is one already'),
  members('add', 'sales', ['ben'], 'add a member again'),
  members('add', 'sales', ['ben', NOBODY], 'add a stranger'),
  members('add', 'sales', ['all'], 'close a circle of groups'),
  members('remove', 'sales', ['cy', NOBODY], 'remove a member, and one who is none'),
  members('replace', 'sales', ['cy', 'ann'], 'replace the members'),
  members('replace', 'all', ['sales', 'ben'], 'replace the members, groups among them'),
  patch('Group', 'sales', 'rename', () => [{ op: 'replace', path: 'displayName', value: 'Sales EMEA' }]),
  patch('Group', 'sales', 'rename and add in one', (ids) => [
    { op: 'replace', path: 'displayName', value: 'Sales' },
    { op: 'add', path: 'members', value: [{ value: ids['strasse'] }] },
  ]),
  {
    name: 'rename by an update',
    scim: (ids) => ['PATCH', `/Groups/${ids['all']}`, patchOp({ op: 'replace', path: 'displayName', value: 'All' })],
    graphql: (ids) => ['updateGroup', { id: ids['all'], group: { displayName: 'All' } }],
  },
  {
    name: 'rename into a taken name',
    scim: (ids) => ['PATCH', `/Groups/${ids['all']}`, patchOp({ op: 'replace', path: 'displayName', value: 'sales' })],
    graphql: (ids) => ['updateGroup', { id: ids['all'], group: { displayName: 'sales' } }],
  },
  {
    name: 'replace a group',
    scim: (ids) => ['PUT', `/Groups/${ids['sales']}`, { schemas: [GROUP], ...group('Sales UK', [ids['ben']]) }],
    graphql: (ids) => ['replaceGroup', { id: ids['sales'], group: group('Sales UK', [ids['ben']]) }],
  },
  remove('User', 'ben', 'delete a member'),
  remove('User', 'ben', 'delete it again'),
  remove('Group', 'sales', 'delete a group in a group'),
  make('again', { ...ann, userName: 'ben@x.com' }, 'the name is free again'),
  makeGroup('last', 'Last', ['ann', 'again', 'all']),
];
