/** Made by `npm run schema`. Do not edit. */
import type { TypedDocument } from '../typed-document.js';

/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/** Postal addresses; Condeco reads country and locality of the work address as the location. */
export type AddressInput = {
  /** Country, as an ISO 3166-1 alpha-2 code where it is one. */
  readonly country?: string | null | undefined;
  /** The whole address, for a label. */
  readonly formatted?: string | null | undefined;
  /** City; in Condeco the building or location. */
  readonly locality?: string | null | undefined;
  /** Postal code. */
  readonly postalCode?: string | null | undefined;
  /** Whether this is the preferred address; true for one at most. */
  readonly primary?: boolean | null | undefined;
  /** State or region. */
  readonly region?: string | null | undefined;
  /** Street, house number, and so on. */
  readonly streetAddress?: string | null | undefined;
  /** What this address is used for. */
  readonly type?: string | null | undefined;
};

/** Changes of a group, applied in order, all or nothing. */
export type ChangeGroupInput = {
  /** The changes. */
  readonly changes: ReadonlyArray<ChangeInput>;
  /** Answers what would come of it, and changes nothing. */
  readonly dryRun?: boolean | null | undefined;
  /** The id. */
  readonly id: string;
  /** 1 to 255 visible ASCII characters, best a random UUID. The same input with the same key is done once: for 24 hours its first answer is given again. Another input with the key is refused with IDEMPOTENCY_MISMATCH. */
  readonly idempotencyKey?: string | null | undefined;
  /** Only if the resource is still at this version; otherwise VERSION_MISMATCH. */
  readonly ifVersion?: number | null | undefined;
};

/** One canonical change of a resource: the language of SCIM PATCH with every choice made. */
export type ChangeInput = {
  /** What to do. */
  readonly op: ChangeOperation;
  /** The number of the caller's own operation, for refusals; the place in the list where absent. */
  readonly operation?: number | null | undefined;
  /** The target, as in `displayName`, `emails[type eq "work"].value` or `urn:…:User:department`. */
  readonly path: string;
  /** The value, as JSON; a list for a multi-valued attribute without a filter. */
  readonly value?: unknown;
};

/** What a change does (RFC 7644, section 3.5.2). */
export type ChangeOperation =
  /** Adds values to a list, or sets a single value. */
  | 'ADD'
  /** Removes the target; with a list of values, just those. */
  | 'REMOVE'
  /** Replaces the target; parts of a complex value that are not named stay. */
  | 'REPLACE';

/** Which subjects' records. */
export type ChangeSubject = {
  /** The id of the subject. */
  readonly id?: string | null | undefined;
  /** The type of the subject. */
  readonly type?: ChangeSubjectType | null | undefined;
};

/** What a change record is about. */
export type ChangeSubjectType =
  /** A client, which tokens are issued for. */
  | 'CLIENT'
  /** A group, or its members. */
  | 'GROUP'
  /** A tenant and its settings. */
  | 'TENANT'
  /** An access token. */
  | 'TOKEN'
  /** A user. */
  | 'USER';

/** Changes of a user, applied in order, all or nothing. */
export type ChangeUserInput = {
  /** The changes. */
  readonly changes: ReadonlyArray<ChangeInput>;
  /** Answers what would come of it, and changes nothing. */
  readonly dryRun?: boolean | null | undefined;
  /** The id. */
  readonly id: string;
  /** 1 to 255 visible ASCII characters, best a random UUID. The same input with the same key is done once: for 24 hours its first answer is given again. Another input with the key is refused with IDEMPOTENCY_MISMATCH. */
  readonly idempotencyKey?: string | null | undefined;
  /** Only if the resource is still at this version; otherwise VERSION_MISMATCH. */
  readonly ifVersion?: number | null | undefined;
};

/** What Condeco books by. */
export type CondecoUserInput = {
  /** The business category. */
  readonly businessCategory?: string | null | undefined;
  /** The floor the user sits on. */
  readonly floor?: string | null | undefined;
  /** The booking group. */
  readonly group?: string | null | undefined;
};

/** A group to create. */
export type CreateGroupInput = {
  /** Answers what would come of it, and changes nothing. */
  readonly dryRun?: boolean | null | undefined;
  /** The group. */
  readonly group: GroupInput;
  /** 1 to 255 visible ASCII characters, best a random UUID. The same input with the same key is done once: for 24 hours its first answer is given again. Another input with the key is refused with IDEMPOTENCY_MISMATCH. */
  readonly idempotencyKey?: string | null | undefined;
};

/** A token to make. Nobody hands on more than they hold: scopes and networks are within the caller's own. */
export type CreateTokenInput = {
  /** Networks in CIDR, or addresses, that it may be used from; from anywhere if absent. */
  readonly allowedNetworks?: ReadonlyArray<string> | null | undefined;
  /** The door the token is to open. */
  readonly audience: TokenAudience;
  /** What it is for. */
  readonly description?: string | null | undefined;
  /** Seconds it is to live: 60 to 315360000, that is ten years, or as the tenant's policy has it; 84600 if absent. */
  readonly expiresIn?: number | null | undefined;
  /** A name, for people to read. */
  readonly name?: string | null | undefined;
  /** What it is to permit; all that can be granted if absent. A SCIM token with "users:read" and "groups:read" alone reads and writes nothing. */
  readonly scopes?: ReadonlyArray<string> | null | undefined;
  /** For operators: the tenant at whose tokens they are at work. Everybody else is at work on their own. */
  readonly tenantId?: string | null | undefined;
};

