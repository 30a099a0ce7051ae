/**
 * The limit: Koa and pg, one prepared statement for each request on the tables of the system, no token, no checks, rows as JSON.
 * Its writes leave the change record that the system's do, in the same statement. Nothing that answers HTTP from these tables in
 * Node can be expected to do better.
 */
import { randomUUIDv7 } from 'node:crypto';
import Koa from 'koa';
import pg from 'pg';

const COLUMNS = 'id, version, created_at, updated_at, profile, user_name, external_id, display_name, active';
const RECORD = 'insert into change (tenant_id, kind, subject_type, subject_id, before, after, door, token_id, request_id, address)';
const ACTOR = "'scim', null::uuid, 'bench', '127.0.0.1'";

const statements = {
  create: `with written as (
      insert into app_user (tenant_id, id, user_name, user_name_key, external_id, display_name, display_name_key, active, profile, folded)
      values ($1::uuid, $2::uuid, $3, $4, $5, $6, $7, $8::boolean, $9::jsonb, $10::jsonb) returning id, version, created_at, updated_at
    ), recorded as (${RECORD} select $1::uuid, 'USER_CREATED', 'USER', id, null, $11::jsonb, ${ACTOR} from written)
    select * from written`,
  find: `select ${COLUMNS} from app_user where tenant_id = $1::uuid and user_name_key = $2`,
  get: `select ${COLUMNS} from app_user where tenant_id = $1::uuid and id = $2::uuid`,
  // LIMIT as a parameter would get a plan for any number, which sorts all users.
  list: `select ${COLUMNS}, (select count(*) from app_user where tenant_id = $1::uuid) as total
    from app_user where tenant_id = $1::uuid order by id limit 100`,
  page: `select ${COLUMNS}, (select count(*) from app_user where tenant_id = $1::uuid) as total
    from app_user where tenant_id = $1::uuid order by id limit 100 offset $2::int`,
  walk: `select ${COLUMNS} from app_user where tenant_id = $1::uuid and id > $2::uuid order by id limit 100`,
  replace: `with written as (
      update app_user set display_name = $3, display_name_key = $4, profile = $5::jsonb, folded = $6::jsonb, version = version + 1, updated_at = now()
      where tenant_id = $1::uuid and id = $2::uuid returning ${COLUMNS}
    ), recorded as (${RECORD} select $1::uuid, 'USER_UPDATED', 'USER', id, null, $5::jsonb, ${ACTOR} from written)
    select * from written`,
  activate: `with written as (
      update app_user set active = $3::boolean, version = version + 1, updated_at = now()
      where tenant_id = $1::uuid and id = $2::uuid and active <> $3::boolean returning ${COLUMNS}
    ), recorded as (${RECORD} select $1::uuid, 'USER_UPDATED', 'USER', id, $4::jsonb, $5::jsonb, ${ACTOR} from written)
    select * from written`,
  members: `with target as (
      select id from app_group where tenant_id = $1::uuid and id = $2::uuid for no key update
    ), removed as (
      delete from membership using target, unnest($4::uuid[]) as gone (id)
      where membership.tenant_id = $1::uuid and membership.group_id = target.id and membership.user_id = gone.id returning user_id
    ), added as (
      insert into membership (tenant_id, group_id, user_id)
      select $1::uuid, target.id, joined.id from target, unnest($3::uuid[]) as joined (id) on conflict do nothing returning user_id
    ), moved as (
      select user_id, true as is_new from added union all select user_id, false from removed
    ), changed as (
      update app_group set version = version + 1, updated_at = now() from target
      where app_group.tenant_id = $1::uuid and app_group.id = target.id and exists (select 1 from moved) returning app_group.id
    ), recorded as (${RECORD} select $1::uuid, 'GROUP_MEMBERS_CHANGED', 'GROUP', changed.id,
        jsonb_build_object('members', coalesce(jsonb_agg(user_id) filter (where not is_new), '[]')),
        jsonb_build_object('members', coalesce(jsonb_agg(user_id) filter (where is_new), '[]')), ${ACTOR} from changed, moved group by changed.id)
    select id from changed`,
};

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 16, application_name: 'bench-bare' });
const run = async (name, ...values) => (await pool.query({ name, text: statements[name], values })).rows;

async function readJson(request) {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  return JSON.parse(Buffer.concat(pieces).toString('utf8'));
}

async function create(ctx, tenant) {
  const { userName, externalId, displayName, active, schemas, groups, password, ...rest } = await readJson(ctx.req);
  const profile = JSON.stringify(rest);
  const after = JSON.stringify({ userName, externalId, displayName, active, ...rest });
  const [row] = await run(
    'create',
    tenant,
    randomUUIDv7(),
    userName,
    userName.toLowerCase(),
    externalId,
    displayName,
    displayName.toLowerCase(),
    active,
    profile,
    profile,
    after,
  );
  ctx.status = 201;
  ctx.body = row;
}

async function find(ctx, tenant) {
  const [, userName] = /^userName eq "(.*)"$/.exec(ctx.query.filter);
  const rows = await run('find', tenant, userName.toLowerCase());
  ctx.body = { totalResults: rows.length, Resources: rows };
}

async function list(ctx, tenant) {
  const start = Number(ctx.query.startIndex);
  const rows = start === 1 ? await run('list', tenant) : await run('page', tenant, start - 1);
  ctx.body = { totalResults: Number(rows[0]?.total ?? 0), Resources: rows };
}

const FIRST = '00000000-0000-0000-0000-000000000000';

async function walk(ctx, tenant) {
  const rows = await run('walk', tenant, ctx.query.cursor || FIRST);
  ctx.body = { Resources: rows, ...(rows.length === 100 && { nextCursor: rows.at(-1).id }) };
}

async function replace(ctx, tenant, id) {
  const {
    userName: _userName,
    externalId: _externalId,
    displayName,
    schemas: _schemas,
    groups: _groups,
    password: _password,
    ...rest
  } = await readJson(ctx.req);
  const profile = JSON.stringify(rest);
  [ctx.body] = await run('replace', tenant, id, displayName, displayName.toLowerCase(), profile, profile.toLowerCase());
}

async function activate(ctx, tenant, id) {
  const {
    Operations: [
      {
        value: { active },
      },
    ],
  } = await readJson(ctx.req);
  [ctx.body] = await run('activate', tenant, id, active, JSON.stringify({ active: !active }), JSON.stringify({ active }));
}

async function changeMembers(ctx, tenant, id) {
  const {
    Operations: [{ op, path, value }],
  } = await readJson(ctx.req);
  const ids = value?.map((member) => member.value) ?? [path.slice(18, -2)];
  const [added, removed] = op === 'add' ? [ids, []] : [[], ids];
  const [row] = await run('members', tenant, id, added, removed);
  ctx.status = row ? 204 : 409;
}

const app = new Koa();
app.use(async (ctx) => {
  const tenant = ctx.get('x-tenant');
  const [, kind, id] = ctx.path.split('/');
  if (ctx.method === 'POST') return create(ctx, tenant);
  if (ctx.method === 'PUT') return replace(ctx, tenant, id);
  if (ctx.method === 'PATCH') return kind === 'Users' ? activate(ctx, tenant, id) : changeMembers(ctx, tenant, id);
  if (id) return void ([ctx.body] = await run('get', tenant, id));
  if (ctx.query.cursor !== undefined) return walk(ctx, tenant);
  return ctx.query.filter ? find(ctx, tenant) : list(ctx, tenant);
});
const server = app.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.on('disconnect', () => process.exit());
