/** Made by `npm run schema`. Do not edit. */
import type { Json, JsonObject } from '../../schema/change.js';

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

/** Many writes. What an operation refers to is done before it; each is done whole or not at all, whatever becomes of the others. */
export type BulkInput = {
  /** Answers what would come of it, and changes nothing. */
  readonly dryRun?: boolean | null | undefined;
  /** After so many refused operations no other is begun. */
  readonly failOnErrors?: number | null | undefined;
  /** 1 to 255 visible ASCII characters, best a random UUID. The same input with the same key is done once: for 24 hours its first answer is given again. Another input with the key is refused with IDEMPOTENCY_MISMATCH. */
  readonly idempotencyKey?: string | null | undefined;
  /** The operations, up to 1000. */
  readonly operations: ReadonlyArray<BulkOperationInput>;
};

/** What an operation of a bulk does. */
export type BulkMethod =
  /** Changes the resource by canonical changes. */
  | 'CHANGE'
  /** Creates the resource. */
  | 'CREATE'
  /** Deletes the resource. */
  | 'DELETE'
  /** Replaces the whole resource. */
  | 'REPLACE';

/** One write of a bulk. `bulkId:NAME` stands for the id of the resource that the operation of that name makes: in `id`, as a member, as a manager. */
export type BulkOperationInput = {
  /** A name of the caller's for the operation, unique in the request. */
  readonly bulkId?: string | null | undefined;
  /** What to change. */
  readonly changes?: ReadonlyArray<ChangeInput> | null | undefined;
  /** The whole group, to create or replace. */
  readonly group?: GroupInput | null | undefined;
  /** The id of the resource; absent for CREATE. */
  readonly id?: string | null | undefined;
  /** Only if the resource is still at this version. */
  readonly ifVersion?: number | null | undefined;
  /** What to do. */
  readonly method: BulkMethod;
  /** The type of the resource. */
  readonly type: ResourceTypeName;
  /** The whole user, to create or replace. */
  readonly user?: UserInput | null | undefined;
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

/** One canonical change of a resource: the language of SCIM PATCH with every choice made. One whose filter finds nothing, and does not say by `eq` what a new value would be, is passed over beside others, and refused by itself. */
export type ChangeInput = {
  /** In place of `value`, for `members` as a whole: ids of users and groups in one text, with a comma between each two. Of 100,000 it takes a fraction of the time that a list takes. */
  readonly joinedMemberIds?: string | null | undefined;
  /** What to do. */
  readonly op: ChangeOperation;
  /** The number of the caller's own operation, for refusals; the place in the list where absent. */
  readonly operation?: number | null | undefined;
  /** The target, as in `displayName`, `emails[type eq "work"].value` or `urn:…:User:department`. */
  readonly path: string;
  /** The value, as JSON; a list for a multi-valued attribute without a filter. */
  readonly value?: Json | null | undefined;
};

/** What a change does (RFC 7644, section 3.5.2). */
export type ChangeOperation =
  /** Adds values to a list, or sets a single value. */
  | 'ADD'
  /** Removes the target; with a list of values, just those. */
  | 'REMOVE'
  /** Replaces the target; parts of a complex value that are not named stay. */
  | 'REPLACE';

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

/** Which receiver to forget. */
export type ForgetEventReceiverInput = {
  /** The name of the receiver. */
  readonly receiver: string;
};

/** A group; where members are absent, they stay as they are. */
export type GroupInput = {
  /** The name of the group; unique in the tenant without regard to case, kept as given. */
  readonly displayName?: string | null | undefined;
  /** Values of the extensions that the tenant has declared: an object for each, by URN. */
  readonly extensions?: JsonObject | null | undefined;
  /** The id the identity provider gave the resource. */
  readonly externalId?: string | null | undefined;
  /** In place of `members`: ids of users and groups in one text, with a comma between each two; nobody's where it is empty. Of 100,000 it takes a fraction of the time that a list takes. */
  readonly joinedMemberIds?: string | null | undefined;
  /** The members. Identity providers that omit them in a PUT do not mean to empty the group. */
  readonly members?: ReadonlyArray<MemberInput> | null | undefined;
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
  /** The `clientId` of the client, not its `id`. */
  readonly clientId: string;
  /** The secret of the client. */
  readonly clientSecret: string;
  /** What it is for. */
  readonly description?: string | null | undefined;
  /** Seconds it is to live: 60 to 315360000, that is ten years, or as the tenant's policy has it; 84600 if absent. */
  readonly expiresIn?: number | null | undefined;
  /** A name, for people to read. */
  readonly name?: string | null | undefined;
  /** What it is to permit; all that can be granted if absent. A SCIM token with only "users:read" and "groups:read" can read, but not write. */
  readonly scopes?: ReadonlyArray<string> | null | undefined;
};

/** What a finding was, as GitHub's secret scanning names it. */
export type LeakLabel =
  /** None that we have ever issued. */
  | 'FALSE_POSITIVE'
  /** A token of ours; it is revoked now. */
  | 'TRUE_POSITIVE';

/** A text that looks like a token, and where it was found. */
export type LeakedTokenInput = {
  /** In what it was found, as in "content" or "commit". */
  readonly source?: string | null | undefined;
  /** The text. */
  readonly token: string;
  /** The scanner's name for the kind of token. */
  readonly type?: string | null | undefined;
  /** Where it was found. */
  readonly url?: string | null | undefined;
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

/** What a SCIM PATCH answers when the client asks for no attributes. */
export type PatchAnswerPolicy =
  /** Users with the resource, groups with 204. */
  | 'BY_TYPE'
  /** 204 without a body. */
  | 'NO_CONTENT'
  /** 200 with the resource; groups without their members. */
  | 'RESOURCE';

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

/** Which receiver polls, what it acknowledges, and how much it takes. */
export type PollEventsInput = {
  /** Ids of events that the receiver has taken, up to 10000. It moves on over those that come next; what is acknowledged out of order is told again. */
  readonly acknowledged?: ReadonlyArray<string> | null | undefined;
  /** How many events at the most, from 0 (to acknowledge only) to 1000; 100 where nothing is said. An answer ends earlier after about a megabyte. */
  readonly maxEvents?: number | null | undefined;
  /** The name of the receiver, which it chooses: 1 to 64 letters, digits, dots, hyphens and underscores. A name that is new makes a receiver, up to 10 of a tenant; it begins with what happens from then on. */
  readonly receiver: string;
};

/** A request that was refused. */
export type RefusedRequestInput = {
  /** The body, without secrets. */
  readonly body?: string | null | undefined;
  /** The sentence that was answered. */
  readonly detail: string;
  /** The HTTP method. */
  readonly method: string;
  /** The path with its query. */
  readonly path: string;
  /** The id of the request, the last one's. */
  readonly requestId: string;
  /** SCIM's keyword. */
  readonly scimType?: string | null | undefined;
  /** The HTTP status that was answered. */
  readonly status: number;
  /** How often. */
  readonly times: number;
  /** What the client calls itself. */
  readonly userAgent?: string | null | undefined;
};

/** A group to replace as a whole: what is absent is cleared, except what must not be lost by omission. */
export type ReplaceGroupInput = {
  /** Answers what would come of it, and changes nothing. */
  readonly dryRun?: boolean | null | undefined;
  /** The whole group. */
  readonly group: GroupInput;
  /** The id. */
  readonly id: string;
  /** 1 to 255 visible ASCII characters, best a random UUID. The same input with the same key is done once: for 24 hours its first answer is given again. Another input with the key is refused with IDEMPOTENCY_MISMATCH. */
  readonly idempotencyKey?: string | null | undefined;
  /** Only if the resource is still at this version; otherwise VERSION_MISMATCH. */
  readonly ifVersion?: number | null | undefined;
};

/** A user to replace as a whole: what is absent is cleared, except what must not be lost by omission. */
export type ReplaceUserInput = {
  /** Answers what would come of it, and changes nothing. */
  readonly dryRun?: boolean | null | undefined;
  /** The id. */
  readonly id: string;
  /** 1 to 255 visible ASCII characters, best a random UUID. The same input with the same key is done once: for 24 hours its first answer is given again. Another input with the key is refused with IDEMPOTENCY_MISMATCH. */
  readonly idempotencyKey?: string | null | undefined;
  /** Only if the resource is still at this version; otherwise VERSION_MISMATCH. */
  readonly ifVersion?: number | null | undefined;
  /** The whole user. */
  readonly user: UserInput;
};

/** What was refused to the bearer of the token. */
export type ReportRefusedRequestsInput = {
  /** The requests, up to 20; what is more is passed over. */
  readonly requests: ReadonlyArray<RefusedRequestInput>;
};

/** A type of resource. */
export type ResourceTypeName =
  /** A group. */
  | 'GROUP'
  /** A user. */
  | 'USER';

/** A report of a scanner. */
export type RevokeLeakedTokensInput = {
  /** What was found, up to 100. */
  readonly tokens: ReadonlyArray<LeakedTokenInput>;
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

/** The door a token opens; it opens no other. */
export type TokenAudience =
  /** This API, for operators: tenants, not people. */
  | 'ADMIN'
  /** This API: for tools of one tenant. */
  | 'GRAPHQL'
  /** The SCIM facade: for identity providers. */
  | 'SCIM';

/** How a user belongs to a group (RFC 7643, section 4.1.2). */
export type UserGroupType =
  /** The user is a member of the group, whether or not also by another group. */
  | 'direct'
  /** A group that the user belongs to is a member of the group. */
  | 'indirect';

/** A user. Where one is created or replaced, what is absent has no value; in an update it stays as it is. */
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
  readonly extensions?: JsonObject | null | undefined;
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

export type AuthenticateQueryVariables = Exact<{ [key: string]: never; }>;

export type AuthenticateQuery = { readonly caller: { readonly tenant: { readonly id: string } } };

export type BulkMutationVariables = Exact<{
  input: BulkInput;
}>;

export type BulkMutation = { readonly result: { readonly replayed: boolean, readonly results: ReadonlyArray<{ readonly place: number, readonly id: string | null, readonly version: number | null, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> }> | null, readonly changes: ReadonlyArray<{ readonly kind: string, readonly subjectId: string, readonly before: JsonObject | null, readonly after: JsonObject | null }> | null, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> } };

export type ChangeGroupMutationVariables = Exact<{
  input: ChangeGroupInput;
  only?: ReadonlyArray<string> | string | null | undefined;
  relation: boolean;
}>;

export type ChangeGroupMutation = { readonly result: { readonly patchAnswer: PatchAnswerPolicy, readonly replayed: boolean, readonly resource: { readonly document: JsonObject } | null, readonly changes: ReadonlyArray<{ readonly kind: string, readonly subjectId: string, readonly before: JsonObject | null, readonly after: JsonObject | null }> | null, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> } };

export type ChangeUserMutationVariables = Exact<{
  input: ChangeUserInput;
  only?: ReadonlyArray<string> | string | null | undefined;
  relation: boolean;
}>;

export type ChangeUserMutation = { readonly result: { readonly patchAnswer: PatchAnswerPolicy, readonly replayed: boolean, readonly resource: { readonly document: JsonObject } | null, readonly changes: ReadonlyArray<{ readonly kind: string, readonly subjectId: string, readonly before: JsonObject | null, readonly after: JsonObject | null }> | null, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> } };

export type CreateGroupMutationVariables = Exact<{
  input: CreateGroupInput;
  only?: ReadonlyArray<string> | string | null | undefined;
  relation: boolean;
}>;

export type CreateGroupMutation = { readonly result: { readonly replayed: boolean, readonly resource: { readonly document: JsonObject } | null, readonly changes: ReadonlyArray<{ readonly kind: string, readonly subjectId: string, readonly before: JsonObject | null, readonly after: JsonObject | null }> | null, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> } };

export type CreateUserMutationVariables = Exact<{
  input: CreateUserInput;
  only?: ReadonlyArray<string> | string | null | undefined;
  relation: boolean;
}>;

export type CreateUserMutation = { readonly result: { readonly replayed: boolean, readonly resource: { readonly document: JsonObject } | null, readonly changes: ReadonlyArray<{ readonly kind: string, readonly subjectId: string, readonly before: JsonObject | null, readonly after: JsonObject | null }> | null, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> } };

export type DeleteGroupMutationVariables = Exact<{
  input: DeleteGroupInput;
}>;

export type DeleteGroupMutation = { readonly result: { readonly replayed: boolean, readonly changes: ReadonlyArray<{ readonly kind: string, readonly subjectId: string, readonly before: JsonObject | null, readonly after: JsonObject | null }> | null, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> } };

export type DeleteUserMutationVariables = Exact<{
  input: DeleteUserInput;
}>;

export type DeleteUserMutation = { readonly result: { readonly replayed: boolean, readonly changes: ReadonlyArray<{ readonly kind: string, readonly subjectId: string, readonly before: JsonObject | null, readonly after: JsonObject | null }> | null, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> } };

export type ForgetEventReceiverMutationVariables = Exact<{
  input: ForgetEventReceiverInput;
}>;

export type ForgetEventReceiverMutation = { readonly result: { readonly receiver: string | null, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> } };

export type IssueTokenMutationVariables = Exact<{
  input: IssueTokenInput;
}>;

export type IssueTokenMutation = { readonly result: { readonly accessToken: string | null, readonly expiresIn: number | null, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> } };

export type ListGroupsQueryVariables = Exact<{
  filter?: string | null | undefined;
  orderBy?: OrderBy | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
  offset?: number | null | undefined;
  cursors: boolean;
  only?: ReadonlyArray<string> | string | null | undefined;
  relation: boolean;
}>;

export type ListGroupsQuery = { readonly page: { readonly totalCount: number, readonly pageInfo?: { readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null, readonly endCursor: string | null }, readonly nodes: ReadonlyArray<{ readonly document: JsonObject }> } };

export type ListGroupsByIndexQueryVariables = Exact<{
  filter?: string | null | undefined;
  orderBy?: OrderBy | null | undefined;
  first?: number | null | undefined;
  offset?: number | null | undefined;
  only?: ReadonlyArray<string> | string | null | undefined;
  relation: boolean;
}>;

export type ListGroupsByIndexQuery = { readonly page: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly document: JsonObject }> } };

export type ListUsersQueryVariables = Exact<{
  filter?: string | null | undefined;
  orderBy?: OrderBy | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
  offset?: number | null | undefined;
  cursors: boolean;
  only?: ReadonlyArray<string> | string | null | undefined;
  relation: boolean;
}>;

export type ListUsersQuery = { readonly page: { readonly totalCount: number, readonly pageInfo?: { readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null, readonly endCursor: string | null }, readonly nodes: ReadonlyArray<{ readonly document: JsonObject }> } };

export type ListUsersByIndexQueryVariables = Exact<{
  filter?: string | null | undefined;
  orderBy?: OrderBy | null | undefined;
  first?: number | null | undefined;
  offset?: number | null | undefined;
  only?: ReadonlyArray<string> | string | null | undefined;
  relation: boolean;
}>;

export type ListUsersByIndexQuery = { readonly page: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly document: JsonObject }> } };

