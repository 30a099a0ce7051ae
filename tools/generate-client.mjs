// What is made from schema/identity.graphql and the documents: types of the facade's operations, typed documents for tools, and the
// manifest by which the core knows trusted documents. `npm run schema` writes it; a test fails while it is stale.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { codegen } from '@graphql-codegen/core';
import * as operations from '@graphql-codegen/typescript-operations';
import { buildSchema, Kind, parse, print, stripIgnoredCharacters, validate } from 'graphql';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path) => readFileSync(join(root, path), 'utf8');
const HEAD = '/** Made by `npm run schema`. Do not edit. */';

const ID = { input: 'string', output: 'string' };
/** The facade knows JSON by the contract's own types; the client stands alone. */
const FACADE_SCALARS = { ID, JSON: 'Json', JSONObject: 'JsonObject' };
const TOOL_SCALARS = { ID, JSON: 'unknown', JSONObject: '{ readonly [name: string]: unknown }' };

/** One operation a file, named as the file: that is what it is called by. */
function readDocuments(folder, schema) {
  return readdirSync(join(root, folder))
    .filter((file) => file.endsWith('.graphql'))
    .toSorted()
    .map((file) => {
      const name = basename(file, '.graphql');
      const document = parse(read(`${folder}/${file}`));
      const [error] = validate(schema, document);
      if (error) throw new Error(`${folder}/${file}: ${error.message}`);
      const [definition, ...others] = document.definitions;
      if (others.length > 0 || definition.kind !== Kind.OPERATION_DEFINITION || definition.name?.value !== name) {
        throw new Error(`${folder}/${file}: write one operation, and name it ${name}`);
      }
      return { name, type: definition.operation, document, location: file };
    });
}

async function typesOf(operationsOf, sdl, scalars) {
  const config = { scalars, skipTypename: true, immutableTypes: true, enumType: 'string-literal' };
  const documents = operationsOf.map(({ document, location }) => ({ document, location }));
  const text = await codegen({
    schema: parse(sdl),
    documents,
    filename: 'types.ts',
    config: {},
    plugins: [{ operations: config }],
    pluginMap: { operations },
  });
  return text.trim().replaceAll(/\n{3,}/g, '\n\n');
}

const kindOf = ({ type }) => (type === 'query' ? 'Query' : 'Mutation');

/** Operations by name, for who sends names: `FacadeOperations['ReadUser']['variables']`. */
const byName = (documents) => `/** The operations in \`schema/operations\`: what each takes and answers. */
export interface FacadeOperations {
${documents.map((each) => `  ${each.name}: { variables: ${each.name}${kindOf(each)}Variables; data: ${each.name}${kindOf(each)} };`).join('\n')}
}`;

/** The text is sent once at the most: the id, its SHA-256, stands for it. */
function trusted({ name, type, document }) {
  const body = stripIgnoredCharacters(print(document));
  return { id: createHash('sha256').update(body).digest('hex'), name, type, body };
}

const constantOf = (each) => {
  const { id, name, type, body } = trusted(each);
  const kind = kindOf(each);
  return `export const ${name}: TypedDocument<${name}${kind}, ${name}${kind}Variables> = {\n  id: '${id}', name: '${name}', type: '${type}',\n  body: ${JSON.stringify(body)},\n};`;
};

/** All generated files, by path. */
export async function generate(sdl = read('schema/identity.graphql')) {
  const schema = buildSchema(sdl);
  const facade = readDocuments('schema/operations', schema);
  const tools = readDocuments('client/documents', schema);
  const manifest = { format: 'apollo-persisted-query-manifest', version: 1, operations: tools.map(trusted) };
  return {
    'gateway/generated/facade.ts': `${HEAD}\nimport type { Json, JsonObject } from '../../schema/change.js';\n\n${await typesOf(facade, sdl, FACADE_SCALARS)}\n\n${byName(facade)}\n`,
    'client/generated/tools.ts': `${HEAD}\nimport type { TypedDocument } from '../typed-document.js';\n\n${await typesOf(tools, sdl, TOOL_SCALARS)}\n\n${tools.map(constantOf).join('\n\n')}\n`,
    'schema/trusted-documents.json': `${JSON.stringify(manifest, undefined, 2)}\n`,
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, text] of Object.entries(await generate())) writeFileSync(join(root, path), text);
}
