/** `identity tokens …`: issued, looked after, revoked. */
import type { Command } from 'commander';
import { CreateToken, type DataOf, done, IssueToken, ListTokens, RevokeToken, RevokeTokens, RotateToken } from '../../client/index.js';
import { usage } from '../exit-codes.js';
import { printList } from '../lists.js';
import { choice, days, isId, listing, type ListOptions, ofTenant, seconds, several, type TenantOption } from '../options.js';
import type { Column } from '../output.js';
import type { Runner } from '../runner.js';
import { readSecret, type Session } from '../session.js';

type Token = DataOf<typeof ListTokens>['tokens']['nodes'][number];
type Audience = Token['audience'];
const audience = (required = false) =>
  choice('--audience <door>', 'the door it opens', ['GRAPHQL', 'SCIM', 'ADMIN']).makeOptionMandatory(required);

const columns: readonly Column<Token>[] = [
  { header: 'ID', of: ({ id }) => id },
  { header: 'NAME', of: ({ name }) => name },
  { header: 'STATE', of: ({ state }) => state },
  { header: 'AUDIENCE', of: ({ audience }) => audience },
  { header: 'CLIENT', of: ({ clientId }) => clientId },
  { header: 'EXPIRES', of: ({ expiresAt }) => expiresAt },
  { header: 'LAST USED', of: ({ lastUsedAt }) => lastUsedAt },
  { header: 'SCOPES', of: ({ scopes }) => scopes },
];

interface Filter {
  readonly audience?: Audience;
  readonly client?: string;
  readonly state?: Token['state'];
  readonly expiringWithin?: number;
  readonly unusedFor?: number;
}

async function list(
  session: Session,
  {
    tenant: tenantId,
    audience,
    client: clientId,
    state,
    expiringWithin: expiringWithinDays,
    unusedFor: unusedForDays,
    ...limits
  }: ListOptions & TenantOption & Filter,
): Promise<void> {
  const filter = { audience, clientId, state, expiringWithinDays, unusedForDays };
  await printList(session, columns, limits, async (page) => (await session.run(ListTokens, { tenantId, filter, ...page })).tokens);
}

interface Made {
  readonly accessToken: string | null;
  readonly expiresIn: number | null;
  readonly token: { readonly id: string; readonly expiresAt: string; readonly scopes: readonly string[] } | null;
}

interface Previous {
  readonly id: string;
  readonly expiresAt: string;
}

async function tell(session: Session, { accessToken, expiresIn, token }: Made, previous?: Previous | null): Promise<void> {
  if (session.isQuiet && !session.isJson) return session.raw(`${accessToken ?? ''}\n`);
  await session.one(
    { accessToken, expiresIn, token, ...(previous !== undefined && { previous }) },
    {
      token: accessToken,
      id: token?.id,
      expires: token?.expiresAt,
      scopes: token?.scopes,
      ...(previous && { 'token before, good until': previous.expiresAt }),
    },
  );
  await session.note('The token is shown this once. Keep it now.');
}

interface Wishes {
  readonly audience: Audience;
  readonly name?: string;
  readonly description?: string;
  readonly expiresIn?: number;
  readonly scope?: readonly string[];
  readonly network?: readonly string[];
}
const wished = ({ audience, name, description, expiresIn, scope: scopes, network: allowedNetworks }: Wishes) => ({
  audience,
  name,
  description,
  expiresIn,
  scopes,
  allowedNetworks,
});

async function issue(
  session: Session,
  { clientId, secretFile, ...wishes }: Wishes & { clientId: string; secretFile: string },
): Promise<void> {
  const clientSecret = await readSecret(session.io, secretFile, 'a client secret');
  await tell(session, done((await session.runOpenly(IssueToken, { input: { clientId, clientSecret, ...wished(wishes) } })).issueToken));
}

async function create(session: Session, { tenant: tenantId, ...wishes }: Wishes & TenantOption): Promise<void> {
  await tell(session, done((await session.run(CreateToken, { input: { tenantId, ...wished(wishes) } })).createToken));
}

