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

/** A client to create. */
export type CreateClientInput = {
  /** What it is for: up to 2000 characters. */
  readonly description?: string | null | undefined;
  /** Makes it happen once: for 24 hours the same request with this key is answered again, but without the secret, which is kept nowhere. */
  readonly idempotencyKey?: string | null | undefined;
  /** The name, for people to read: 1 to 512 characters. */
  readonly name: string;
  /** For operators: the tenant that is meant. Elsewhere it is the caller's. */
  readonly tenantId?: string | null | undefined;
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

/** A tenant to create. */
export type CreateTenantInput = {
  /** Makes it happen once: for 24 hours the same request with this key is answered again, but without the secret, which is kept nowhere: get a new one with `rotateClientSecret`. */
  readonly idempotencyKey?: string | null | undefined;
  /** The name, for people to read: 1 to 512 characters. */
  readonly name: string;
  /** A key of your own, as the id in a customer list: a second tenant with it is refused with UNIQUENESS. */
  readonly reference?: string | null | undefined;
};

/** A token to make. Nobody hands on more than they hold: scopes and networks are within the caller's own. Of a tenant, operators who hold tenants:manage beside tokens:manage give all that tenants may have; the tenant's changes tell of it. */
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
  /** What it is to permit; all that can be granted if absent. A SCIM token with only "users:read" and "groups:read" can read, but not write. */
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

/** Users to create. Each is created or refused by itself, whatever becomes of the others. */
export type CreateUsersInput = {
  /** Answers what would come of it, and changes nothing. */
  readonly dryRun?: boolean | null | undefined;
  /** 1 to 255 visible ASCII characters, best a random UUID. The same input with the same key is done once: for 24 hours its first answer is given again. Another input with the key is refused with IDEMPOTENCY_MISMATCH. */
  readonly idempotencyKey?: string | null | undefined;
  /** The users, up to 1000. */
  readonly users: ReadonlyArray<UserInput>;
};

/** A user who leaves. */
export type DeactivateUserInput = {
  /** Answers what would come of it, and changes nothing. */
  readonly dryRun?: boolean | null | undefined;
  /** The id. */
  readonly id: string;
  /** 1 to 255 visible ASCII characters, best a random UUID. The same input with the same key is done once: for 24 hours its first answer is given again. Another input with the key is refused with IDEMPOTENCY_MISMATCH. */
  readonly idempotencyKey?: string | null | undefined;
  /** Only if the resource is still at this version; otherwise VERSION_MISMATCH. */
  readonly ifVersion?: number | null | undefined;
};

/** An extension to declare. Declared anew, what it had and has no longer is removed. */
export type DeclareExtensionInput = {
  /** Lets values go that could not be kept; otherwise the mutation is refused with how many there are. */
  readonly acceptLoss?: boolean;
  /** What it extends. */
  readonly resource: ExtensibleResource;
  /** The schema as RFC 7643, section 7, writes it: `id` (a URN), `name`, `description`, `attributes`. */
  readonly schema: { readonly [name: string]: unknown };
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

/** A tenant to delete. */
export type DeleteTenantInput = {
  /** The name of the tenant, exactly as it is: so that nobody deletes another one by mistake. */
  readonly confirmName: string;
  /** The id of the tenant. */
  readonly tenantId: string;
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

/** What an extension extends. */
export type ExtensibleResource =
  /** Groups. */
  | 'GROUP'
  /** Users. */
  | 'USER';

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
  /** In place of `members`: ids of users and groups in one text, with a comma between each two; nobody's where it is empty. Of 100,000 it takes a fraction of the time that a list takes. */
  readonly joinedMemberIds?: string | null | undefined;
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
  /** Ids of users and groups, up to 100,000. Unknown ones are refused by name and nothing is changed; to remove, they are ignored. An empty one is refused in any case. */
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

/** A user who comes back. */
export type ReactivateUserInput = {
  /** Answers what would come of it, and changes nothing. */
  readonly dryRun?: boolean | null | undefined;
  /** The id. */
  readonly id: string;
  /** 1 to 255 visible ASCII characters, best a random UUID. The same input with the same key is done once: for 24 hours its first answer is given again. Another input with the key is refused with IDEMPOTENCY_MISMATCH. */
  readonly idempotencyKey?: string | null | undefined;
  /** Only if the resource is still at this version; otherwise VERSION_MISMATCH. */
  readonly ifVersion?: number | null | undefined;
};

/** A type of resource. */
export type ResourceTypeName =
  /** A group. */
  | 'GROUP'
  /** A user. */
  | 'USER';

/** A tenant to resume. */
export type ResumeTenantInput = {
  /** The id of the tenant. */
  readonly tenantId: string;
};

/** A client to revoke. */
export type RevokeClientInput = {
  /** The id of the client (`id`, not `clientId`). */
  readonly id: string;
  /** Whether the tokens it has stay good until they expire; they are revoked with it otherwise. */
  readonly keepTokens?: boolean;
  /** For operators: the tenant that is meant. Elsewhere it is the caller's. */
  readonly tenantId?: string | null | undefined;
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

/** The tokens to revoke: those of a client, or all; one of the two. */
export type RevokeTokensInput = {
  /** true: every token of the tenant, the caller's own among them. */
  readonly all?: boolean | null | undefined;
  /** The `clientId` of the client, not its `id`. */
  readonly clientId?: string | null | undefined;
  /** For operators: the tenant at whose tokens they are at work. Everybody else is at work on their own. */
  readonly tenantId?: string | null | undefined;
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

/** A client to give a new secret. */
export type RotateClientSecretInput = {
  /** The id of the client (`id`, not `clientId`). */
  readonly id: string;
  /** Makes it happen once: for 24 hours the same request with this key is answered again, but without the secret, which is kept nowhere. */
  readonly idempotencyKey?: string | null | undefined;
  /** For how many seconds the secret before stays good, too: an hour unless said otherwise, 604800 (seven days) at the most; 0 ends it now. One that was already being rotated out ends now in any case. */
  readonly overlapSeconds?: number;
  /** For operators: the tenant that is meant. Elsewhere it is the caller's. */
  readonly tenantId?: string | null | undefined;
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

/** A tenant to suspend. */
export type SuspendTenantInput = {
  /** Why, for your own records: 1 to 1000 characters. The tenant's callers are not told. */
  readonly reason: string;
  /** The id of the tenant. */
  readonly tenantId: string;
};

/** Whether a tenant is served. */
export type TenantState =
  /** Its tokens are good. */
  | 'ACTIVE'
  /** Its tokens are unknown (401), and everything it owns is being deleted. */
  | 'DELETING'
  /** Its tokens are refused with TENANT_SUSPENDED (403), and none is issued. Its data stay. */
  | 'SUSPENDED';

/** The door a token opens; it opens no other. */
export type TokenAudience =
  /** This API, for operators: tenants, not people. */
  | 'ADMIN'
  /** This API: for tools of one tenant. */
  | 'GRAPHQL'
  /** The SCIM facade: for identity providers. */
  | 'SCIM';

/** Which tokens; what is absent makes no difference. */
export type TokenFilterInput = {
  /** Those for this door. */
  readonly audience?: TokenAudience | null | undefined;
  /** Those that belong to the client of this id. */
  readonly clientId?: string | null | undefined;
  /** Live ones that expire within so many days. */
  readonly expiringWithinDays?: number | null | undefined;
  /** Those in this state. */
  readonly state?: TokenState | null | undefined;
  /** Those not used for so many days, or, never used, issued so long ago. */
  readonly unusedForDays?: number | null | undefined;
};

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

/** Attributes of a group to change. */
export type UpdateGroupInput = {
  /** Answers what would come of it, and changes nothing. */
  readonly dryRun?: boolean | null | undefined;
  /** What to change: what is absent stays, null clears. Lists are replaced as wholes; parts of a complex value or an extension that are not named stay. */
  readonly group: GroupInput;
  /** The id. */
  readonly id: string;
  /** 1 to 255 visible ASCII characters, best a random UUID. The same input with the same key is done once: for 24 hours its first answer is given again. Another input with the key is refused with IDEMPOTENCY_MISMATCH. */
  readonly idempotencyKey?: string | null | undefined;
  /** Only if the resource is still at this version; otherwise VERSION_MISMATCH. */
  readonly ifVersion?: number | null | undefined;
};

/** What to change of a tenant; what is absent stays. */
export type UpdateTenantInput = {
  /** Another name; a tenant always has one. */
  readonly name?: string | null | undefined;
  /** Another key from outside, unique among all tenants; null takes it away. */
  readonly reference?: string | null | undefined;
  /** The id of the tenant. */
  readonly tenantId: string;
};

/** Attributes of a user to change. */
export type UpdateUserInput = {
  /** Answers what would come of it, and changes nothing. */
  readonly dryRun?: boolean | null | undefined;
  /** The id. */
  readonly id: string;
  /** 1 to 255 visible ASCII characters, best a random UUID. The same input with the same key is done once: for 24 hours its first answer is given again. Another input with the key is refused with IDEMPOTENCY_MISMATCH. */
  readonly idempotencyKey?: string | null | undefined;
  /** Only if the resource is still at this version; otherwise VERSION_MISMATCH. */
  readonly ifVersion?: number | null | undefined;
  /** What to change: what is absent stays, null clears. Lists are replaced as wholes; parts of a complex value or an extension that are not named stay. */
  readonly user: UserInput;
};

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

export type ChangeGroupMutation = { readonly changeGroup: { readonly replayed: boolean, readonly group: { readonly id: string, readonly version: number, readonly displayName: string } | null, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> } };

export type ChangeUserMutationVariables = Exact<{
  input: ChangeUserInput;
}>;

export type ChangeUserMutation = { readonly changeUser: { readonly replayed: boolean, readonly user: { readonly id: string, readonly version: number, readonly userName: string, readonly active: boolean } | null, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> } };

export type CheckCallerQueryVariables = Exact<{ [key: string]: never; }>;

export type CheckCallerQuery = { readonly caller: { readonly audience: TokenAudience, readonly scopes: ReadonlyArray<string>, readonly tokenExpiresAt: string | null, readonly tenant: { readonly id: string, readonly name: string, readonly state: TenantState, readonly extensions: ReadonlyArray<{ readonly [name: string]: unknown }> } }, readonly rateLimit: { readonly limit: number, readonly remaining: number, readonly resetAt: string } };

export type CheckMembershipsQueryVariables = Exact<{
  pairs: ReadonlyArray<MembershipPairInput> | MembershipPairInput;
}>;

export type CheckMembershipsQuery = { readonly memberships: ReadonlyArray<{ readonly userId: string, readonly groupId: string, readonly isDirect: boolean, readonly isEffective: boolean }> };

export type CreateClientMutationVariables = Exact<{
  input: CreateClientInput;
}>;

export type CreateClientMutation = { readonly createClient: { readonly clientSecret: string | null, readonly client: { readonly id: string, readonly clientId: string, readonly name: string, readonly description: string | null, readonly createdAt: string, readonly revokedAt: string | null, readonly liveTokenCount: number, readonly secrets: ReadonlyArray<{ readonly createdAt: string, readonly expiresAt: string | null, readonly lastUsedAt: string | null }> } | null, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> } };

export type CreateGroupMutationVariables = Exact<{
  input: CreateGroupInput;
}>;

export type CreateGroupMutation = { readonly createGroup: { readonly replayed: boolean, readonly group: { readonly id: string, readonly version: number, readonly displayName: string } | null, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> } };

export type CreateTenantMutationVariables = Exact<{
  input: CreateTenantInput;
}>;

export type CreateTenantMutation = { readonly createTenant: { readonly clientId: string | null, readonly clientSecret: string | null, readonly tenant: { readonly id: string, readonly name: string, readonly reference: string | null, readonly state: TenantState, readonly stateReason: string | null, readonly stateChangedAt: string | null, readonly createdAt: string, readonly scimUrl: string, readonly tokenUrl: string, readonly requestsPerSecond: number | null, readonly userCount: number, readonly groupCount: number, readonly liveTokenCount: number, readonly remaining: number | null } | null, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> } };

export type CreateTokenMutationVariables = Exact<{
  input: CreateTokenInput;
}>;

export type CreateTokenMutation = { readonly createToken: { readonly accessToken: string | null, readonly expiresIn: number | null, readonly token: { readonly id: string, readonly name: string | null, readonly description: string | null, readonly state: TokenState, readonly audience: TokenAudience, readonly scopes: ReadonlyArray<string>, readonly clientId: string | null, readonly allowedNetworks: ReadonlyArray<string>, readonly createdAt: string, readonly expiresAt: string, readonly revokedAt: string | null, readonly lastUsedAt: string | null, readonly rotatedFrom: string | null, readonly rotatedTo: string | null } | null, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> } };

export type CreateUserMutationVariables = Exact<{
  input: CreateUserInput;
}>;

export type CreateUserMutation = { readonly createUser: { readonly replayed: boolean, readonly user: { readonly id: string, readonly version: number, readonly userName: string, readonly active: boolean } | null, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> } };

export type CreateUsersMutationVariables = Exact<{
  input: CreateUsersInput;
}>;

export type CreateUsersMutation = { readonly createUsers: { readonly replayed: boolean, readonly results: ReadonlyArray<{ readonly place: number, readonly id: string | null, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> }> | null, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> } };

export type DeactivateUserMutationVariables = Exact<{
  input: DeactivateUserInput;
}>;

export type DeactivateUserMutation = { readonly deactivateUser: { readonly replayed: boolean, readonly user: { readonly id: string, readonly version: number, readonly userName: string, readonly active: boolean } | null, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> } };

export type DeclareExtensionMutationVariables = Exact<{
  input: DeclareExtensionInput;
}>;

export type DeclareExtensionMutation = { readonly declareExtension: { readonly extensions: ReadonlyArray<{ readonly [name: string]: unknown }> | null, readonly losses: ReadonlyArray<{ readonly attribute: string, readonly resources: number }> | null, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> } };

export type DeleteGroupMutationVariables = Exact<{
  input: DeleteGroupInput;
}>;

export type DeleteGroupMutation = { readonly deleteGroup: { readonly deletedId: string | null, readonly replayed: boolean, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> } };

export type DeleteTenantMutationVariables = Exact<{
  input: DeleteTenantInput;
}>;

export type DeleteTenantMutation = { readonly deleteTenant: { readonly effectiveAt: string | null, readonly tenant: { readonly id: string, readonly name: string, readonly reference: string | null, readonly state: TenantState, readonly stateReason: string | null, readonly stateChangedAt: string | null, readonly createdAt: string, readonly scimUrl: string, readonly tokenUrl: string, readonly requestsPerSecond: number | null, readonly userCount: number, readonly groupCount: number, readonly liveTokenCount: number, readonly remaining: number | null } | null, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> } };

export type DeleteUserMutationVariables = Exact<{
  input: DeleteUserInput;
}>;

export type DeleteUserMutation = { readonly deleteUser: { readonly deletedId: string | null, readonly replayed: boolean, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> } };

export type ExportGroupMembersQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  members?: number | null | undefined;
}>;

export type ExportGroupMembersQuery = { readonly groups: { readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null }, readonly nodes: ReadonlyArray<{ readonly id: string, readonly members: { readonly nodes: ReadonlyArray<{ readonly id: string }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } }> } };

export type ExportGroupsQueryVariables = Exact<{
  filter?: string | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  extensions?: ReadonlyArray<string> | string | null | undefined;
}>;

export type ExportGroupsQuery = { readonly groups: { readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null }, readonly nodes: ReadonlyArray<{ readonly id: string, readonly version: number, readonly displayName: string, readonly externalId: string | null, readonly attributes: { readonly [name: string]: unknown } }> } };

export type ExportUsersQueryVariables = Exact<{
  filter?: string | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  extensions?: ReadonlyArray<string> | string | null | undefined;
}>;

export type ExportUsersQuery = { readonly users: { readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null }, readonly nodes: ReadonlyArray<{ readonly id: string, readonly version: number, readonly userName: string, readonly externalId: string | null, readonly active: boolean, readonly displayName: string | null, readonly nickName: string | null, readonly title: string | null, readonly userType: string | null, readonly profileUrl: string | null, readonly preferredLanguage: string | null, readonly locale: string | null, readonly timezone: string | null, readonly attributes: { readonly [name: string]: unknown }, readonly name: { readonly formatted: string | null, readonly familyName: string | null, readonly givenName: string | null, readonly middleName: string | null, readonly honorificPrefix: string | null, readonly honorificSuffix: string | null } | null, readonly emails: ReadonlyArray<{ readonly value: string | null, readonly display: string | null, readonly type: string | null, readonly primary: boolean | null }> | null, readonly phoneNumbers: ReadonlyArray<{ readonly value: string | null, readonly display: string | null, readonly type: string | null, readonly primary: boolean | null }> | null, readonly ims: ReadonlyArray<{ readonly value: string | null, readonly display: string | null, readonly type: string | null, readonly primary: boolean | null }> | null, readonly photos: ReadonlyArray<{ readonly value: string | null, readonly display: string | null, readonly type: string | null, readonly primary: boolean | null }> | null, readonly entitlements: ReadonlyArray<{ readonly value: string | null, readonly display: string | null, readonly type: string | null, readonly primary: boolean | null }> | null, readonly roles: ReadonlyArray<{ readonly value: string | null, readonly display: string | null, readonly type: string | null, readonly primary: boolean | null }> | null, readonly x509Certificates: ReadonlyArray<{ readonly value: string | null, readonly display: string | null, readonly type: string | null, readonly primary: boolean | null }> | null, readonly addresses: ReadonlyArray<{ readonly formatted: string | null, readonly streetAddress: string | null, readonly locality: string | null, readonly region: string | null, readonly postalCode: string | null, readonly country: string | null, readonly type: string | null, readonly primary: boolean | null }> | null, readonly enterprise: { readonly employeeNumber: string | null, readonly costCenter: string | null, readonly organization: string | null, readonly division: string | null, readonly department: string | null, readonly manager: { readonly value: string | null } | null } | null, readonly condeco: { readonly businessCategory: string | null, readonly floor: string | null, readonly group: string | null } | null }> } };

export type FindGroupQueryVariables = Exact<{
  by: GroupBy;
}>;

export type FindGroupQuery = { readonly group: { readonly id: string, readonly version: number, readonly createdAt: string, readonly updatedAt: string, readonly displayName: string, readonly externalId: string | null } | null };

export type FindTenantQueryVariables = Exact<{
  id: string;
}>;

export type FindTenantQuery = { readonly tenant: { readonly id: string, readonly name: string, readonly reference: string | null, readonly state: TenantState, readonly stateReason: string | null, readonly stateChangedAt: string | null, readonly createdAt: string, readonly scimUrl: string, readonly tokenUrl: string, readonly requestsPerSecond: number | null, readonly userCount: number, readonly groupCount: number, readonly liveTokenCount: number, readonly remaining: number | null } | null };

export type FindUserQueryVariables = Exact<{
  by: UserBy;
}>;

export type FindUserQuery = { readonly user: { readonly id: string, readonly version: number, readonly createdAt: string, readonly updatedAt: string, readonly userName: string, readonly externalId: string | null, readonly active: boolean, readonly displayName: string | null, readonly title: string | null, readonly name: { readonly formatted: string | null, readonly givenName: string | null, readonly familyName: string | null } | null, readonly emails: ReadonlyArray<{ readonly value: string | null, readonly type: string | null, readonly primary: boolean | null }> | null, readonly phoneNumbers: ReadonlyArray<{ readonly value: string | null, readonly type: string | null, readonly primary: boolean | null }> | null, readonly enterprise: { readonly department: string | null, readonly division: string | null, readonly organization: string | null, readonly costCenter: string | null, readonly employeeNumber: string | null } | null, readonly condeco: { readonly group: string | null, readonly floor: string | null, readonly businessCategory: string | null } | null } | null };

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

export type ListClientsQueryVariables = Exact<{
  tenantId?: string | null | undefined;
  includeRevoked?: boolean;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;

export type ListClientsQuery = { readonly clients: { readonly totalCount: number, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null }, readonly nodes: ReadonlyArray<{ readonly id: string, readonly clientId: string, readonly name: string, readonly description: string | null, readonly createdAt: string, readonly revokedAt: string | null, readonly liveTokenCount: number, readonly secrets: ReadonlyArray<{ readonly createdAt: string, readonly expiresAt: string | null, readonly lastUsedAt: string | null }> }> } };

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

export type ListGroupsQuery = { readonly groups: { readonly totalCount: number, readonly pageInfo: { readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null, readonly endCursor: string | null }, readonly nodes: ReadonlyArray<{ readonly id: string, readonly version: number, readonly createdAt: string, readonly updatedAt: string, readonly displayName: string, readonly externalId: string | null }> } };

export type ListRefusedRequestsQueryVariables = Exact<{
  text?: string | null | undefined;
  status?: number | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;

export type ListRefusedRequestsQuery = { readonly caller: { readonly tenant: { readonly refusedRequests: { readonly totalCount: number, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null }, readonly nodes: ReadonlyArray<{ readonly firstAt: string, readonly lastAt: string, readonly times: unknown, readonly method: string, readonly path: string, readonly status: number, readonly scimType: string | null, readonly detail: string, readonly body: string | null, readonly requestId: string, readonly tokenId: string, readonly tokenName: string | null, readonly userAgent: string | null, readonly address: string }> } } } };

export type ListRefusedRequestsOfTenantQueryVariables = Exact<{
  tenantId: string;
  text?: string | null | undefined;
  status?: number | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;

export type ListRefusedRequestsOfTenantQuery = { readonly tenant: { readonly refusedRequests: { readonly totalCount: number, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null }, readonly nodes: ReadonlyArray<{ readonly firstAt: string, readonly lastAt: string, readonly times: unknown, readonly method: string, readonly path: string, readonly status: number, readonly scimType: string | null, readonly detail: string, readonly body: string | null, readonly requestId: string, readonly tokenId: string, readonly tokenName: string | null, readonly userAgent: string | null, readonly address: string }> } } | null };

export type ListTenantsQueryVariables = Exact<{
  name?: string | null | undefined;
  reference?: string | null | undefined;
  state?: TenantState | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;

export type ListTenantsQuery = { readonly tenants: { readonly totalCount: number, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null }, readonly nodes: ReadonlyArray<{ readonly id: string, readonly name: string, readonly reference: string | null, readonly state: TenantState, readonly createdAt: string, readonly userCount: number, readonly groupCount: number, readonly liveTokenCount: number }> } };

export type ListTokensQueryVariables = Exact<{
  tenantId?: string | null | undefined;
  filter?: TokenFilterInput | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;

export type ListTokensQuery = { readonly tokens: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly id: string, readonly name: string | null, readonly description: string | null, readonly state: TokenState, readonly audience: TokenAudience, readonly scopes: ReadonlyArray<string>, readonly clientId: string | null, readonly allowedNetworks: ReadonlyArray<string>, readonly createdAt: string, readonly expiresAt: string, readonly revokedAt: string | null, readonly lastUsedAt: string | null, readonly rotatedFrom: string | null, readonly rotatedTo: string | null }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type ListUserGroupsQueryVariables = Exact<{
  by: UserBy;
  first?: number;
  after?: string | null | undefined;
  effective?: boolean;
}>;

export type ListUserGroupsQuery = { readonly user: { readonly id: string, readonly groups: { readonly totalCount: number, readonly pageInfo: { readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null, readonly endCursor: string | null }, readonly edges: ReadonlyArray<{ readonly type: UserGroupType, readonly node: { readonly id: string, readonly version: number, readonly displayName: string, readonly externalId: string | null } }> } } | null };

export type ListUsersQueryVariables = Exact<{
  filter?: string | null | undefined;
  orderBy?: OrderBy | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;

export type ListUsersQuery = { readonly users: { readonly totalCount: number, readonly pageInfo: { readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null, readonly endCursor: string | null }, readonly nodes: ReadonlyArray<{ readonly id: string, readonly version: number, readonly createdAt: string, readonly updatedAt: string, readonly userName: string, readonly externalId: string | null, readonly active: boolean, readonly displayName: string | null, readonly title: string | null, readonly name: { readonly formatted: string | null, readonly givenName: string | null, readonly familyName: string | null } | null, readonly emails: ReadonlyArray<{ readonly value: string | null, readonly type: string | null, readonly primary: boolean | null }> | null }> } };

export type ReactivateUserMutationVariables = Exact<{
  input: ReactivateUserInput;
}>;

export type ReactivateUserMutation = { readonly reactivateUser: { readonly replayed: boolean, readonly user: { readonly id: string, readonly version: number, readonly userName: string, readonly active: boolean } | null, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> } };

export type ReadChangesCursorQueryVariables = Exact<{ [key: string]: never; }>;

export type ReadChangesCursorQuery = { readonly changesCursor: string };

export type RemoveGroupMembersMutationVariables = Exact<{
  input: GroupMembersInput;
}>;

export type RemoveGroupMembersMutation = { readonly removeGroupMembers: { readonly replayed: boolean, readonly group: { readonly id: string, readonly version: number } | null, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> } };

export type ReplaceGroupMembersMutationVariables = Exact<{
  input: GroupMembersInput;
}>;

export type ReplaceGroupMembersMutation = { readonly replaceGroupMembers: { readonly replayed: boolean, readonly group: { readonly id: string, readonly version: number } | null, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> } };

export type ResumeTenantMutationVariables = Exact<{
  input: ResumeTenantInput;
}>;

export type ResumeTenantMutation = { readonly resumeTenant: { readonly effectiveAt: string | null, readonly tenant: { readonly id: string, readonly name: string, readonly reference: string | null, readonly state: TenantState, readonly stateReason: string | null, readonly stateChangedAt: string | null, readonly createdAt: string, readonly scimUrl: string, readonly tokenUrl: string, readonly requestsPerSecond: number | null, readonly userCount: number, readonly groupCount: number, readonly liveTokenCount: number, readonly remaining: number | null } | null, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> } };

export type RevokeClientMutationVariables = Exact<{
  input: RevokeClientInput;
}>;

export type RevokeClientMutation = { readonly revokeClient: { readonly revokedTokens: number | null, readonly effectiveAt: string | null, readonly client: { readonly id: string, readonly clientId: string, readonly name: string, readonly revokedAt: string | null } | null, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> } };

export type RevokeTokenMutationVariables = Exact<{
  input: RevokeTokenInput;
}>;

export type RevokeTokenMutation = { readonly revokeToken: { readonly revokedId: string | null, readonly effectiveAt: string | null, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> } };

export type RevokeTokensMutationVariables = Exact<{
  input: RevokeTokensInput;
}>;

export type RevokeTokensMutation = { readonly revokeTokens: { readonly revoked: number | null, readonly effectiveAt: string | null, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> } };

export type RotateClientSecretMutationVariables = Exact<{
  input: RotateClientSecretInput;
}>;

export type RotateClientSecretMutation = { readonly rotateClientSecret: { readonly clientSecret: string | null, readonly client: { readonly id: string, readonly clientId: string, readonly name: string, readonly description: string | null, readonly createdAt: string, readonly revokedAt: string | null, readonly liveTokenCount: number, readonly secrets: ReadonlyArray<{ readonly createdAt: string, readonly expiresAt: string | null, readonly lastUsedAt: string | null }> } | null, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> } };

export type RotateTokenMutationVariables = Exact<{
  input: RotateTokenInput;
}>;

export type RotateTokenMutation = { readonly rotateToken: { readonly accessToken: string | null, readonly expiresIn: number | null, readonly token: { readonly id: string, readonly name: string | null, readonly description: string | null, readonly state: TokenState, readonly audience: TokenAudience, readonly scopes: ReadonlyArray<string>, readonly clientId: string | null, readonly allowedNetworks: ReadonlyArray<string>, readonly createdAt: string, readonly expiresAt: string, readonly revokedAt: string | null, readonly lastUsedAt: string | null, readonly rotatedFrom: string | null, readonly rotatedTo: string | null } | null, readonly previous: { readonly id: string, readonly expiresAt: string } | null, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> } };

export type RunBulkMutationVariables = Exact<{
  input: BulkInput;
}>;

export type RunBulkMutation = { readonly bulk: { readonly replayed: boolean, readonly results: ReadonlyArray<{ readonly place: number, readonly id: string | null, readonly version: number | null, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> }> | null, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> } };

export type SuspendTenantMutationVariables = Exact<{
  input: SuspendTenantInput;
}>;

export type SuspendTenantMutation = { readonly suspendTenant: { readonly effectiveAt: string | null, readonly tenant: { readonly id: string, readonly name: string, readonly reference: string | null, readonly state: TenantState, readonly stateReason: string | null, readonly stateChangedAt: string | null, readonly createdAt: string, readonly scimUrl: string, readonly tokenUrl: string, readonly requestsPerSecond: number | null, readonly userCount: number, readonly groupCount: number, readonly liveTokenCount: number, readonly remaining: number | null } | null, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> } };

export type TailChangesQueryVariables = Exact<{
  tenantId?: string | null | undefined;
  kinds?: ReadonlyArray<string> | string | null | undefined;
  subject?: ChangeSubject | null | undefined;
  member?: string | null | undefined;
  since?: string | null | undefined;
  until?: string | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;

export type TailChangesQuery = { readonly changes: { readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null, readonly hasPreviousPage: boolean, readonly startCursor: string | null }, readonly edges: ReadonlyArray<{ readonly cursor: string, readonly node: { readonly id: string, readonly at: string, readonly kind: string, readonly subjectType: ChangeSubjectType, readonly subjectId: string, readonly version: number | null, readonly tenantId: string, readonly requestId: string, readonly before: { readonly [name: string]: unknown } | null, readonly after: { readonly [name: string]: unknown } | null, readonly actor: { readonly door: string, readonly address: string | null, readonly clientId: string | null, readonly clientName: string | null, readonly tokenId: string | null, readonly tokenName: string | null } } }> } };

export type UpdateGroupMutationVariables = Exact<{
  input: UpdateGroupInput;
}>;

export type UpdateGroupMutation = { readonly updateGroup: { readonly replayed: boolean, readonly group: { readonly id: string, readonly version: number, readonly displayName: string, readonly externalId: string | null } | null, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> } };

export type UpdateTenantMutationVariables = Exact<{
  input: UpdateTenantInput;
}>;

export type UpdateTenantMutation = { readonly updateTenant: { readonly tenant: { readonly id: string, readonly name: string, readonly reference: string | null, readonly state: TenantState, readonly stateReason: string | null, readonly stateChangedAt: string | null, readonly createdAt: string, readonly scimUrl: string, readonly tokenUrl: string, readonly requestsPerSecond: number | null, readonly userCount: number, readonly groupCount: number, readonly liveTokenCount: number, readonly remaining: number | null } | null, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> } };

export type UpdateUserMutationVariables = Exact<{
  input: UpdateUserInput;
}>;

export type UpdateUserMutation = { readonly updateUser: { readonly replayed: boolean, readonly user: { readonly id: string, readonly version: number, readonly userName: string, readonly active: boolean } | null, readonly userErrors: ReadonlyArray<{ readonly code: string, readonly field: string | null, readonly message: string }> } };

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

export const CheckCaller: TypedDocument<CheckCallerQuery, CheckCallerQueryVariables> = {
  id: 'fa29bbaebf8ca501b63b744e0c9684a54cc062bf3bfb441fce82ead6253a44fe', name: 'CheckCaller', type: 'query',
  body: "query CheckCaller{caller{audience scopes tokenExpiresAt tenant{id name state extensions}}rateLimit{limit remaining resetAt}}",
};

export const CheckMemberships: TypedDocument<CheckMembershipsQuery, CheckMembershipsQueryVariables> = {
  id: 'b648c912ab68c43ff29067bba7d02b20651f0f1a688b7f79cca5cedd4ea8ef5b', name: 'CheckMemberships', type: 'query',
  body: "query CheckMemberships($pairs:[MembershipPairInput!]!){memberships(pairs:$pairs){userId groupId isDirect isEffective}}",
};

export const CreateClient: TypedDocument<CreateClientMutation, CreateClientMutationVariables> = {
  id: '62a78c1a2a9d1c5da66fb67223caf75040e781500047c2b5d3ac77adb6418012', name: 'CreateClient', type: 'mutation',
  body: "mutation CreateClient($input:CreateClientInput!){createClient(input:$input){client{id clientId name description createdAt revokedAt liveTokenCount secrets{createdAt expiresAt lastUsedAt}}clientSecret userErrors{code field message}}}",
};

export const CreateGroup: TypedDocument<CreateGroupMutation, CreateGroupMutationVariables> = {
  id: 'fba17f4dba982b832a0f71b9847f6e2cef5ca86e610e8bf3c7e00ad40fa3609f', name: 'CreateGroup', type: 'mutation',
  body: "mutation CreateGroup($input:CreateGroupInput!){createGroup(input:$input){group{id version displayName}replayed userErrors{code field message}}}",
};

export const CreateTenant: TypedDocument<CreateTenantMutation, CreateTenantMutationVariables> = {
  id: 'ab06028cc47c98afb754b69885fc71601a3576c9cbb935ae6d144d11c77bceab', name: 'CreateTenant', type: 'mutation',
  body: "mutation CreateTenant($input:CreateTenantInput!){createTenant(input:$input){tenant{id name reference state stateReason stateChangedAt createdAt scimUrl tokenUrl requestsPerSecond userCount groupCount liveTokenCount remaining}clientId clientSecret userErrors{code field message}}}",
};

export const CreateToken: TypedDocument<CreateTokenMutation, CreateTokenMutationVariables> = {
  id: 'd4d045260f71cf36357c7de24f4ca3d5d6da80b99e1aca5c921689befc1971fe', name: 'CreateToken', type: 'mutation',
  body: "mutation CreateToken($input:CreateTokenInput!){createToken(input:$input){accessToken expiresIn token{id name description state audience scopes clientId allowedNetworks createdAt expiresAt revokedAt lastUsedAt rotatedFrom rotatedTo}userErrors{code field message}}}",
};

export const CreateUser: TypedDocument<CreateUserMutation, CreateUserMutationVariables> = {
  id: 'bbe44f2026017fa79ce848f58bca6a025adb20b99dbc7cfb8f70ed336958b624', name: 'CreateUser', type: 'mutation',
  body: "mutation CreateUser($input:CreateUserInput!){createUser(input:$input){user{id version userName active}replayed userErrors{code field message}}}",
};

export const CreateUsers: TypedDocument<CreateUsersMutation, CreateUsersMutationVariables> = {
  id: '7c0232c546c5336c1149a25dab8c065dbcd822909ed62ac5be53d53da6631de0', name: 'CreateUsers', type: 'mutation',
  body: "mutation CreateUsers($input:CreateUsersInput!){createUsers(input:$input){results{place id userErrors{code field message}}replayed userErrors{code field message}}}",
};

export const DeactivateUser: TypedDocument<DeactivateUserMutation, DeactivateUserMutationVariables> = {
  id: 'f2a7ef7459795b7291b2d3d2a31e9fd73289442411680ce3c4645c8fc743340e', name: 'DeactivateUser', type: 'mutation',
  body: "mutation DeactivateUser($input:DeactivateUserInput!){deactivateUser(input:$input){user{id version userName active}replayed userErrors{code field message}}}",
};

export const DeclareExtension: TypedDocument<DeclareExtensionMutation, DeclareExtensionMutationVariables> = {
  id: '51b85eec33d71cb968337879681912cb989054f7feee5c4c9c8a74f81c8f4e11', name: 'DeclareExtension', type: 'mutation',
  body: "mutation DeclareExtension($input:DeclareExtensionInput!){declareExtension(input:$input){extensions losses{attribute resources}userErrors{code field message}}}",
};

export const DeleteGroup: TypedDocument<DeleteGroupMutation, DeleteGroupMutationVariables> = {
  id: 'd42848588c7261a1ed15fb31b1b2d123037bbb4104b5a5929cb3e2c059f27482', name: 'DeleteGroup', type: 'mutation',
  body: "mutation DeleteGroup($input:DeleteGroupInput!){deleteGroup(input:$input){deletedId replayed userErrors{code field message}}}",
};

export const DeleteTenant: TypedDocument<DeleteTenantMutation, DeleteTenantMutationVariables> = {
  id: 'a9b11ab57079072b46cf476aade0a3e1eda7a34077f90d8c0e69f5028f8dc58a', name: 'DeleteTenant', type: 'mutation',
  body: "mutation DeleteTenant($input:DeleteTenantInput!){deleteTenant(input:$input){tenant{id name reference state stateReason stateChangedAt createdAt scimUrl tokenUrl requestsPerSecond userCount groupCount liveTokenCount remaining}effectiveAt userErrors{code field message}}}",
};

export const DeleteUser: TypedDocument<DeleteUserMutation, DeleteUserMutationVariables> = {
  id: 'd63fcf82b6a4d1b10d8890bd339be0b9e6a703a28c65389679356cf31101cc9d', name: 'DeleteUser', type: 'mutation',
  body: "mutation DeleteUser($input:DeleteUserInput!){deleteUser(input:$input){deletedId replayed userErrors{code field message}}}",
};

export const ExportGroupMembers: TypedDocument<ExportGroupMembersQuery, ExportGroupMembersQueryVariables> = {
  id: 'f39ccb3144a1646df2d8d2e15bb50e80ac3ddffa840899bd290cd98dd3b5d701', name: 'ExportGroupMembers', type: 'query',
  body: "query ExportGroupMembers($first:Int$after:String$members:Int){groups(first:$first after:$after){pageInfo{hasNextPage endCursor}nodes{id members(first:$members){nodes{id}pageInfo{hasNextPage endCursor}}}}}",
};

export const ExportGroups: TypedDocument<ExportGroupsQuery, ExportGroupsQueryVariables> = {
  id: '0fcd7346ac6da4b2d11023710af92425f6e04e0dccfbe3338bb09c9859bd9c62', name: 'ExportGroups', type: 'query',
  body: "query ExportGroups($filter:String$first:Int$after:String$extensions:[String!]){groups(filter:$filter first:$first after:$after){pageInfo{hasNextPage endCursor}nodes{id version displayName externalId attributes(only:$extensions)}}}",
};

export const ExportUsers: TypedDocument<ExportUsersQuery, ExportUsersQueryVariables> = {
  id: 'e09827d074d6a7c701edc4c6d60d78dd88b77e2b4c31d021bc608fb23e5d8ef8', name: 'ExportUsers', type: 'query',
  body: "query ExportUsers($filter:String$first:Int$after:String$extensions:[String!]){users(filter:$filter first:$first after:$after){pageInfo{hasNextPage endCursor}nodes{id version userName externalId active displayName nickName title userType profileUrl preferredLanguage locale timezone name{formatted familyName givenName middleName honorificPrefix honorificSuffix}emails{value display type primary}phoneNumbers{value display type primary}ims{value display type primary}photos{value display type primary}entitlements{value display type primary}roles{value display type primary}x509Certificates{value display type primary}addresses{formatted streetAddress locality region postalCode country type primary}enterprise{employeeNumber costCenter organization division department manager{value}}condeco{businessCategory floor group}attributes(only:$extensions)}}}",
};

export const FindGroup: TypedDocument<FindGroupQuery, FindGroupQueryVariables> = {
  id: 'db3eba923b634e89ffcf62671a9bc69793b5233c8cd393a244d8368ed57b75bd', name: 'FindGroup', type: 'query',
  body: "query FindGroup($by:GroupBy!){group(by:$by){id version createdAt updatedAt displayName externalId}}",
};

export const FindTenant: TypedDocument<FindTenantQuery, FindTenantQueryVariables> = {
  id: '3b94cc78a44925e0c3bceca662a770f3f2927d31914ecd90cbb62f33b9690861', name: 'FindTenant', type: 'query',
  body: "query FindTenant($id:ID!){tenant(id:$id){id name reference state stateReason stateChangedAt createdAt scimUrl tokenUrl requestsPerSecond userCount groupCount liveTokenCount remaining}}",
};

export const FindUser: TypedDocument<FindUserQuery, FindUserQueryVariables> = {
  id: '736198673fc00450412da9e05626a0136b710b0b654aa701fd58d9f45fdac24c', name: 'FindUser', type: 'query',
  body: "query FindUser($by:UserBy!){user(by:$by){id version createdAt updatedAt userName externalId active displayName title name{formatted givenName familyName}emails{value type primary}phoneNumbers{value type primary}enterprise{department division organization costCenter employeeNumber}condeco{group floor businessCategory}}}",
};

export const IssueToken: TypedDocument<IssueTokenMutation, IssueTokenMutationVariables> = {
  id: '1a323b32c16d3f3125bf8c952711482dda532d94f60c271886ee67573cc1f53e', name: 'IssueToken', type: 'mutation',
  body: "mutation IssueToken($input:IssueTokenInput!){issueToken(input:$input){accessToken expiresIn token{id expiresAt scopes}userErrors{code field message}}}",
};

export const ListChanges: TypedDocument<ListChangesQuery, ListChangesQueryVariables> = {
  id: '8b94c5e303d6108a8da5d938e9f2d48447d6491ebc4bb7e586597fc29814961e', name: 'ListChanges', type: 'query',
  body: "query ListChanges($first:Int$after:String$kinds:[String!]$subject:ChangeSubject$since:String$until:String$tenantId:ID){changes(first:$first after:$after kinds:$kinds subject:$subject since:$since until:$until tenantId:$tenantId){nodes{id tenantId at kind subjectType subjectId version before after actor{door tokenId clientId address}requestId}pageInfo{hasNextPage endCursor}}}",
};

export const ListClients: TypedDocument<ListClientsQuery, ListClientsQueryVariables> = {
  id: 'd3e4c7bda2a48d4e2347fb03a5bc9d9aa49fb4f1649fb903ed1b96eb10436a60', name: 'ListClients', type: 'query',
  body: "query ListClients($tenantId:ID$includeRevoked:Boolean!=false$first:Int$after:String){clients(tenantId:$tenantId includeRevoked:$includeRevoked first:$first after:$after){totalCount pageInfo{hasNextPage endCursor}nodes{id clientId name description createdAt revokedAt liveTokenCount secrets{createdAt expiresAt lastUsedAt}}}}",
};

export const ListGroupMembers: TypedDocument<ListGroupMembersQuery, ListGroupMembersQueryVariables> = {
  id: '212bea3b50fed73b78d510fd4b9a743bcaf3792c92376d16c13032cb180a82ec', name: 'ListGroupMembers', type: 'query',
  body: "query ListGroupMembers($by:GroupBy!$first:Int!=100$after:String$effective:Boolean!=false){group(by:$by){id version members(first:$first after:$after effective:$effective){totalCount pageInfo{hasNextPage hasPreviousPage startCursor endCursor}nodes{id type display}}}}",
};

export const ListGroups: TypedDocument<ListGroupsQuery, ListGroupsQueryVariables> = {
  id: 'e307b9165b87d887be0e74d058b9879e6f710bbb391215ec735ecbbb050f3c6b', name: 'ListGroups', type: 'query',
  body: "query ListGroups($filter:String$orderBy:OrderBy$first:Int$after:String$last:Int$before:String){groups(filter:$filter orderBy:$orderBy first:$first after:$after last:$last before:$before){totalCount pageInfo{hasNextPage hasPreviousPage startCursor endCursor}nodes{id version createdAt updatedAt displayName externalId}}}",
};

export const ListRefusedRequests: TypedDocument<ListRefusedRequestsQuery, ListRefusedRequestsQueryVariables> = {
  id: '1c03f30dc42df8d88ad57e4f84fca3fd822de235a0b7363696e0905d03c2d511', name: 'ListRefusedRequests', type: 'query',
  body: "query ListRefusedRequests($text:String$status:Int$first:Int$after:String){caller{tenant{refusedRequests(text:$text status:$status first:$first after:$after){totalCount pageInfo{hasNextPage endCursor}nodes{firstAt lastAt times method path status scimType detail body requestId tokenId tokenName userAgent address}}}}}",
};

export const ListRefusedRequestsOfTenant: TypedDocument<ListRefusedRequestsOfTenantQuery, ListRefusedRequestsOfTenantQueryVariables> = {
  id: 'f2297246d1bfdf6ca7207da36ef969e228efdb90a8158f47da7d0af3ad1589ce', name: 'ListRefusedRequestsOfTenant', type: 'query',
  body: "query ListRefusedRequestsOfTenant($tenantId:ID!$text:String$status:Int$first:Int$after:String){tenant(id:$tenantId){refusedRequests(text:$text status:$status first:$first after:$after){totalCount pageInfo{hasNextPage endCursor}nodes{firstAt lastAt times method path status scimType detail body requestId tokenId tokenName userAgent address}}}}",
};

export const ListTenants: TypedDocument<ListTenantsQuery, ListTenantsQueryVariables> = {
  id: 'dd9be3db8255e4a6fa810a3250421491997f9d23ff736b9b3b6db1d86888a101', name: 'ListTenants', type: 'query',
  body: "query ListTenants($name:String$reference:String$state:TenantState$first:Int$after:String){tenants(name:$name reference:$reference state:$state first:$first after:$after){totalCount pageInfo{hasNextPage endCursor}nodes{id name reference state createdAt userCount groupCount liveTokenCount}}}",
};

export const ListTokens: TypedDocument<ListTokensQuery, ListTokensQueryVariables> = {
  id: 'fd11c891bf8ab944053bea107c64c34a25cb7b1c5116ac26243e33aca17f3687', name: 'ListTokens', type: 'query',
  body: "query ListTokens($tenantId:ID$filter:TokenFilterInput$first:Int$after:String){tokens(tenantId:$tenantId filter:$filter first:$first after:$after){totalCount nodes{id name description state audience scopes clientId allowedNetworks createdAt expiresAt revokedAt lastUsedAt rotatedFrom rotatedTo}pageInfo{hasNextPage endCursor}}}",
};

export const ListUserGroups: TypedDocument<ListUserGroupsQuery, ListUserGroupsQueryVariables> = {
  id: 'f9b457e6a271d425f2eacce98da78f81c191a41561abdd11f9d9fed21ea06d21', name: 'ListUserGroups', type: 'query',
  body: "query ListUserGroups($by:UserBy!$first:Int!=100$after:String$effective:Boolean!=true){user(by:$by){id groups(first:$first after:$after effective:$effective){totalCount pageInfo{hasNextPage hasPreviousPage startCursor endCursor}edges{type node{id version displayName externalId}}}}}",
};

export const ListUsers: TypedDocument<ListUsersQuery, ListUsersQueryVariables> = {
  id: 'dd56673dc0c1eed66c521a5c164d72e194fd7bd533a966362ee1206fc3a64c22', name: 'ListUsers', type: 'query',
  body: "query ListUsers($filter:String$orderBy:OrderBy$first:Int$after:String$last:Int$before:String){users(filter:$filter orderBy:$orderBy first:$first after:$after last:$last before:$before){totalCount pageInfo{hasNextPage hasPreviousPage startCursor endCursor}nodes{id version createdAt updatedAt userName externalId active displayName title name{formatted givenName familyName}emails{value type primary}}}}",
};

export const ReactivateUser: TypedDocument<ReactivateUserMutation, ReactivateUserMutationVariables> = {
  id: '2097577daf67acdf5fec911571cb829ee0551c44c19af7cae7873c40381987b0', name: 'ReactivateUser', type: 'mutation',
  body: "mutation ReactivateUser($input:ReactivateUserInput!){reactivateUser(input:$input){user{id version userName active}replayed userErrors{code field message}}}",
};

export const ReadChangesCursor: TypedDocument<ReadChangesCursorQuery, ReadChangesCursorQueryVariables> = {
  id: '37b747a76954d12b72546d7686bbd12ac76989b4d117164b8e06f4efae1e7979', name: 'ReadChangesCursor', type: 'query',
  body: "query ReadChangesCursor{changesCursor}",
};

export const RemoveGroupMembers: TypedDocument<RemoveGroupMembersMutation, RemoveGroupMembersMutationVariables> = {
  id: 'a97bfa47c0a08d9d66654591c31fa51cc2b079ab2bbfcdfdca1e9934809af129', name: 'RemoveGroupMembers', type: 'mutation',
  body: "mutation RemoveGroupMembers($input:GroupMembersInput!){removeGroupMembers(input:$input){group{id version}replayed userErrors{code field message}}}",
};

export const ReplaceGroupMembers: TypedDocument<ReplaceGroupMembersMutation, ReplaceGroupMembersMutationVariables> = {
  id: '90684c96e69fc612c73a135492fae5215e5bfb68a665daa802a502fa25e01f9d', name: 'ReplaceGroupMembers', type: 'mutation',
  body: "mutation ReplaceGroupMembers($input:GroupMembersInput!){replaceGroupMembers(input:$input){group{id version}replayed userErrors{code field message}}}",
};

export const ResumeTenant: TypedDocument<ResumeTenantMutation, ResumeTenantMutationVariables> = {
  id: '61a0fc6f33ee7ea87bf815378bc09e5a15cc9be4ae510b9aaa2a37d694e043ef', name: 'ResumeTenant', type: 'mutation',
  body: "mutation ResumeTenant($input:ResumeTenantInput!){resumeTenant(input:$input){tenant{id name reference state stateReason stateChangedAt createdAt scimUrl tokenUrl requestsPerSecond userCount groupCount liveTokenCount remaining}effectiveAt userErrors{code field message}}}",
};

export const RevokeClient: TypedDocument<RevokeClientMutation, RevokeClientMutationVariables> = {
  id: 'b39dc7a227d9ec26adf6758e73a3550f686cd7ad88f3d75ea1f8e0857246264f', name: 'RevokeClient', type: 'mutation',
  body: "mutation RevokeClient($input:RevokeClientInput!){revokeClient(input:$input){client{id clientId name revokedAt}revokedTokens effectiveAt userErrors{code field message}}}",
};

export const RevokeToken: TypedDocument<RevokeTokenMutation, RevokeTokenMutationVariables> = {
  id: 'a04c4663e14e968cf4dee6a47c238b0868d2c686085d64d882e15c162f373bf3', name: 'RevokeToken', type: 'mutation',
  body: "mutation RevokeToken($input:RevokeTokenInput!){revokeToken(input:$input){revokedId effectiveAt userErrors{code field message}}}",
};

export const RevokeTokens: TypedDocument<RevokeTokensMutation, RevokeTokensMutationVariables> = {
  id: 'e4271591a59524d534127e4f366daef30b00dbaef35f6e94eaf6c6edda14e49b', name: 'RevokeTokens', type: 'mutation',
  body: "mutation RevokeTokens($input:RevokeTokensInput!){revokeTokens(input:$input){revoked effectiveAt userErrors{code field message}}}",
};

export const RotateClientSecret: TypedDocument<RotateClientSecretMutation, RotateClientSecretMutationVariables> = {
  id: 'f0934e5430a90c8db401d3958c7b3d684762c1cfa5fd54d9fed09bafd825e44a', name: 'RotateClientSecret', type: 'mutation',
  body: "mutation RotateClientSecret($input:RotateClientSecretInput!){rotateClientSecret(input:$input){client{id clientId name description createdAt revokedAt liveTokenCount secrets{createdAt expiresAt lastUsedAt}}clientSecret userErrors{code field message}}}",
};

export const RotateToken: TypedDocument<RotateTokenMutation, RotateTokenMutationVariables> = {
  id: '1d19521d05c02e97f9f74538f62fe4e3fced76b2688fbfafd4b5b93add440710', name: 'RotateToken', type: 'mutation',
  body: "mutation RotateToken($input:RotateTokenInput!){rotateToken(input:$input){accessToken expiresIn token{id name description state audience scopes clientId allowedNetworks createdAt expiresAt revokedAt lastUsedAt rotatedFrom rotatedTo}previous{id expiresAt}userErrors{code field message}}}",
};

export const RunBulk: TypedDocument<RunBulkMutation, RunBulkMutationVariables> = {
  id: '9e337b629c6a388c29a9284c94eb4b0a0620a15d13fa3e9a3e875421d663e3dd', name: 'RunBulk', type: 'mutation',
  body: "mutation RunBulk($input:BulkInput!){bulk(input:$input){results{place id version userErrors{code field message}}replayed userErrors{code field message}}}",
};

export const SuspendTenant: TypedDocument<SuspendTenantMutation, SuspendTenantMutationVariables> = {
  id: 'd72969b75cdc7c0efa798a6924c939d6d4c01edfbfcaa674a15778076e236855', name: 'SuspendTenant', type: 'mutation',
  body: "mutation SuspendTenant($input:SuspendTenantInput!){suspendTenant(input:$input){tenant{id name reference state stateReason stateChangedAt createdAt scimUrl tokenUrl requestsPerSecond userCount groupCount liveTokenCount remaining}effectiveAt userErrors{code field message}}}",
};

export const TailChanges: TypedDocument<TailChangesQuery, TailChangesQueryVariables> = {
  id: '8d4ecebcce0bfbcf06aa0c99d78ea146ae361750073cb11c0bc708187acbe45a', name: 'TailChanges', type: 'query',
  body: "query TailChanges($tenantId:ID$kinds:[String!]$subject:ChangeSubject$member:ID$since:String$until:String$first:Int$after:String$last:Int$before:String){changes(tenantId:$tenantId kinds:$kinds subject:$subject member:$member since:$since until:$until first:$first after:$after last:$last before:$before){pageInfo{hasNextPage endCursor hasPreviousPage startCursor}edges{cursor node{id at kind subjectType subjectId version tenantId requestId before after actor{door address clientId clientName tokenId tokenName}}}}}",
};

export const UpdateGroup: TypedDocument<UpdateGroupMutation, UpdateGroupMutationVariables> = {
  id: '71925d8b7287b130bbdb06486ea6f30272bdc32ca85b576d4ce1b24007e002d3', name: 'UpdateGroup', type: 'mutation',
  body: "mutation UpdateGroup($input:UpdateGroupInput!){updateGroup(input:$input){group{id version displayName externalId}replayed userErrors{code field message}}}",
};

export const UpdateTenant: TypedDocument<UpdateTenantMutation, UpdateTenantMutationVariables> = {
  id: '7fd8caa598ef3874abc8f65234f187d5e2cb01677ebbdcf2efe75318a677e37d', name: 'UpdateTenant', type: 'mutation',
  body: "mutation UpdateTenant($input:UpdateTenantInput!){updateTenant(input:$input){tenant{id name reference state stateReason stateChangedAt createdAt scimUrl tokenUrl requestsPerSecond userCount groupCount liveTokenCount remaining}userErrors{code field message}}}",
};

export const UpdateUser: TypedDocument<UpdateUserMutation, UpdateUserMutationVariables> = {
  id: '12abd7a08064ac76c5e90cceb31de75a12db078e58e7d594c2eab762996f81d7', name: 'UpdateUser', type: 'mutation',
  body: "mutation UpdateUser($input:UpdateUserInput!){updateUser(input:$input){user{id version userName active}replayed userErrors{code field message}}}",
};

export const WhoAmI: TypedDocument<WhoAmIQuery, WhoAmIQueryVariables> = {
  id: 'ef71080dbbefe4e00ce6ea6e7119aa2f31c1d0ede6f9970dbb996ea88d604b83', name: 'WhoAmI', type: 'query',
  body: "query WhoAmI{caller{audience scopes tenant{id name}}}",
};