/** A user to create. */
export type CreateUserInput = {
  /** Answers what would come of it, and changes nothing. */
  readonly dryRun?: boolean | null | undefined;
  /** 1 to 255 visible ASCII characters, best a random UUID. The same input with the same key is done once: for 24 hours its first answer is given again. Another input with the key is refused with IDEMPOTENCY_MISMATCH. */
  readonly idempotencyKey?: string | null | undefined;
  /** The user. */
  readonly user: UserInput;
};

/** A group to delete. */
export type DeleteGroupInput = {
  /** Answers what would come of it, and changes nothing. */
  readonly dryRun?: boolean | null | undefined;
  /** The id. */
  readonly id: string;
  /** 1 to 255 visible ASCII characters, best a random UUID. The same input with the same key is done once: for 24 hours its first answer is given again. Another input with the key is refused with IDEMPOTENCY_MISMATCH. */
  readonly idempotencyKey?: string | null | undefined;
  /** Only if the resource is still at this version; otherwise VERSION_MISMATCH. */
  readonly ifVersion?: number | null | undefined;
};

/** A user to delete. */
export type DeleteUserInput = {
  /** Answers what would come of it, and changes nothing. */
  readonly dryRun?: boolean | null | undefined;
  /** The id. */
  readonly id: string;
  /** 1 to 255 visible ASCII characters, best a random UUID. The same input with the same key is done once: for 24 hours its first answer is given again. Another input with the key is refused with IDEMPOTENCY_MISMATCH. */
  readonly idempotencyKey?: string | null | undefined;
  /** Only if the resource is still at this version; otherwise VERSION_MISMATCH. */
  readonly ifVersion?: number | null | undefined;
};

/** E-mail addresses. */
export type EmailInput = {
  /** A name for people to read. */
  readonly display?: string | null | undefined;
  /** Whether this is the preferred value; true for one value at most. */
  readonly primary?: boolean | null | undefined;
  /** What this value is used for. */
  readonly type?: string | null | undefined;
  /** The address. */
  readonly value?: string | null | undefined;
};

/** The user's place in the organisation. */
export type EnterpriseUserInput = {
  /** The cost center. */
  readonly costCenter?: string | null | undefined;
  /** The department. */
  readonly department?: string | null | undefined;
  /** The division. */
  readonly division?: string | null | undefined;
  /** The number of the employee. */
  readonly employeeNumber?: string | null | undefined;
  /** The user's manager. */
  readonly manager?: ManagerInput | null | undefined;
  /** The organisation. */
  readonly organization?: string | null | undefined;
};

/** What the user is entitled to. */
export type EntitlementInput = {
  /** A name for people to read. */
  readonly display?: string | null | undefined;
  /** Whether this is the preferred value; true for one value at most. */
  readonly primary?: boolean | null | undefined;
  /** What this value is used for. */
  readonly type?: string | null | undefined;
  /** The entitlement. */
  readonly value?: string | null | undefined;
};

/** One way to name a group. Of several with the same value none is answered: the query fails with AMBIGUOUS. */
export type GroupBy =
  {   /** The display name, in any case; no two groups share one unless the tenant's policies permit that. */
  readonly displayName: string; readonly externalId?: never; readonly id?: never; }
  |  { readonly displayName?: never;   /** The id of the identity provider, in its exact case. */
  readonly externalId: string; readonly id?: never; }
  |  { readonly displayName?: never; readonly externalId?: never;   /** The id, the same as in SCIM. */
  readonly id: string; };

/** A group; where members are absent, they stay as they are. */
export type GroupInput = {
  /** The name of the group; unique in the tenant without regard to case, kept as given. */
  readonly displayName?: string | null | undefined;
  /** Values of the extensions that the tenant has declared: an object for each, by URN. */
  readonly extensions?: { readonly [name: string]: unknown } | null | undefined;
  /** The id the identity provider gave the resource. */
  readonly externalId?: string | null | undefined;
  /** The members. Identity providers that omit them in a PUT do not mean to empty the group. */
  readonly members?: ReadonlyArray<MemberInput> | null | undefined;
};

/** What a member is. */
export type GroupMemberType =
  /** A group. */
  | 'Group'
  /** A user. */
  | 'User';