async function rotate(
  session: Session,
  { tenant: tenantId, overlap: overlapSeconds, expiresIn }: TenantOption & { overlap: number; expiresIn?: number },
  id: string,
): Promise<void> {
  const { previous, ...made } = done((await session.run(RotateToken, { input: { tenantId, id, overlapSeconds, expiresIn } })).rotateToken);
  await tell(session, made, previous);
}

async function revoke(session: Session, { tenant: tenantId }: TenantOption, given: string): Promise<void> {
  if (given !== '-' && !isId(given)) {
    throw usage('Name the token by its id, or write "-" and give the token itself on stdin: on the command line others could read it.');
  }
  const input = given === '-' ? { token: await readSecret(session.io, '-', 'a token') } : { id: given };
  const { revokedId, effectiveAt } = done((await session.run(RevokeToken, { input: { tenantId, ...input } })).revokeToken);
  await session.one({ revokedId, effectiveAt }, { revoked: revokedId, 'in effect since': effectiveAt });
}

async function revokeAll(
  session: Session,
  { tenant: tenantId, client: clientId, all }: TenantOption & { client?: string; all?: boolean },
): Promise<void> {
  if ((clientId === undefined) === !all) {
    throw usage("Say whose: --client <client id>, or --all for those of every client of the tenant, this command's own token among them.");
  }
  const { revoked, effectiveAt } = done(
    (await session.run(RevokeTokens, { input: { tenantId, ...(clientId === undefined ? { all: true } : { clientId }) } })).revokeTokens,
  );
  await session.one({ revoked, effectiveAt }, { revoked, 'in effect since': effectiveAt });
}

const wishes = (command: Command): Command =>
  command
    .addOption(audience(true))
    .option('--name <text>', 'a name, for people to read')
    .option('--description <text>', 'what it is for')
    .option('--expires-in <duration>', 'how long it lives, as in 90d or 10y; 84600 seconds if absent', seconds)
    .option('--scope <scope>', 'what it permits; may be repeated; everything that is possible if absent', several)
    .option('--network <cidr>', 'where it may be used from; may be repeated; from anywhere if absent', several);

/** Adds the commands. */
export function addTokens(program: Command, run: Runner): void {
  const tokens = program.command('tokens').description('Tokens: issue, list, rotate and revoke.');
  listing(
    ofTenant(
      tokens
        .command('list')
        .description('Lists tokens, the newest first.')
        .addOption(audience())
        .addOption(choice('--state <state>', 'those in this state', ['LIVE', 'EXPIRED', 'IDLE', 'REVOKED']))
        .option('--client <client id>', 'those of this client')
        .option('--expiring-within <duration>', 'live ones that expire within so long, in days or as 30d', days)
        .option('--unused-for <duration>', 'those not used for so long, in days or as 90d', days),
    ),
  ).action(run(list));
  wishes(
    tokens
      .command('issue')
      .description("Exchanges a client's id and secret for a token; needs no token. With --quiet the token alone is shown.")
      .requiredOption('--client-id <client id>', 'the client')
      .option('--secret-file <path>', 'the file that holds the client\'s secret, "-" for stdin', '-'),
  ).action(run(issue));
  ofTenant(
    wishes(tokens.command('create').description('Makes a token that permits no more than yours. With --quiet it alone is shown.')),
  ).action(run(create));
  ofTenant(
    tokens
      .command('rotate')
      .description('Makes another in the place of a token, which stays good for the overlap.')
      .argument('<id>', 'its id')
      .option('--overlap <duration>', 'how long the old one stays good, as in 1h or 7d; 0 when it has leaked', seconds, 3600)
      .option('--expires-in <duration>', 'how long the new one lives; as long as the old one did if absent', seconds),
  ).action(run(rotate));
  ofTenant(
    tokens
      .command('revoke')
      .description('Revokes a token: every process refuses it when the command returns.')
      .argument('<id>', 'its id, or "-" for the token itself on stdin'),
  ).action(run(revoke));
  ofTenant(
    tokens
      .command('revoke-all')
      .description('Revokes all tokens of a client, or of the tenant.')
      .option('--client <client id>', 'those of this client')
      .option('--all', 'those of the whole tenant'),
  ).action(run(revokeAll));
}
