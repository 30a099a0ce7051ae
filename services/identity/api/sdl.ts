import { lexicographicSortSchema, printSchema } from 'graphql';
import { buildIdentitySchema } from './schema.js';

/** The schema as text, sorted: what `schema/identity.graphql` must hold. */
export const printIdentitySchema = (): string =>
  `# Made by \`npm run schema\` from services/identity/api. Do not edit.\n${printSchema(lexicographicSortSchema(buildIdentitySchema()))}\n`;
