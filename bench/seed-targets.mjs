/** The data that each server is asked about: tenants of its own in the one database. */
import { makeGroup, seedCompany, seedCrowd } from './database.mjs';
import { MIXED_TENANTS } from './constants.mjs';

/** Three tenants for each server that works on the database: one to read and change, one to join groups in, one to create users in. */
export async function seedTenants(system, database, settings, model, label, say) {
  const tenants = {};
  for (const name of ['company', 'crowd', 'arrivals']) tenants[name] = await system.newTenant(`${label} ${name}`);
  const company = await seedCompany(database, model, tenants.company.id, settings.users, (count) =>
    say(`seed ${label}: ${count} of ${settings.users} users`),
  );
  const size = settings.manyMembers;
  const crowd = await seedCrowd(database, model, tenants.crowd.id, size, label === 'system', (count) =>
    say(`seed ${label}: ${count} users for a group of ${size}`),
  );
  return { tenants, data: { company, crowd, arrivals: { run: label } } };
}

/** The tenants of the mixed load, each with its users and a group that nobody is in yet. */
export async function seedMixed(system, database, { mixedUsers }, model, headersOf, say) {
  const tenants = [];
  for (let at = 0; at < MIXED_TENANTS; at += 1) {
    const tenant = await system.newTenant(`Mixed ${at}`);
    const { users } = await seedCompany(database, model, tenant.id, mixedUsers, () => undefined);
    const { id: groupId } = await makeGroup(database, tenant.id, 'Everybody', []);
    tenants.push({ id: tenant.id, run: `mixed${at}`, users, groupId, headers: headersOf(tenant) });
    say(`seed mixed: ${(at + 1) * mixedUsers} of ${MIXED_TENANTS * mixedUsers} users`);
  }
  return { tenants: { mixed: { id: tenants.map(({ id }) => id) } }, data: { mixed: { tenants } } };
}
