/** Checks of the doctor that need more than the client: the certificate, and whether the core knows what the CLI asks. */
import { connect } from 'node:tls';
import { CreateUsers, ExportGroups, ExportUsers, TailChanges, ListClients, ListTenants, ListTokens, RunBulk } from '../client/index.js';
import type { ExitCode } from './exit-codes.js';

export interface Finding {
  readonly check: string;
  readonly status: 'ok' | 'warn' | 'fail';
  readonly detail: string;
  /** What a failure makes of the exit code. */
  readonly exitCode?: ExitCode | undefined;
}

const DAY = 86_400_000;
const PATIENCE = 10_000;

/** Until when the certificate is good; rejects where there is none that this machine trusts. */
const certificateEnd = ({ hostname, port }: URL): Promise<number> =>
  new Promise((resolve, reject) => {
    const socket = connect(
      {
        host: hostname.replace(/^\[|\]$/g, ''),
        port: Number(port || 443),
        servername: /^[\d.]+$|:/.test(hostname) ? undefined : hostname,
        timeout: PATIENCE,
      },
      () => {
        resolve(Date.parse(socket.getPeerCertificate().valid_to));
        socket.destroy();
      },
    );
    socket.once('error', reject).once('timeout', () => socket.destroy(new Error('no answer')));
  });

const isLoopback = (hostname: string): boolean => /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);

/** Whether the token travels encrypted, and for how long it will. */
export async function checkTls(address: string): Promise<Finding> {
  const url = new URL(address);
  if (url.protocol === 'http:') {
    return isLoopback(url.hostname)
      ? { check: 'tls', status: 'ok', detail: 'Not encrypted, and on this machine.' }
      : { check: 'tls', status: 'warn', detail: 'Not encrypted: whoever is on the way can read the token. Use https.' };
  }
  try {
    const left = Math.floor(((await certificateEnd(url)) - Date.now()) / DAY);
    return { check: 'tls', status: left < 14 ? 'warn' : 'ok', detail: `The certificate is good for another ${left} days.` };
  } catch (error) {
    return { check: 'tls', status: 'fail', detail: `The certificate cannot be trusted: ${(error as Error).message}.` };
  }
}

/** The wide ones: what has changed between releases shows in these first. */
const documents = [CreateUsers, ExportGroups, ExportUsers, TailChanges, ListClients, ListTenants, ListTokens, RunBulk];
/** There is no operation of this name in any document: it is looked up, and checked against the schema, and never run. */
const NOTHING = 'NothingToRun';

async function codeOf(url: string, token: string | undefined, body: object): Promise<string | undefined> {
  const response = await fetch(/\/graphql\/?$/.test(url) ? url : `${url.replace(/\/+$/, '')}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ operationName: NOTHING, ...body }),
    signal: AbortSignal.timeout(PATIENCE),
  });
  const { errors } = (await response.json()) as { errors?: readonly { extensions?: { code?: string } }[] };
  return errors?.[0]?.extensions?.code;
}

/** Whether the core is of a release that this CLI can talk to. Runs nothing. */
export async function checkDocuments(url: string, token: string | undefined): Promise<Finding> {
  const unknown: string[] = [];
  for (const { id, name, body } of documents) {
    const code = await codeOf(url, token, { extensions: { persistedQuery: { version: 1, sha256Hash: id } } });
    if (code !== 'PERSISTED_QUERY_NOT_FOUND') continue;
    unknown.push(name);
    if ((await codeOf(url, token, { query: body })) === 'GRAPHQL_VALIDATION_FAILED') {
      return {
        check: 'schema',
        status: 'fail',
        detail: `The core is of another release than this CLI, and cannot do what ${name} asks: use the CLI of its release.`,
      };
    }
  }
  if (unknown.length === 0) return { check: 'schema', status: 'ok', detail: 'The core knows the operations of this CLI.' };
  return {
    check: 'schema',
    status: 'warn',
    detail: `The core is of another release than this CLI; it understands ${unknown.join(', ')} by their text, if it is not told to run trusted documents only.`,
  };
}
