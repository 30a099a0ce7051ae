/** `identity clients …`: the credentials that tokens are issued for. */
import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { CreateClient, type DataOf, done, ListClients, RevokeClient, RotateClientSecret } from '../../client/index.js';
import { missing } from '../exit-codes.js';
import { pagesOf, printList } from '../lists.js';
import { listing, type ListOptions, ofTenant, seconds, type TenantOption } from '../options.js';
import type { Column } from '../output.js';
import type { Runner } from '../runner.js';
import type { Session } from '../session.js';

type Client = DataOf<typeof ListClients>['clients']['nodes'][number];

const lastUseOf = ({ secrets }: Client) =>
  secrets
    .map(({ lastUsedAt }) => lastUsedAt ?? '')
    .toSorted()
    .at(-1);

const columns: readonly Column<Client>[] = [
  { header: 'CLIENT ID', of: ({ clientId }) => clientId },
  { header: 'NAME', of: ({ name }) => name },
  { header: 'LIVE TOKENS', of: ({ liveTokenCount }) => liveTokenCount },
  { header: 'SECRETS', of: ({ secrets }) => secrets.length },
  { header: 'SECRET USED', of: lastUseOf },
  { header: 'CREATED', of: ({ createdAt }) => createdAt },
  { header: 'REVOKED', of: ({ revokedAt }) => revokedAt },
];

/** The id of a client by that, by what it sends to the token provider, or by its name where only one has it. */
async function idOf({ run }: Session, wanted: string, tenantId: string | undefined): Promise<string> {
  const named: Client[] = [];
  for await (const { nodes } of pagesOf(async (page) => (await run(ListClients, { tenantId, includeRevoked: true, ...page })).clients)) {
    const exact = nodes.find(({ id, clientId }) => id === wanted || clientId === wanted);
    if (exact) return exact.id;
    named.push(...nodes.filter(({ name, revokedAt }) => name === wanted && revokedAt === null));
  }
  if (named.length === 1) return named[0]!.id;
  throw missing(
    named.length === 0
      ? `There is no client "${wanted}".`
      : `${named.length} clients have the name "${wanted}": name one by its client id, ${named.map(({ clientId }) => clientId).join(' or ')}.`,
  );
}

async function tell(
  session: Session,
  { client, clientSecret }: { readonly client: object | null; readonly clientSecret: string | null },
): Promise<void> {
  if (session.isQuiet && !session.isJson) return session.raw(`${clientSecret ?? ''}\n`);
  const { clientId, name, secrets } = client as Client;
  await session.one(
    { client, clientSecret },
    {
      'client id': clientId,
      name,
      'client secret': clientSecret,
      ...(secrets[1] && { 'secret before, good until': secrets[1].expiresAt }),
    },
  );
  await session.note(
    clientSecret === null
      ? 'The answer was lost on its way, and the secret with it: make another with "identity clients rotate".'
      : 'The secret is shown this once. Keep it now.',
  );
}

async function list(
  session: Session,
  { tenant: tenantId, revoked, ...limits }: ListOptions & TenantOption & { revoked?: boolean },
): Promise<void> {
  await printList(
    session,
    columns,
    limits,
    async (page) => (await session.run(ListClients, { tenantId, includeRevoked: revoked ?? false, ...page })).clients,
  );
}

async function create(
  session: Session,
  { tenant: tenantId, description }: TenantOption & { description?: string },
  name: string,
): Promise<void> {
  await tell(
    session,
    done((await session.run(CreateClient, { input: { tenantId, name, description, idempotencyKey: randomUUID() } })).createClient),
  );
}

async function rotate(
  session: Session,
  { tenant: tenantId, overlap: overlapSeconds }: TenantOption & { overlap: number },
  wanted: string,
): Promise<void> {
  const id = await idOf(session, wanted, tenantId);
  await tell(
    session,
    done(
      (await session.run(RotateClientSecret, { input: { tenantId, id, overlapSeconds, idempotencyKey: randomUUID() } })).rotateClientSecret,
    ),
  );
}

async function revoke(
  session: Session,
  { tenant: tenantId, keepTokens = false }: TenantOption & { keepTokens?: boolean },
  wanted: string,
): Promise<void> {
  const id = await idOf(session, wanted, tenantId);
  const { userErrors: _, ...revoked } = done((await session.run(RevokeClient, { input: { tenantId, id, keepTokens } })).revokeClient);
  await session.one(revoked, {
    'client id': revoked.client?.clientId,
    'revoked tokens': revoked.revokedTokens,
    'in effect since': revoked.effectiveAt,
  });
}

/** Adds the commands. */
export function addClients(program: Command, run: Runner): void {
  const clients = program.command('clients').description('Clients: the credentials that tokens are issued for.');
  const CLIENT = 'its client id, id or name';
  listing(ofTenant(clients.command('list').description('Lists clients.').option('--revoked', 'those that were revoked, too'))).action(
    run(list),
  );
  ofTenant(
    clients
      .command('create')
      .description('Creates a client. The secret is shown this once; with --quiet it is all that is shown.')
      .argument('<name>', 'its name')
      .option('--description <text>', 'what it is for'),
  ).action(run(create));
  ofTenant(
    clients
      .command('rotate')
      .description('Makes a new secret; the one before stays good for the overlap.')
      .argument('<client>', CLIENT)
      .option('--overlap <duration>', 'how long the old secret stays good, as in 1h or 7d; 0 when it has leaked', seconds, 3600),
  ).action(run(rotate));
  ofTenant(
    clients
      .command('revoke')
      .description('Ends a client, and all its tokens.')
      .argument('<client>', CLIENT)
      .option('--keep-tokens', 'leaves its tokens as they are'),
  ).action(run(revoke));
}
