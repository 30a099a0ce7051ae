/** Tests that know of no database, or of an embedded one only: they would do the same in either world, and run in the embedded one. */
export const ONCE: readonly string[] = [
  // The language, and each of the two programs before another that the test plays.
  'test/{schema,gateway,identity}/**/*.test.ts',
  'test/house/*.test.ts',
  'test/programs/{config,deployment,start-refused}.test.ts',
  'test/graphql/{contract,direct-resolvers,look-ahead,released-operations,schema-governance}.test.ts',
  'test/{scim/{filter-elements,weights},tenants/shares-of-work,tokens/{token-questions,token-space}}.test.ts',
  'test/store/{aborted-transactions,bulk-order,bulk-statements,driver-errors,graphql-statements,hot-path-statements,id-set,logged-errors,offset-paging,sql}.test.ts',
];