/** Users and groups to add to a group, to remove from it, or to be its only members. */
export type GroupMembersInput = {
  /** Answers what would come of it, and changes nothing. */
  readonly dryRun?: boolean | null | undefined;
  /** The id of the group. */
  readonly groupId: string;
  /** 1 to 255 visible ASCII characters, best a random UUID. The same input with the same key is done once: for 24 hours its first answer is given again. Another input with the key is refused with IDEMPOTENCY_MISMATCH. */
  readonly idempotencyKey?: string | null | undefined;
  /** Only if the group is still at this version. */
  readonly ifVersion?: number | null | undefined;
  /** Ids of users and groups, up to 100,000. Unknown ones are refused by name and nothing is changed; to remove, they are ignored. */
  readonly memberIds: ReadonlyArray<string>;
};

/** Instant messaging addresses. */
export type ImInput = {
  /** A name for people to read. */
  readonly display?: string | null | undefined;
  /** Whether this is the preferred value; true for one value at most. */
  readonly primary?: boolean | null | undefined;
  /** What this value is used for. */
  readonly type?: string | null | undefined;
  /** The address. */
  readonly value?: string | null | undefined;
};

/** A client's credentials, in exchange for a token. */
export type IssueTokenInput = {
  /** Networks in CIDR, or addresses, that it may be used from; from anywhere if absent. */
  readonly allowedNetworks?: ReadonlyArray<string> | null | undefined;
  /** The door the token is to open. */
  readonly audience?: TokenAudience;
  /** The id of the client. */
  readonly clientId: string;
  /** The secret of the client. */
  readonly clientSecret: string;
  /** What it is for. */
  readonly description?: string | null | undefined;
  /** Seconds it is to live: 60 to 315360000, that is ten years, or as the tenant's policy has it; 84600 if absent. */
  readonly expiresIn?: number | null | undefined;
  /** A name, for people to read. */
  readonly name?: string | null | undefined;
  /** What it is to permit; all that can be granted if absent. A SCIM token with "users:read" and "groups:read" alone reads and writes nothing. */
  readonly scopes?: ReadonlyArray<string> | null | undefined;
};

/** The user's manager. */
export type ManagerInput = {
  /** The id of the manager's user. */
  readonly value?: string | null | undefined;
};

/** The members. Identity providers that omit them in a PUT do not mean to empty the group. */
export type MemberInput = {
  /** What the member is; where it is not said (Okta never says it), the id decides. */
  readonly type?: string | null | undefined;
  /** The id of the member. */
  readonly value?: string | null | undefined;
};

/** A user and a group. */
export type MembershipPairInput = {
  /** The id of the group. */
  readonly groupId: string;
  /** The id of the user. */
  readonly userId: string;
};

/** The parts of the name. */
export type NameInput = {
  /** The last name. */
  readonly familyName?: string | null | undefined;
  /** The whole name, for display. */
  readonly formatted?: string | null | undefined;
  /** The first name. */
  readonly givenName?: string | null | undefined;
  /** A title, as in "Ms.". */
  readonly honorificPrefix?: string | null | undefined;
  /** A suffix, as in "III". */
  readonly honorificSuffix?: string | null | undefined;
  /** The middle names. */
  readonly middleName?: string | null | undefined;
};

/** What a list is ordered by; ties are broken by id. */
export type OrderBy = {
  /** Which way. */
  readonly direction?: OrderDirection;
  /** The path of an attribute in SCIM's notation, as in `userName`, `name.familyName` or `meta.created`. */
  readonly field: string;
};

/** Which way a list is ordered. */
export type OrderDirection =
  /** Smallest first; resources without the value come last. */
  | 'ASC'
  /** Largest first; resources without the value come first. */
  | 'DESC';

/** Phone numbers, kept as given. */
export type PhoneNumberInput = {
  /** A name for people to read. */
  readonly display?: string | null | undefined;
  /** Whether this is the preferred value; true for one value at most. */
  readonly primary?: boolean | null | undefined;
  /** What this value is used for. */
  readonly type?: string | null | undefined;
  /** The number. */
  readonly value?: string | null | undefined;
};

/** Addresses of photos. */
export type PhotoInput = {
  /** A name for people to read. */
  readonly display?: string | null | undefined;
  /** Whether this is the preferred value; true for one value at most. */
  readonly primary?: boolean | null | undefined;
  /** What this value is used for. */
  readonly type?: string | null | undefined;
  /** The address of the photo. */
  readonly value?: string | null | undefined;
};

/** The token to revoke, by its id or by itself: one of the two. */
export type RevokeTokenInput = {
  /** The id of the token. */
  readonly id?: string | null | undefined;
  /** For operators: the tenant at whose tokens they are at work. Everybody else is at work on their own. */
  readonly tenantId?: string | null | undefined;
  /** The token itself. */
  readonly token?: string | null | undefined;
};

/** The roles of the user. */
export type RoleInput = {
  /** A name for people to read. */
  readonly display?: string | null | undefined;
  /** Whether this is the preferred value; true for one value at most. */
  readonly primary?: boolean | null | undefined;
  /** What this value is used for. */
  readonly type?: string | null | undefined;
  /** The role. */
  readonly value?: string | null | undefined;
};