export type PageGroupRelationQueryVariables = Exact<{
  id: string;
  after: string;
}>;

export type PageGroupRelationQuery = { readonly resource: { readonly relation: { readonly nodes: ReadonlyArray<JsonObject>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } } | null };

export type PageUserRelationQueryVariables = Exact<{
  id: string;
  after: string;
}>;

export type PageUserRelationQuery = { readonly resource: { readonly relation: { readonly nodes: ReadonlyArray<{ readonly type: UserGroupType, readonly node: { readonly value: string, readonly display: string } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } } | null };

export type PollEventsMutationVariables = Exact<{
  input: PollEventsInput;
}>;

export type PollEventsMutation = { readonly result: { readonly moreAvailable: boolean | null, readonly events: ReadonlyArray<{ readonly id: string, readonly at: string, readonly kind: string, readonly subjectId: string, readonly version: number | null, readonly externalId: string | null, readonly before: JsonObject | null, readonly after: JsonObject | null, readonly requestId: string }> | null, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> } };

export type ReadGroupQueryVariables = Exact<{
  id: string;
  only?: ReadonlyArray<string> | string | null | undefined;
  relation: boolean;
}>;

export type ReadGroupQuery = { readonly resource: { readonly document: JsonObject } | null };

export type ReadUserQueryVariables = Exact<{
  id: string;
  only?: ReadonlyArray<string> | string | null | undefined;
  relation: boolean;
}>;

export type ReadUserQuery = { readonly resource: { readonly document: JsonObject } | null };

export type RecognizeQueryVariables = Exact<{ [key: string]: never; }>;

export type RecognizeQuery = { readonly caller: { readonly tenant: { readonly id: string } } };

export type ReplaceGroupMutationVariables = Exact<{
  input: ReplaceGroupInput;
  only?: ReadonlyArray<string> | string | null | undefined;
  relation: boolean;
}>;

export type ReplaceGroupMutation = { readonly result: { readonly replayed: boolean, readonly resource: { readonly document: JsonObject } | null, readonly changes: ReadonlyArray<{ readonly kind: string, readonly subjectId: string, readonly before: JsonObject | null, readonly after: JsonObject | null }> | null, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> } };

export type ReplaceUserMutationVariables = Exact<{
  input: ReplaceUserInput;
  only?: ReadonlyArray<string> | string | null | undefined;
  relation: boolean;
}>;

export type ReplaceUserMutation = { readonly result: { readonly replayed: boolean, readonly resource: { readonly document: JsonObject } | null, readonly changes: ReadonlyArray<{ readonly kind: string, readonly subjectId: string, readonly before: JsonObject | null, readonly after: JsonObject | null }> | null, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> } };

export type ReportRefusedRequestsMutationVariables = Exact<{
  input: ReportRefusedRequestsInput;
}>;

export type ReportRefusedRequestsMutation = { readonly result: { readonly kept: number | null, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> } };

export type RevokeLeakedTokensMutationVariables = Exact<{
  input: RevokeLeakedTokensInput;
}>;

export type RevokeLeakedTokensMutation = { readonly result: { readonly results: ReadonlyArray<{ readonly tokenHash: string, readonly label: LeakLabel }> | null, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> } };

export type SearchQueryVariables = Exact<{
  filter?: string | null | undefined;
  orderBy?: OrderBy | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
  offset?: number | null | undefined;
  cursors: boolean;
  onlyUser?: ReadonlyArray<string> | string | null | undefined;
  relationUser: boolean;
  onlyGroup?: ReadonlyArray<string> | string | null | undefined;
  relationGroup: boolean;
}>;

export type SearchQuery = { readonly page: { readonly totalCount: number, readonly pageInfo?: { readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null, readonly endCursor: string | null }, readonly nodes: ReadonlyArray<
      | { readonly document: JsonObject }
      | { readonly document: JsonObject }
    > } };

export type TenantTypesQueryVariables = Exact<{ [key: string]: never; }>;

export type TenantTypesQuery = { readonly caller: { readonly tenant: { readonly schemaVersion: number, readonly extensions: ReadonlyArray<JsonObject> } } };

/** The operations in `schema/operations`: what each takes and answers. */
export interface FacadeOperations {
  Authenticate: { variables: AuthenticateQueryVariables; data: AuthenticateQuery };
  Bulk: { variables: BulkMutationVariables; data: BulkMutation };
  ChangeGroup: { variables: ChangeGroupMutationVariables; data: ChangeGroupMutation };
  ChangeUser: { variables: ChangeUserMutationVariables; data: ChangeUserMutation };
  CreateGroup: { variables: CreateGroupMutationVariables; data: CreateGroupMutation };
  CreateUser: { variables: CreateUserMutationVariables; data: CreateUserMutation };
  DeleteGroup: { variables: DeleteGroupMutationVariables; data: DeleteGroupMutation };
  DeleteUser: { variables: DeleteUserMutationVariables; data: DeleteUserMutation };
  ForgetEventReceiver: { variables: ForgetEventReceiverMutationVariables; data: ForgetEventReceiverMutation };
  IssueToken: { variables: IssueTokenMutationVariables; data: IssueTokenMutation };
  ListGroups: { variables: ListGroupsQueryVariables; data: ListGroupsQuery };
  ListGroupsByIndex: { variables: ListGroupsByIndexQueryVariables; data: ListGroupsByIndexQuery };
  ListUsers: { variables: ListUsersQueryVariables; data: ListUsersQuery };
  ListUsersByIndex: { variables: ListUsersByIndexQueryVariables; data: ListUsersByIndexQuery };
  PageGroupRelation: { variables: PageGroupRelationQueryVariables; data: PageGroupRelationQuery };
  PageUserRelation: { variables: PageUserRelationQueryVariables; data: PageUserRelationQuery };
  PollEvents: { variables: PollEventsMutationVariables; data: PollEventsMutation };
  ReadGroup: { variables: ReadGroupQueryVariables; data: ReadGroupQuery };
  ReadUser: { variables: ReadUserQueryVariables; data: ReadUserQuery };
  Recognize: { variables: RecognizeQueryVariables; data: RecognizeQuery };
  ReplaceGroup: { variables: ReplaceGroupMutationVariables; data: ReplaceGroupMutation };
  ReplaceUser: { variables: ReplaceUserMutationVariables; data: ReplaceUserMutation };
  ReportRefusedRequests: { variables: ReportRefusedRequestsMutationVariables; data: ReportRefusedRequestsMutation };
  RevokeLeakedTokens: { variables: RevokeLeakedTokensMutationVariables; data: RevokeLeakedTokensMutation };
  Search: { variables: SearchQueryVariables; data: SearchQuery };
  TenantTypes: { variables: TenantTypesQueryVariables; data: TenantTypesQuery };
}
