/**
 * Trusted documents: the texts in the manifest that tools are shipped with (schema/trusted-documents.json, in the form of Apollo's
 * persisted query lists). A request may send the id of one instead of its text, and an operator may let nothing else run.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Failure } from '../../../schema/failure.js';

interface Manifest {
  readonly operations: readonly { readonly id: string; readonly body: string }[];
}

export interface TrustedDocuments {
  /**
   * The body of a request with the text in place of its id (`documentId`, or `extensions.persistedQuery.sha256Hash`). Fails with
   * PERSISTED_QUERY_NOT_FOUND where the id is not in the manifest.
   */
  open(body: unknown): unknown;
  /** Whether the text is one of the manifest's. */
  has(text: string): boolean;
}

/** What a body may say of its document; who sends something else is answered by Apollo. */
interface Sent {
  readonly query?: unknown;
  readonly documentId?: unknown;
  readonly extensions?: { readonly persistedQuery?: { readonly sha256Hash?: unknown } } | null;
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** GraphQL over HTTP writes the kind of digest in front: `sha256:…`. */
const idIn = ({ documentId, extensions }: Sent): string | undefined => {
  const id = documentId ?? extensions?.persistedQuery?.sha256Hash;
  return typeof id === 'string' ? id.replace(/^sha256:/, '').toLowerCase() : undefined;
};

/** The documents of the manifest. */
export function trustedDocuments(manifest: Manifest): TrustedDocuments {
  const bodies = new Map(manifest.operations.map(({ id, body }) => [id, body]));
  const has = (text: string): boolean => bodies.has(digestOf(text));

  function textOf(sent: Sent): string {
    const id = idIn(sent)!;
    const text = bodies.get(id);
    if (text !== undefined) return text;
    // Who sends the text along (as Apollo's client does, to have it kept) is answered; nothing is kept.
    if (typeof sent.query === 'string' && digestOf(sent.query) === id) return sent.query;
    throw new Failure('PERSISTED_QUERY_NOT_FOUND');
  }

  return {
    has,
    open: (body) => {
      if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
      if (idIn(body) === undefined) return body;
      const { documentId: _, extensions, ...rest } = body as Sent & { readonly [member: string]: unknown };
      return { ...rest, query: textOf(body) };
    },
  };
}

const MANIFEST = 'schema/trusted-documents.json';

/** The manifest that comes with this version. */
export function readManifest(): Manifest {
  const root = createRequire(import.meta.url)
    .resolve('condeco-identity/package.json')
    .replace(/package\.json$/, '');
  return JSON.parse(readFileSync(root + MANIFEST, 'utf8')) as Manifest;
}
