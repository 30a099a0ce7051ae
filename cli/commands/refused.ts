/** `identity refused`: what an identity provider sent over SCIM that was refused. */
import type { Command } from 'commander';
import { type DataOf, ListRefusedRequests, ListRefusedRequestsOfTenant } from '../../client/index.js';
import { missing } from '../exit-codes.js';
import { printList } from '../lists.js';
import { count, listing, type ListOptions, ofTenant, type TenantOption } from '../options.js';
import type { Column } from '../output.js';
import type { Runner } from '../runner.js';
import type { Session } from '../session.js';

type Page = DataOf<typeof ListRefusedRequests>['caller']['tenant']['refusedRequests'];
type Refused = Page['nodes'][number];

interface Options extends ListOptions, TenantOption {
  readonly text?: string;
  readonly status?: number;
}

const columns: readonly Column<Refused>[] = [
  { header: 'LAST AT', of: ({ lastAt }) => lastAt },
  { header: 'TIMES', of: ({ times }) => times },
  { header: 'STATUS', of: ({ status }) => status },
  { header: 'METHOD', of: ({ method }) => method },
  { header: 'PATH', of: ({ path }) => path },
  { header: 'DETAIL', of: ({ detail }) => detail },
];

async function refused(session: Session, { tenant: tenantId, text, status, ...limits }: Options): Promise<void> {
  await printList(session, columns, limits, async (page): Promise<Page> => {
    if (tenantId === undefined) return (await session.run(ListRefusedRequests, { text, status, ...page })).caller.tenant.refusedRequests;
    const { tenant } = await session.run(ListRefusedRequestsOfTenant, { tenantId, text, status, ...page });
    if (!tenant) throw missing(`There is no tenant "${tenantId}".`);
    return tenant.refusedRequests;
  });
}

/** Adds the command. */
export function addRefused(program: Command, run: Runner): void {
  listing(
    ofTenant(
      program
        .command('refused')
        .summary('Shows what was refused over SCIM.')
        .description(
          'What an identity provider sent over SCIM that was refused, the newest first: of thirty days, a few seconds after it happened. --json shows the bodies, too, with secrets masked.',
        )
        .option('--text <text>', 'a part of path, sentence or body: a user name, an e-mail address, an id')
        .option('--status <status>', 'answered with this HTTP status', count),
    ),
  ).action(run(refused));
}