/** A token to replace by a new one of the same family, with the same scopes and networks. */
export type RotateTokenInput = {
  /** Seconds that the new token lives; as long as the old one was to if absent. */
  readonly expiresIn?: number | null | undefined;
  /** The id of the token, which must be live. */
  readonly id: string;
  /** Seconds that the old token stays good: 0, which revokes it now, to 604800, that is seven days. */
  readonly overlapSeconds?: number;
  /** For operators: the tenant at whose tokens they are at work. Everybody else is at work on their own. */
  readonly tenantId?: string | null | undefined;
};

/** The door a token opens; it opens no other. */
export type TokenAudience =
  /** This API, for operators: tenants, not people. */
  | 'ADMIN'
  /** This API: for tools of one tenant. */
  | 'GRAPHQL'
  /** The SCIM facade: for identity providers. */
  | 'SCIM';

/** Whether a token is good. */
export type TokenState =
  /** Its time is over. */
  | 'EXPIRED'
  /** It was not used for longer than the tenant's policy allows. */
  | 'IDLE'
  /** It is good. */
  | 'LIVE'
  /** Somebody has ended it. */
  | 'REVOKED';

/** One way to name a user. Of several with the same value none is answered: the query fails with AMBIGUOUS. */
export type UserBy =
  {   /** The display name, in any case. */
  readonly displayName: string; readonly email?: never; readonly externalId?: never; readonly id?: never; readonly userName?: never; }
  |  { readonly displayName?: never;   /** Any of the e-mail addresses, in any case. */
  readonly email: string; readonly externalId?: never; readonly id?: never; readonly userName?: never; }
  |  { readonly displayName?: never; readonly email?: never;   /** The id of the identity provider, in its exact case. */
  readonly externalId: string; readonly id?: never; readonly userName?: never; }
  |  { readonly displayName?: never; readonly email?: never; readonly externalId?: never;   /** The id, the same as in SCIM. */
  readonly id: string; readonly userName?: never; }
  |  { readonly displayName?: never; readonly email?: never; readonly externalId?: never; readonly id?: never;   /** The user name, in any case; no two users of a tenant share one. */
  readonly userName: string; };

/** How a user belongs to a group (RFC 7643, section 4.1.2). */
export type UserGroupType =
  /** The user is a member of the group, whether or not also by another group. */
  | 'direct'
  /** A group that the user belongs to is a member of the group. */
  | 'indirect';

/** A user; what is absent has no value. */
export type UserInput = {
  /** Whether the user may use Condeco; a leaver is inactive. */
  readonly active?: boolean | null | undefined;
  /** Postal addresses; Condeco reads country and locality of the work address as the location. */
  readonly addresses?: ReadonlyArray<AddressInput> | null | undefined;
  /** What Condeco books by. */
  readonly condeco?: CondecoUserInput | null | undefined;
  /** The name shown to others. */
  readonly displayName?: string | null | undefined;
  /** E-mail addresses. */
  readonly emails?: ReadonlyArray<EmailInput> | null | undefined;
  /** The user's place in the organisation. */
  readonly enterprise?: EnterpriseUserInput | null | undefined;
  /** What the user is entitled to. */
  readonly entitlements?: ReadonlyArray<EntitlementInput> | null | undefined;
  /** Values of the extensions that the tenant has declared: an object for each, by URN. */
  readonly extensions?: { readonly [name: string]: unknown } | null | undefined;
  /** The id the identity provider gave the resource. */
  readonly externalId?: string | null | undefined;
  /** Instant messaging addresses. */
  readonly ims?: ReadonlyArray<ImInput> | null | undefined;
  /** The locale for dates and numbers, as in "en-GB". */
  readonly locale?: string | null | undefined;
  /** The parts of the name. */
  readonly name?: NameInput | null | undefined;
  /** The casual name. */
  readonly nickName?: string | null | undefined;
  /** Phone numbers, kept as given. */
  readonly phoneNumbers?: ReadonlyArray<PhoneNumberInput> | null | undefined;
  /** Addresses of photos. */
  readonly photos?: ReadonlyArray<PhotoInput> | null | undefined;
  /** The language the user prefers, as in "en-GB". */
  readonly preferredLanguage?: string | null | undefined;
  /** The address of the user's profile page. */
  readonly profileUrl?: string | null | undefined;
  /** The roles of the user. */
  readonly roles?: ReadonlyArray<RoleInput> | null | undefined;
  /** The IANA time zone, as in "Europe/London". */
  readonly timezone?: string | null | undefined;
  /** The job title. */
  readonly title?: string | null | undefined;
  /** The name the user signs in with; unique in the tenant without regard to case, kept as given. */
  readonly userName?: string | null | undefined;
  /** How the user relates to the organisation, as in "Employee". */
  readonly userType?: string | null | undefined;
  /** Certificates of the user. */
  readonly x509Certificates?: ReadonlyArray<X509CertificateInput> | null | undefined;
};

/** Certificates of the user. */
export type X509CertificateInput = {
  /** A name for people to read. */
  readonly display?: string | null | undefined;
  /** Whether this is the preferred value; true for one value at most. */
  readonly primary?: boolean | null | undefined;
  /** What this value is used for. */
  readonly type?: string | null | undefined;
  /** The DER certificate in base64. */
  readonly value?: string | null | undefined;
};

