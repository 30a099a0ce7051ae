// npm run schema: writes schema/identity.graphql from the resolvers, and from it and the documents what client/ and the manifest hold.
import { build, root, run } from './steps.mjs';

build();
process.exitCode = await run(['dist/services/identity/print-schema.js', 'schema/identity.graphql']) || await run(['tools/generate-client.mjs'], { cwd: root });
