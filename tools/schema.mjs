// npm run schema: writes schema/identity.graphql from the resolvers, and from it and the documents what client/ and the manifest hold.
import { compile, root, run, say } from './steps.mjs';

if (!compile()) say('What the compiler says above may come from what is being made now: run "npm run typecheck" afterwards.');
process.exitCode =
  (await run(['dist/services/identity/print-schema.js', 'schema/identity.graphql'])) ||
  (await run(['tools/generate-client.mjs'], { cwd: root }));
