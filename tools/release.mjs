// npm run schema:release: writes down what this release promises, to tools (the schema) and to the gateways that run beside the next
// release (the operations).
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './steps.mjs';

const schema = join(root, 'schema');
const operations = readdirSync(join(schema, 'operations'))
  .toSorted()
  .map((file) => readFileSync(join(schema, 'operations', file), 'utf8'));
copyFileSync(join(schema, 'identity.graphql'), join(schema, 'released.graphql'));
writeFileSync(join(schema, 'released-operations.graphql'), operations.join('\n'));
