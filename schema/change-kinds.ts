/** What a change record may tell of: the one list of those who write records and of those who ask for some. */
export const changeKinds = [
  'USER_CREATED',
  'USER_UPDATED',
  'USER_DELETED',
  'GROUP_CREATED',
  'GROUP_UPDATED',
  'GROUP_MEMBERS_CHANGED',
  'GROUP_DELETED',
  'TOKEN_ISSUED',
  'TOKEN_ROTATED',
  'TOKEN_SHORTENED',
  'TOKEN_EXPIRES_SOON',
  'TOKEN_REVOKED',
  'CLIENT_CREATED',
  'CLIENT_UPDATED',
  'CLIENT_SECRET_ROTATED',
  'CLIENT_REVOKED',
  'TENANT_CREATED',
  'TENANT_UPDATED',
  'TENANT_EXTENSIONS_CHANGED',
  'TENANT_SUSPENDED',
  'TENANT_RESUMED',
  'TENANT_DELETION_STARTED',
  'TENANT_DELETED',
  'CHANGES_PRUNED',
] as const;

export type ChangeKind = (typeof changeKinds)[number];
