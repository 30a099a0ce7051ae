/** Tests that know of no database, or of an embedded one only: they would do the same in either world, and run in the embedded one. */
export const ONCE: readonly string[] = [
  // The language, and each of the two programs before another that the test plays.
  'test/{schema,gateway,identity}/**/*.test.ts',
  'test/{config,contract,deployment,direct-resolvers,filter-elements,house,imports,look-ahead,readme,released-operations,schema-governance,token-space,weights}.test.ts',
  'test/store/{bulk-order,bulk-statements,graphql-statements,hot-path-statements,id-set,logged-errors,offset-paging,sql}.test.ts',
];
