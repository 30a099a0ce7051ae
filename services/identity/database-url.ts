/**
 * What DATABASE_URL says behind its "?": whether and how the connections to PostgreSQL are encrypted. The words are libpq's, and mean what
 * they mean to psql; pg's own reading of them changes from version to version.
 */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type ConnectionOptions, createSecureContext } from 'node:tls';

export interface DatabaseAddress {
  /** Without parameters. */
  readonly url: string;
  /** False where nothing is to be encrypted; absent where nothing is said. */
  readonly tls?: ConnectionOptions | false;
}

const PARAMETERS = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey'] as const;
type Parameter = (typeof PARAMETERS)[number];
type Given = Readonly<Partial<Record<Parameter, string>>>;

const ENCRYPTING = ['require', 'verify-ca', 'verify-full'];

/** A name of ours or anybody's; what else stands there may be the rest of a password. */
const named = (name: string): string => (/^[a-z_]{1,40}$/i.test(name) ? `the parameter ${name}` : 'a parameter');

function* nameFaults(parameters: URLSearchParams): Generator<string> {
  for (const name of new Set(parameters.keys())) {
    if (!PARAMETERS.some((known) => known === name)) {
      yield `${named(name)} is not understood; after the "?" write ${PARAMETERS.join(', ')} or nothing`;
    } else if (parameters.getAll(name).length > 1) yield `${name} stands there more than once; write it once`;
  }
}

function* modeFaults({ sslmode, ...files }: Given): Generator<string> {
  if (sslmode === 'prefer' || sslmode === 'allow') {
    yield `sslmode=${sslmode} goes on unencrypted where the server wants it so; write ${ENCRYPTING.join(', ')}, or disable`;
  } else if (sslmode !== undefined && sslmode !== 'disable' && !ENCRYPTING.includes(sslmode)) {
    yield `sslmode is none that is known; write disable, ${ENCRYPTING.join(', ')}`;
  } else if ((sslmode === undefined || sslmode === 'disable') && Object.keys(files).length > 0) {
    yield `${Object.keys(files).join(', ')} without encryption; write sslmode=verify-full, verify-ca or require, too`;
  }
  if (sslmode === 'verify-ca' && files.sslrootcert === undefined) {
    yield "sslmode=verify-ca without sslrootcert; write the path of your own authority's certificate, or sslmode=verify-full for public ones";
  }
  if ((files.sslcert === undefined) !== (files.sslkey === undefined)) yield 'sslcert and sslkey come together; write both, or neither';
}

const read = (path: string | undefined): string | undefined => (path === undefined ? undefined : readFileSync(path, 'utf8'));

function isUsable(check: () => unknown): boolean {
  try {
    check();
    return true;
  } catch {
    return false;
  }
}

function* fileFaults({ sslrootcert, sslcert, sslkey }: Given): Generator<string> {
  if (sslrootcert !== undefined && !isUsable(() => new X509Certificate(read(sslrootcert)!))) {
    yield 'sslrootcert is no file with a certificate; write the path of one in PEM';
  }
  if (sslcert !== undefined && sslkey !== undefined && !isUsable(() => createSecureContext({ cert: read(sslcert), key: read(sslkey) }))) {
    yield 'sslcert and sslkey are no files with a certificate and its key; write the paths of both in PEM, the key without a password';
  }
}

const givenIn = (parameters: URLSearchParams): Given => Object.fromEntries(parameters);

/**
 * What is wrong with the parameters of a URL, with what to write; never a value, and never what may be part of a password. Of what is no
 * URL nothing.
 */
export function databaseUrlFaults(url: string): string[] {
  if (!URL.canParse(url)) return [];
  const { searchParams } = new URL(url);
  const faults = [...nameFaults(searchParams)];
  if (faults.length === 0) faults.push(...modeFaults(givenIn(searchParams)));
  return faults.length > 0 ? faults : [...fileFaults(givenIn(searchParams))];
}

/** Whom to believe: `require` believes anybody, unless an authority is named; only `verify-full` looks at the name. */
function tlsOf({ sslmode, sslrootcert, sslcert, sslkey }: Given, hostname: string): ConnectionOptions | false | undefined {
  if (sslmode === undefined) return undefined;
  if (sslmode === 'disable') return false;
  const files = {
    ...(sslrootcert !== undefined && { ca: read(sslrootcert) }),
    ...(sslcert !== undefined && { cert: read(sslcert), key: read(sslkey) }),
  };
  if (sslmode === 'verify-full') return { ...files, host: hostname.replaceAll(/[[\]]/g, '') }; // pg itself tells the name, but no address
  return sslrootcert === undefined ? { ...files, rejectUnauthorized: false } : { ...files, checkServerIdentity: () => undefined };
}

/** Reads a URL without faults, and the files it names. */
export function readDatabaseUrl(text: string): DatabaseAddress {
  const url = new URL(text);
  const tls = tlsOf(givenIn(url.searchParams), decodeURIComponent(url.hostname));
  url.search = '';
  return { url: text.includes('?') ? url.href : text, ...(tls !== undefined && { tls }) };
}
