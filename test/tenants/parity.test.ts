/**
 * Two doors, one rule: the same script through SCIM in one tenant and through GraphQL in another leaves the same rows and the same change
 * records, column by column, but for ids, times and who came through which door.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { type FailureCode, failures } from '../../schema/failure.js';
import { BADGES, type Ids, script, type Step } from '../support/parity-script.js';
import { newTenant, type Tenant, world } from '../support/world.js';

/** What came of a step: the version where there is a resource, or why it was refused. */
interface Outcome {
  readonly id?: string;
  readonly version?: number;
  readonly status?: number;
  readonly scimType?: string;
}

const DECLARE = {
  input: {
    resource: 'USER',
    schema: {
      id: BADGES,
      name: 'Badges',
      attributes: [
        { name: 'level', type: 'integer' },
        { name: 'doors', multiValued: true },
      ],
    },
  },
};

async function throughScim(tenant: Tenant, step: Step, ids: Ids): Promise<Outcome> {
  const { status, body, headers } = await tenant.scim(...step.scim(ids));
  if (status >= 400) return { status, ...(body.scimType && { scimType: body.scimType }) };
  const version = /^W\/"(\d+)"$/.exec(headers.etag ?? body?.meta?.version ?? '')?.[1];
  return { ...(body?.id && { id: body.id }), ...(version !== undefined && { version: Number(version) }) };
}

async function throughGraphql(tenant: Tenant, step: Step, ids: Ids): Promise<Outcome> {
  const [mutation, input] = step.graphql(ids);
  const inputType = mutation.endsWith('GroupMembers') ? 'GroupMembersInput' : `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input`;
  const field = mutation.endsWith('User') ? 'user' : 'group';
  const resource = mutation.startsWith('delete') ? '' : `resource: ${field} { id version }`;
  const { data, errors } = await tenant.graphql(
    `mutation ($input: ${inputType}!) { result: ${mutation}(input: $input) { ${resource} userErrors { code } } }`,
    { input },
  );
  expect(errors).toBeUndefined();
  const { resource: found, userErrors } = data!['result'] as {
    resource?: { id: string; version: number } | null;
    userErrors: { code: FailureCode }[];
  };
  const [error] = userErrors;
  if (!error) return found ?? {};
  const { status, scimType } = failures[error.code] as { status: number; scimType?: string };
  return { status, ...(scimType && { scimType }) };
}

const doors = [throughScim, throughGraphql];
const tenants: Tenant[] = [];
const ids: Record<string, string>[] = [{}, {}];
const outcomes: Outcome[][] = [[], []];

beforeAll(async () => {
  for (const [at, through] of doors.entries()) {
    const tenant = await newTenant();
    await tenant.graphql(
      'mutation ($input: DeclareExtensionInput!) { declareExtension(input: $input) { userErrors { message } } }',
      DECLARE,
    );
    for (const step of script) {
      const outcome = await through(tenant, step, ids[at]!);
      if (step.as && outcome.id) ids[at]![step.as] = outcome.id;
      outcomes[at]!.push(outcome);
    }
    tenants.push(tenant);
  }
}, 60_000);

/** Ids as the script calls them: the same in both tenants. */
const named = (text: string, at: number) => Object.entries(ids[at]!).reduce((rest, [name, id]) => rest.replaceAll(id, `<${name}>`), text);

const outcomeOf = (step: number, at: number) => {
  const { id: _, ...outcome } = outcomes[at]![step]!;
  return outcome;
};

describe('each step comes to the same', () => {
  test.each(script.map(({ name }, step) => [name, step] as const))('%s', (name, step) => {
    const [scim, graphql] = [outcomeOf(step, 0), outcomeOf(step, 1)];
    // A rehearsal answers a plan through SCIM, and the resource as it would be through GraphQL; SCIM's 204 carries no version.
    if (graphql.version !== undefined && scim.version === undefined && scim.status === undefined) return;
    expect(scim, name).toEqual(graphql);
  });

  test('and some of them to a refusal', () => expect(outcomes[0]!.filter(({ status }) => status !== undefined).length).toBeGreaterThan(10));
});

test('both tenants read the same through both doors', async () => {
  const read = async (tenant: Tenant, at: number) => {
    const [users, groups] = [await tenant.scim('GET', '/Users?count=100'), await tenant.scim('GET', '/Groups?count=100')];
    const times = /"(created|lastModified)":"[^"]*"/g;
    const typed = await tenant.graphql(
      '{ users { nodes { id version attributes groups { edges { type node { id } } } } } groups { nodes { id version attributes members { nodes { id type display } } } } }',
    );
    return [users.text, groups.text, JSON.stringify(typed.data)].map(
      (text) => JSON.parse(named(text.replaceAll(times, '"$1":""'), at)) as unknown,
    );
  };
  const [one, other] = [await read(tenants[0]!, 0), await read(tenants[1]!, 1)];
  expect(one).toEqual(other);
  expect(JSON.stringify(one)).toContain('<ann>');
});

/** When, by whom, through which door: what may differ. */
const SAYS_WHO_AND_WHEN =
  /^(tenant_id|transaction_id|sequence|place|at|.*_at|door|token_id|client_id|client|request_id|address|user_agent)$/;
/** The members that came or went are a set: a record tells them in no order. */
const inNoOrder = (key: string, value: unknown): unknown =>
  ['members', 'subgroups'].includes(key) && Array.isArray(value) ? value.toSorted() : value;

/** Tables of what is about the doors themselves; the answers kept under keys have each door's own digest. */
const OTHER_TABLES =
  /^(tenant|scim_client|access_token|dialect_sighting|refused_request|event_receiver|idempotency_key|.*token.*|.*client.*)$/;

test('the rows and the change records are the same, column by column', async (context) => {
  const { query } = await world();
  if (!query) return context.skip('needs a database server');
  const tables = await query(
    `select table_name::text as name from information_schema.columns where table_schema = 'public' and column_name = 'tenant_id' order by 1`,
  );
  const compared = tables.map(({ name }) => String(name)).filter((name) => !OTHER_TABLES.test(name));
  expect(compared).toEqual(expect.arrayContaining(['app_group', 'app_user', 'change', 'membership', 'nesting', 'resource_count']));
  for (const table of compared) {
    // Each tenant, its client and its tokens are records, too, and no part of the script.
    const rest = table === 'change' ? "and subject_type in ('USER', 'GROUP') order by transaction_id, sequence" : '';
    const dump = async (tenant: Tenant, at: number) => {
      // Counts are kept in slots, by connection: only their sum means something.
      const [columns, end] = table === 'resource_count' ? ['resource, sum(total) as total', 'group by resource'] : ['*', rest];
      const rows = await query(`select ${columns} from ${table} where tenant_id = '${tenant.id}' ${end}`);
      const kept = rows.map((row) => Object.fromEntries(Object.entries(row).filter(([column]) => !SAYS_WHO_AND_WHEN.test(column))));
      const texts = kept.map((row) => named(JSON.stringify(row), at).replaceAll(tenant.id, '<tenant>'));
      return table === 'change' ? texts : texts.toSorted();
    };
    const [scim, graphql] = [await dump(tenants[0]!, 0), await dump(tenants[1]!, 1)];
    expect(scim.length, table).toBeGreaterThan(0);
    expect(
      scim.map((row) => JSON.parse(row, inNoOrder) as unknown),
      table,
    ).toEqual(graphql.map((row) => JSON.parse(row, inNoOrder) as unknown));
  }
});
