/** A typed client of the identity core for Condeco's own tools. */
export * from './generated/tools.js';
export { type ClientOptions, createIdentityClient, type IdentityClient } from './identity-client.js';
export { done, type ErrorDetails, IdentityError, type UserError } from './identity-error.js';
export type { DataOf, TypedDocument, VariablesOf } from './typed-document.js';
