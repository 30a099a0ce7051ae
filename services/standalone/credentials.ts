/** The credentials of a single-machine installation: what was not given is made once and kept in a file of the user's own. */
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Bootstrap } from '../identity/domain/tenants/bootstrap.js';
import { isWellFormedToken, newClientSecret, newToken } from '../identity/domain/tokens/token-format.js';

const stored = z
  .object({
    tenant: z.string(),
    clientId: z.string(),
    clientSecret: z.string(),
    adminToken: z.string().refine(isWellFormedToken),
    scimToken: z.string(),
    graphqlToken: z.string(),
  })
  .partial();

/** What the file may hold. */
export type Stored = z.infer<typeof stored>;
type Tokens = Pick<Stored, 'scimToken' | 'graphqlToken'>;
/** What the core is started with, and the tokens that are ready for use once there are any. */
export type Credentials = Required<Omit<Stored, keyof Tokens>> & Tokens;

export const credentialsFile = (directory: string): string => join(directory, 'credentials.json');

/** The stored credentials; none where there is no file. */
export async function readCredentials(directory: string): Promise<Stored> {
  const file = credentialsFile(directory);
  try {
    return stored.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new Error(`${file} cannot be read as credentials: mend it, or delete it to have new ones made.`, { cause: error });
  }
}

/** What is given wins over what is stored; what is neither is made now. A client's id and secret stay together. */
export function completeCredentials(given: Bootstrap, kept: Stored): Credentials {
  const client = [given, kept].find(({ clientId, clientSecret }) => clientId && clientSecret);
  return {
    tenant: given.tenant ?? kept.tenant ?? 'Condeco',
    clientId: client?.clientId ?? `scim-${randomBytes(6).toString('hex')}`,
    clientSecret: client?.clientSecret ?? newClientSecret(),
    adminToken: given.adminToken ?? kept.adminToken ?? newToken(),
    scimToken: kept.scimToken,
    graphqlToken: kept.graphqlToken,
  };
}

/** Writes the file whole or not at all, readable by this user alone. */
export async function storeCredentials(directory: string, credentials: Credentials): Promise<void> {
  const created = await mkdir(directory, { recursive: true, mode: 0o700 });
  if (created !== undefined) await chmod(directory, 0o700);
  const file = credentialsFile(directory);
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, file);
}
