import { createRequire } from 'node:module';

/** The release that this is, as package.json says. */
export const VERSION = (createRequire(import.meta.url)('condeco-identity/package.json') as { readonly version: string }).version;
