/** `identity tenants …`: for operators. */
import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import {
  CreateTenant,
  type DataOf,
  DeleteTenant,
  done,
  FindTenant,
  ListTenants,
  ResumeTenant,
  SuspendTenant,
  UpdateTenant,
} from '../../client/index.js';
import { CliError, EXIT, missing, usage } from '../exit-codes.js';
import { printList, pagesOf } from '../lists.js';
import { choice, isId, listing, type ListOptions } from '../options.js';
import type { Column } from '../output.js';
import type { Runner } from '../runner.js';
import type { Session } from '../session.js';

type Tenant = NonNullable<DataOf<typeof FindTenant>['tenant']>;
type Listed = DataOf<typeof ListTenants>['tenants']['nodes'][number];

const columns: readonly Column<Listed>[] = [
  { header: 'ID', of: ({ id }) => id },
  { header: 'NAME', of: ({ name }) => name },
  { header: 'REFERENCE', of: ({ reference }) => reference },
  { header: 'STATE', of: ({ state }) => state },
  { header: 'USERS', of: ({ userCount }) => userCount },
  { header: 'GROUPS', of: ({ groupCount }) => groupCount },
  { header: 'LIVE TOKENS', of: ({ liveTokenCount }) => liveTokenCount },
];

const linesOf = (tenant: Tenant): Record<string, unknown> => ({
  id: tenant.id,
  name: tenant.name,
  reference: tenant.reference,
  state: tenant.state,
  reason: tenant.stateReason,
  since: tenant.stateChangedAt,
  created: tenant.createdAt,
  'SCIM URL': tenant.scimUrl,
  'token URL': tenant.tokenUrl,
  'requests a second': tenant.requestsPerSecond,
  users: tenant.userCount,
  groups: tenant.groupCount,
  'live tokens': tenant.liveTokenCount,
  ...(tenant.remaining !== null && { remaining: tenant.remaining }),
});

const show = (session: Session, tenant: Tenant): Promise<void> => session.one(tenant, linesOf(tenant));

/** The id of a tenant by its id, its reference, or its very name. */
async function idOf({ run }: Session, wanted: string): Promise<string> {
  if (isId(wanted)) return wanted;
  const [referred] = (await run(ListTenants, { reference: wanted, first: 1 })).tenants.nodes;
  if (referred) return referred.id;
  const found: Listed[] = [];
  for await (const { nodes } of pagesOf(async (page) => (await run(ListTenants, { name: wanted, ...page })).tenants)) {
    found.push(...nodes.filter(({ name }) => name === wanted));
  }
  if (found.length > 1) {
    throw new CliError(
      EXIT.conflict,
      'AMBIGUOUS',
      `${found.length} tenants have the name "${wanted}": name one by its id, ${found.map(({ id }) => id).join(' or ')}.`,
    );
  }
  if (!found[0]) throw missing(`There is no tenant with the id, the reference or the name "${wanted}".`);
  return found[0].id;
}

async function list(
  session: Session,
  { name, reference, state, ...limits }: ListOptions & { name?: string; reference?: string; state?: 'ACTIVE' | 'SUSPENDED' | 'DELETING' },
): Promise<void> {
  await printList(session, columns, limits, async (page) => (await session.run(ListTenants, { name, reference, state, ...page })).tenants);
}

async function find(session: Session, _: object, wanted: string): Promise<void> {
  const { tenant } = await session.run(FindTenant, { id: await idOf(session, wanted) });
  if (!tenant) throw missing(`There is no tenant with the id "${wanted}".`);
  await show(session, tenant);
}

async function create(session: Session, { reference }: { reference?: string }, name: string): Promise<void> {
  const { tenant, clientId, clientSecret } = done(
    (await session.run(CreateTenant, { input: { name, reference, idempotencyKey: randomUUID() } })).createTenant,
  );
  if (session.isQuiet && !session.isJson) return session.raw(`${clientSecret ?? ''}\n`);
  await session.one({ tenant, clientId, clientSecret }, { ...linesOf(tenant!), 'client id': clientId, 'client secret': clientSecret });
  await session.note(
    clientSecret === null
      ? 'The answer was lost on its way, and the secret with it: make another with "identity clients rotate".'
      : 'The secret is shown this once. Keep it now.',
  );
}

async function update(
  session: Session,
  { name, reference, clearReference }: { name?: string; reference?: string; clearReference?: boolean },
  wanted: string,
): Promise<void> {
  if (name === undefined && reference === undefined && !clearReference) {
    throw usage('Say what to change: --name, --reference or --clear-reference.');
  }
  const tenantId = await idOf(session, wanted);
  await show(
    session,
    done((await session.run(UpdateTenant, { input: { tenantId, name, reference: clearReference ? null : reference } })).updateTenant)
      .tenant!,
  );
}

async function suspend(session: Session, { reason }: { reason: string }, wanted: string): Promise<void> {
  await show(
    session,
    done((await session.run(SuspendTenant, { input: { tenantId: await idOf(session, wanted), reason } })).suspendTenant).tenant!,
  );
}

async function resume(session: Session, _: object, wanted: string): Promise<void> {
  await show(session, done((await session.run(ResumeTenant, { input: { tenantId: await idOf(session, wanted) } })).resumeTenant).tenant!);
}

async function remove(session: Session, { confirm }: { confirm: string }, wanted: string): Promise<void> {
  const { tenant } = done(
    (await session.run(DeleteTenant, { input: { tenantId: await idOf(session, wanted), confirmName: confirm } })).deleteTenant,
  );
  if (tenant) await show(session, tenant);
  await session.note(
    'Its tokens are refused from now on; the rest goes in the background. "identity tenants show" counts down what remains, and then finds nothing.',
  );
}

/** Adds the commands. */
export function addTenants(program: Command, run: Runner): void {
  const tenants = program.command('tenants').description('Tenants: onboard, rename, suspend, resume and delete. For operators.');
  const TENANT = 'its id, reference or exact name';
  listing(
    tenants
      .command('list')
      .description('Lists tenants.')
      .option('--name <text>', 'those with this in their name')
      .option('--reference <key>', 'the one with this reference')
      .addOption(choice('--state <state>', 'those in this state', ['ACTIVE', 'SUSPENDED', 'DELETING'])),
  ).action(run(list));
  tenants.command('show').description('Shows one tenant.').argument('<tenant>', TENANT).action(run(find));
  tenants
    .command('create')
    .description('Onboards a tenant, with its first client. The secret is shown this once; with --quiet it is all that is shown.')
    .argument('<name>', 'its name')
    .option('--reference <key>', 'a key of yours, as the id in a customer list')
    .action(run(create));
  tenants
    .command('update')
    .alias('rename')
    .description('Changes the name or the reference.')
    .argument('<tenant>', TENANT)
    .option('--name <name>', 'another name')
    .option('--reference <key>', 'another reference')
    .option('--clear-reference', 'takes the reference away')
    .action(run(update));
  tenants
    .command('suspend')
    .description('Refuses every token of the tenant until it is resumed. Nothing is deleted.')
    .argument('<tenant>', TENANT)
    .requiredOption('--reason <text>', 'why, for the records')
    .action(run(suspend));
  tenants
    .command('resume')
    .description('Makes the tokens of a suspended tenant good again.')
    .argument('<tenant>', TENANT)
    .action(run(resume));
  tenants
    .command('delete')
    .description('Deletes a tenant with all that it owns. There is no way back.')
    .argument('<tenant>', TENANT)
    .requiredOption('--confirm <name>', 'the name of the tenant, to be sure')
    .action(run(remove));
}