export type AddGroupMembersMutationVariables = Exact<{
  input: GroupMembersInput;
}>;

export type AddGroupMembersMutation = { readonly addGroupMembers: { readonly replayed: boolean, readonly group: { readonly id: string, readonly version: number } | null, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> } };

export type ChangeGroupMutationVariables = Exact<{
  input: ChangeGroupInput;
}>;

export type ChangeGroupMutation = { readonly changeGroup: { readonly replayed: boolean, readonly group: { readonly id: string, readonly version: number, readonly displayName: string | null } | null, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> } };

export type ChangeUserMutationVariables = Exact<{
  input: ChangeUserInput;
}>;

export type ChangeUserMutation = { readonly changeUser: { readonly replayed: boolean, readonly user: { readonly id: string, readonly version: number, readonly userName: string | null, readonly active: boolean | null } | null, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> } };

export type CheckMembershipsQueryVariables = Exact<{
  pairs: ReadonlyArray<MembershipPairInput> | MembershipPairInput;
}>;

export type CheckMembershipsQuery = { readonly memberships: ReadonlyArray<{ readonly userId: string, readonly groupId: string, readonly isDirect: boolean, readonly isEffective: boolean }> };

export type CreateGroupMutationVariables = Exact<{
  input: CreateGroupInput;
}>;

export type CreateGroupMutation = { readonly createGroup: { readonly replayed: boolean, readonly group: { readonly id: string, readonly version: number, readonly displayName: string | null } | null, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> } };

export type CreateTokenMutationVariables = Exact<{
  input: CreateTokenInput;
}>;

export type CreateTokenMutation = { readonly createToken: { readonly accessToken: string | null, readonly expiresIn: number | null, readonly token: { readonly id: string, readonly name: string | null, readonly scopes: ReadonlyArray<string>, readonly expiresAt: string } | null, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> } };

export type CreateUserMutationVariables = Exact<{
  input: CreateUserInput;
}>;

export type CreateUserMutation = { readonly createUser: { readonly replayed: boolean, readonly user: { readonly id: string, readonly version: number, readonly userName: string | null, readonly active: boolean | null } | null, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> } };

export type DeleteGroupMutationVariables = Exact<{
  input: DeleteGroupInput;
}>;

export type DeleteGroupMutation = { readonly deleteGroup: { readonly deletedId: string | null, readonly replayed: boolean, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> } };

export type DeleteUserMutationVariables = Exact<{
  input: DeleteUserInput;
}>;

export type DeleteUserMutation = { readonly deleteUser: { readonly deletedId: string | null, readonly replayed: boolean, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> } };

export type FindGroupQueryVariables = Exact<{
  by: GroupBy;
}>;

export type FindGroupQuery = { readonly group: { readonly id: string, readonly version: number, readonly createdAt: string, readonly updatedAt: string, readonly displayName: string | null, readonly externalId: string | null } | null };

export type FindUserQueryVariables = Exact<{
  by: UserBy;
}>;

export type FindUserQuery = { readonly user: { readonly id: string, readonly version: number, readonly createdAt: string, readonly updatedAt: string, readonly userName: string | null, readonly externalId: string | null, readonly active: boolean | null, readonly displayName: string | null, readonly title: string | null, readonly name: { readonly formatted: string | null, readonly givenName: string | null, readonly familyName: string | null } | null, readonly emails: ReadonlyArray<{ readonly value: string | null, readonly type: string | null, readonly primary: boolean | null }> | null, readonly enterprise: { readonly department: string | null, readonly division: string | null, readonly organization: string | null, readonly costCenter: string | null, readonly employeeNumber: string | null } | null } | null };

export type IssueTokenMutationVariables = Exact<{
  input: IssueTokenInput;
}>;

export type IssueTokenMutation = { readonly issueToken: { readonly accessToken: string | null, readonly expiresIn: number | null, readonly token: { readonly id: string, readonly expiresAt: string, readonly scopes: ReadonlyArray<string> } | null, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> } };

export type ListChangesQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  kinds?: ReadonlyArray<string> | string | null | undefined;
  subject?: ChangeSubject | null | undefined;
  since?: string | null | undefined;
  until?: string | null | undefined;
  tenantId?: string | null | undefined;
}>;

