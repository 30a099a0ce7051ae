/** `npm run bench:seed`: fills a tenant of an existing database with made-up people. */
import { parseArgs } from 'node:util';
import { databaseUrl } from './constants.mjs';
import { openDatabase } from './database.mjs';
import { startProgress } from './progress.mjs';
import { nextNumber, seedUsers } from './seed-users.mjs';

const HELP = `npm run bench:seed -- --users NUMBER [--tenant NAME] [--database URL]

Adds NUMBER made-up people to a tenant of a PostgreSQL database that the core has migrated: for trying out a large company.
They get names, an e-mail address, a phone number, a title, a department and an external id, the same in every run; a
second run goes on where the first one ended.

  --users NUMBER    how many to add, as in 100000
  --tenant NAME     name or id of the tenant; may be left out where there is one only
  --database URL    as in postgres://user:password@host:5432/database; left out, what DATABASE_URL says

They are written by SQL, not through the system: no change records tell of them. Indexes and triggers stay in force.
`;

function readArguments() {
  const { values } = parseArgs({
    options: {
      users: { type: 'string' },
      tenant: { type: 'string' },
      database: { type: 'string', default: databaseUrl },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    process.exit();
  }
  const users = Number(values.users?.replaceAll(/[,_]/g, ''));
  if (!Number.isSafeInteger(users) || users < 1) throw new Error('--users takes how many to add, as in --users 100000; --help tells more.');
  return { ...values, users };
}

/** The tenant of that name or id; the administrator's own, which has no users, is none of them. */
async function findTenant({ rows }, wanted) {
  const { OPERATOR_TENANT } = await import('../dist/services/identity/domain/caller.js');
  const tenants = await rows('select id, name from tenant where id <> $1 order by name', [OPERATOR_TENANT]);
  if (tenants.length === 0) {
    throw new Error('The database has no tenant yet: start the core with BOOTSTRAP_TENANT, or ask it for one with createTenant.');
  }
  const found = tenants.filter(({ id, name }) => wanted === undefined || wanted === name || wanted === id);
  if (found.length === 1) return found[0];
  const names = tenants.map(({ id, name }) => `\n  ${name} (${id})`).join('');
  throw new Error(`${found.length === 0 ? `No tenant is named "${wanted}"` : 'Which tenant? Give --tenant the id'}; there are:${names}`);
}

async function seed({ users, tenant: wanted, database: url }) {
  const database = await openDatabase(url);
  try {
    const tenant = await findTenant(database, wanted);
    const from = await nextNumber(database, tenant.id);
    const { tell, stop } = startProgress(tenant.name, users);
    await seedUsers(database, tenant.id, from, from + users, tell).finally(stop);
    await database.rows('vacuum analyze app_user'); // or the next queries are planned for the size it had before
    process.stdout.write(`${tenant.name} has ${users.toLocaleString('en')} more users.\n`);
  } finally {
    await database.close();
  }
}

try {
  await seed(readArguments());
} catch (error) {
  process.stderr.write(`${error.code === '42P01' ? 'The database has no tables yet: start the core on it once.' : error.message}\n`);
  process.exitCode = 1;
}