export type ListChangesQuery = { readonly changes: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly tenantId: string, readonly at: string, readonly kind: string, readonly subjectType: ChangeSubjectType, readonly subjectId: string, readonly version: number | null, readonly before: { readonly [name: string]: unknown } | null, readonly after: { readonly [name: string]: unknown } | null, readonly requestId: string, readonly actor: { readonly door: string, readonly tokenId: string | null, readonly clientId: string | null, readonly address: string | null } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type ListGroupMembersQueryVariables = Exact<{
  by: GroupBy;
  first?: number;
  after?: string | null | undefined;
  effective?: boolean;
}>;

export type ListGroupMembersQuery = { readonly group: { readonly id: string, readonly version: number, readonly members: { readonly totalCount: number, readonly pageInfo: { readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null, readonly endCursor: string | null }, readonly nodes: ReadonlyArray<{ readonly id: string, readonly type: GroupMemberType, readonly display: string }> } } | null };

export type ListGroupsQueryVariables = Exact<{
  filter?: string | null | undefined;
  orderBy?: OrderBy | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;

export type ListGroupsQuery = { readonly groups: { readonly totalCount: number, readonly pageInfo: { readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null, readonly endCursor: string | null }, readonly nodes: ReadonlyArray<{ readonly id: string, readonly version: number, readonly createdAt: string, readonly updatedAt: string, readonly displayName: string | null, readonly externalId: string | null }> } };

export type ListTokensQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;

export type ListTokensQuery = { readonly tokens: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly id: string, readonly name: string | null, readonly description: string | null, readonly state: TokenState, readonly audience: TokenAudience, readonly scopes: ReadonlyArray<string>, readonly clientId: string | null, readonly createdAt: string, readonly expiresAt: string, readonly revokedAt: string | null, readonly lastUsedAt: string | null }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type ListUserGroupsQueryVariables = Exact<{
  by: UserBy;
  first?: number;
  after?: string | null | undefined;
  effective?: boolean;
}>;

export type ListUserGroupsQuery = { readonly user: { readonly id: string, readonly groups: { readonly totalCount: number, readonly pageInfo: { readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null, readonly endCursor: string | null }, readonly edges: ReadonlyArray<{ readonly type: UserGroupType, readonly node: { readonly id: string, readonly version: number, readonly displayName: string | null, readonly externalId: string | null } }> } } | null };

export type ListUsersQueryVariables = Exact<{
  filter?: string | null | undefined;
  orderBy?: OrderBy | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;

export type ListUsersQuery = { readonly users: { readonly totalCount: number, readonly pageInfo: { readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null, readonly endCursor: string | null }, readonly nodes: ReadonlyArray<{ readonly id: string, readonly version: number, readonly createdAt: string, readonly updatedAt: string, readonly userName: string | null, readonly externalId: string | null, readonly active: boolean | null, readonly displayName: string | null, readonly title: string | null, readonly name: { readonly formatted: string | null, readonly givenName: string | null, readonly familyName: string | null } | null, readonly emails: ReadonlyArray<{ readonly value: string | null, readonly type: string | null, readonly primary: boolean | null }> | null }> } };

export type RemoveGroupMembersMutationVariables = Exact<{
  input: GroupMembersInput;
}>;

export type RemoveGroupMembersMutation = { readonly removeGroupMembers: { readonly replayed: boolean, readonly group: { readonly id: string, readonly version: number } | null, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> } };

export type ReplaceGroupMembersMutationVariables = Exact<{
  input: GroupMembersInput;
}>;

export type ReplaceGroupMembersMutation = { readonly replaceGroupMembers: { readonly replayed: boolean, readonly group: { readonly id: string, readonly version: number } | null, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> } };

export type RevokeTokenMutationVariables = Exact<{
  input: RevokeTokenInput;
}>;

export type RevokeTokenMutation = { readonly revokeToken: { readonly revokedId: string | null, readonly effectiveAt: string | null, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> } };

export type RotateTokenMutationVariables = Exact<{
  input: RotateTokenInput;
}>;

export type RotateTokenMutation = { readonly rotateToken: { readonly accessToken: string | null, readonly expiresIn: number | null, readonly token: { readonly id: string, readonly expiresAt: string } | null, readonly previous: { readonly id: string, readonly expiresAt: string } | null, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> } };

export type WhoAmIQueryVariables = Exact<{ [key: string]: never; }>;

export type WhoAmIQuery = { readonly caller: { readonly audience: TokenAudience, readonly scopes: ReadonlyArray<string>, readonly tenant: { readonly id: string, readonly name: string } } };

export const AddGroupMembers: TypedDocument<AddGroupMembersMutation, AddGroupMembersMutationVariables> = {
  id: '73c48afdf516e8fbd45187f9c177077b776424b3a9a268d2e3365fab0b4c4fa8', name: 'AddGroupMembers', type: 'mutation',
  body: "mutation AddGroupMembers($input:GroupMembersInput!){addGroupMembers(input:$input){group{id version}replayed userErrors{code field message}}}",
};

export const ChangeGroup: TypedDocument<ChangeGroupMutation, ChangeGroupMutationVariables> = {
  id: 'a0e05e5635722e20da46f3ca27ccb547e06cfedc9f7e883c202df7684df19e7b', name: 'ChangeGroup', type: 'mutation',
  body: "mutation ChangeGroup($input:ChangeGroupInput!){changeGroup(input:$input){group{id version displayName}replayed userErrors{code field message}}}",
};

export const ChangeUser: TypedDocument<ChangeUserMutation, ChangeUserMutationVariables> = {
  id: '7303dc25b37167dfebc7e40dbd484acdc8e87d663cb7fb06a55ef046e9adfa08', name: 'ChangeUser', type: 'mutation',
  body: "mutation ChangeUser($input:ChangeUserInput!){changeUser(input:$input){user{id version userName active}replayed userErrors{code field message}}}",
};

export const CheckMemberships: TypedDocument<CheckMembershipsQuery, CheckMembershipsQueryVariables> = {
  id: 'b648c912ab68c43ff29067bba7d02b20651f0f1a688b7f79cca5cedd4ea8ef5b', name: 'CheckMemberships', type: 'query',
  body: "query CheckMemberships($pairs:[MembershipPairInput!]!){memberships(pairs:$pairs){userId groupId isDirect isEffective}}",
};

export const CreateGroup: TypedDocument<CreateGroupMutation, CreateGroupMutationVariables> = {
  id: 'fba17f4dba982b832a0f71b9847f6e2cef5ca86e610e8bf3c7e00ad40fa3609f', name: 'CreateGroup', type: 'mutation',
  body: "mutation CreateGroup($input:CreateGroupInput!){createGroup(input:$input){group{id version displayName}replayed userErrors{code field message}}}",
};

export const CreateToken: TypedDocument<CreateTokenMutation, CreateTokenMutationVariables> = {
  id: '06d42f064c2405c2190e9ae2cf6eec82c501009f97109da3089f9d3deceb25af', name: 'CreateToken', type: 'mutation',
  body: "mutation CreateToken($input:CreateTokenInput!){createToken(input:$input){accessToken expiresIn token{id name scopes expiresAt}userErrors{code field message}}}",
};

export const CreateUser: TypedDocument<CreateUserMutation, CreateUserMutationVariables> = {
  id: 'bbe44f2026017fa79ce848f58bca6a025adb20b99dbc7cfb8f70ed336958b624', name: 'CreateUser', type: 'mutation',
  body: "mutation CreateUser($input:CreateUserInput!){createUser(input:$input){user{id version userName active}replayed userErrors{code field message}}}",
};

export const DeleteGroup: TypedDocument<DeleteGroupMutation, DeleteGroupMutationVariables> = {
  id: 'd42848588c7261a1ed15fb31b1b2d123037bbb4104b5a5929cb3e2c059f27482', name: 'DeleteGroup', type: 'mutation',
  body: "mutation DeleteGroup($input:DeleteGroupInput!){deleteGroup(input:$input){deletedId replayed userErrors{code field message}}}",
};

export const DeleteUser: TypedDocument<DeleteUserMutation, DeleteUserMutationVariables> = {
  id: 'd63fcf82b6a4d1b10d8890bd339be0b9e6a703a28c65389679356cf31101cc9d', name: 'DeleteUser', type: 'mutation',
  body: "mutation DeleteUser($input:DeleteUserInput!){deleteUser(input:$input){deletedId replayed userErrors{code field message}}}",
};

export const FindGroup: TypedDocument<FindGroupQuery, FindGroupQueryVariables> = {
  id: 'db3eba923b634e89ffcf62671a9bc69793b5233c8cd393a244d8368ed57b75bd', name: 'FindGroup', type: 'query',
  body: "query FindGroup($by:GroupBy!){group(by:$by){id version createdAt updatedAt displayName externalId}}",
};

export const FindUser: TypedDocument<FindUserQuery, FindUserQueryVariables> = {
  id: '08cf814f48fad6b5366e399752db41c902c7e2cc05ec042a4bee3b12b39f2c39', name: 'FindUser', type: 'query',
  body: "query FindUser($by:UserBy!){user(by:$by){id version createdAt updatedAt userName externalId active displayName title name{formatted givenName familyName}emails{value type primary}enterprise{department division organization costCenter employeeNumber}}}",
};

export const IssueToken: TypedDocument<IssueTokenMutation, IssueTokenMutationVariables> = {
  id: '1a323b32c16d3f3125bf8c952711482dda532d94f60c271886ee67573cc1f53e', name: 'IssueToken', type: 'mutation',
  body: "mutation IssueToken($input:IssueTokenInput!){issueToken(input:$input){accessToken expiresIn token{id expiresAt scopes}userErrors{code field message}}}",
};

export const ListChanges: TypedDocument<ListChangesQuery, ListChangesQueryVariables> = {
  id: '8b94c5e303d6108a8da5d938e9f2d48447d6491ebc4bb7e586597fc29814961e', name: 'ListChanges', type: 'query',
  body: "query ListChanges($first:Int$after:String$kinds:[String!]$subject:ChangeSubject$since:String$until:String$tenantId:ID){changes(first:$first after:$after kinds:$kinds subject:$subject since:$since until:$until tenantId:$tenantId){nodes{id tenantId at kind subjectType subjectId version before after actor{door tokenId clientId address}requestId}pageInfo{hasNextPage endCursor}}}",
};

export const ListGroupMembers: TypedDocument<ListGroupMembersQuery, ListGroupMembersQueryVariables> = {
  id: '212bea3b50fed73b78d510fd4b9a743bcaf3792c92376d16c13032cb180a82ec', name: 'ListGroupMembers', type: 'query',
  body: "query ListGroupMembers($by:GroupBy!$first:Int!=100$after:String$effective:Boolean!=false){group(by:$by){id version members(first:$first after:$after effective:$effective){totalCount pageInfo{hasNextPage hasPreviousPage startCursor endCursor}nodes{id type display}}}}",
};

export const ListGroups: TypedDocument<ListGroupsQuery, ListGroupsQueryVariables> = {
  id: 'e307b9165b87d887be0e74d058b9879e6f710bbb391215ec735ecbbb050f3c6b', name: 'ListGroups', type: 'query',
  body: "query ListGroups($filter:String$orderBy:OrderBy$first:Int$after:String$last:Int$before:String){groups(filter:$filter orderBy:$orderBy first:$first after:$after last:$last before:$before){totalCount pageInfo{hasNextPage hasPreviousPage startCursor endCursor}nodes{id version createdAt updatedAt displayName externalId}}}",
};

export const ListTokens: TypedDocument<ListTokensQuery, ListTokensQueryVariables> = {
  id: '7cc93a81c3b5136b19b928a5d5a43d2c8285f8a42695951d775017c873d9f8c3', name: 'ListTokens', type: 'query',
  body: "query ListTokens($first:Int$after:String){tokens(first:$first after:$after){totalCount nodes{id name description state audience scopes clientId createdAt expiresAt revokedAt lastUsedAt}pageInfo{hasNextPage endCursor}}}",
};

export const ListUserGroups: TypedDocument<ListUserGroupsQuery, ListUserGroupsQueryVariables> = {
  id: 'f9b457e6a271d425f2eacce98da78f81c191a41561abdd11f9d9fed21ea06d21', name: 'ListUserGroups', type: 'query',
  body: "query ListUserGroups($by:UserBy!$first:Int!=100$after:String$effective:Boolean!=true){user(by:$by){id groups(first:$first after:$after effective:$effective){totalCount pageInfo{hasNextPage hasPreviousPage startCursor endCursor}edges{type node{id version displayName externalId}}}}}",
};

export const ListUsers: TypedDocument<ListUsersQuery, ListUsersQueryVariables> = {
  id: 'dd56673dc0c1eed66c521a5c164d72e194fd7bd533a966362ee1206fc3a64c22', name: 'ListUsers', type: 'query',
  body: "query ListUsers($filter:String$orderBy:OrderBy$first:Int$after:String$last:Int$before:String){users(filter:$filter orderBy:$orderBy first:$first after:$after last:$last before:$before){totalCount pageInfo{hasNextPage hasPreviousPage startCursor endCursor}nodes{id version createdAt updatedAt userName externalId active displayName title name{formatted givenName familyName}emails{value type primary}}}}",
};

export const RemoveGroupMembers: TypedDocument<RemoveGroupMembersMutation, RemoveGroupMembersMutationVariables> = {
  id: 'a97bfa47c0a08d9d66654591c31fa51cc2b079ab2bbfcdfdca1e9934809af129', name: 'RemoveGroupMembers', type: 'mutation',
  body: "mutation RemoveGroupMembers($input:GroupMembersInput!){removeGroupMembers(input:$input){group{id version}replayed userErrors{code field message}}}",
};

export const ReplaceGroupMembers: TypedDocument<ReplaceGroupMembersMutation, ReplaceGroupMembersMutationVariables> = {
  id: '90684c96e69fc612c73a135492fae5215e5bfb68a665daa802a502fa25e01f9d', name: 'ReplaceGroupMembers', type: 'mutation',
  body: "mutation ReplaceGroupMembers($input:GroupMembersInput!){replaceGroupMembers(input:$input){group{id version}replayed userErrors{code field message}}}",
};

export const RevokeToken: TypedDocument<RevokeTokenMutation, RevokeTokenMutationVariables> = {
  id: 'a04c4663e14e968cf4dee6a47c238b0868d2c686085d64d882e15c162f373bf3', name: 'RevokeToken', type: 'mutation',
  body: "mutation RevokeToken($input:RevokeTokenInput!){revokeToken(input:$input){revokedId effectiveAt userErrors{code field message}}}",
};

export const RotateToken: TypedDocument<RotateTokenMutation, RotateTokenMutationVariables> = {
  id: '01b9df5f3418a7f9da49907fb8d91315e2ecbb2d24a7cae4a16478e3d8045dd0', name: 'RotateToken', type: 'mutation',
  body: "mutation RotateToken($input:RotateTokenInput!){rotateToken(input:$input){accessToken expiresIn token{id expiresAt}previous{id expiresAt}userErrors{code field message}}}",
};

export const WhoAmI: TypedDocument<WhoAmIQuery, WhoAmIQueryVariables> = {
  id: 'ef71080dbbefe4e00ce6ea6e7119aa2f31c1d0ede6f9970dbb996ea88d604b83', name: 'WhoAmI', type: 'query',
  body: "query WhoAmI{caller{audience scopes tenant{id name}}}",
};
