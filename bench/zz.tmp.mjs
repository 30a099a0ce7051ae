import pg from 'pg'; import { readFileSync } from 'node:fs';
import { processorTime } from './processes.mjs';
const f = JSON.parse(readFileSync('/tmp/lab/facts.json'));
const { selectFrom } = await import('../dist/services/identity/store/resource-rows.js');
const { userTable } = await import('../dist/services/identity/store/columns.js');
const { compile, sql } = await import('../dist/services/identity/store/sql.js');
const id = f.sample[0].id;
const along = { related: { name: 'effectiveGroups', limit: 1001 } };
const { text, values } = compile(selectFrom(userTable, f.tenantId, sql`id = ${id}::uuid`, along));
console.log(text, values);

const V = { base: text };
V.json = text.replace("coalesce(jsonb_agg(to_jsonb(page)), '[]')", "coalesce(json_agg(to_json(page)), '[]')");
V.thin = text.replace("coalesce(jsonb_agg(to_jsonb(page)), '[]')", "coalesce(json_agg(to_json(page)), '[]')").replace(", resource.*", "");
const above = (inner) => inner;
V.array = text.replace("coalesce(jsonb_agg(to_jsonb(page)), '[]')", "coalesce(json_agg(json_build_array(page.related_id, page.type, page.display)), '[]')").replace(", resource.*", "");
V.cols = V.json.replace(", resource.*", ", resource.id, resource.version, resource.created_at, resource.updated_at, resource.display_name, '{}'::jsonb as profile");
V.colsb = text.replace(", resource.*", ", resource.id, resource.version, resource.created_at, resource.updated_at, resource.display_name, '{}'::jsonb as profile");
delete V.arr2; // text.replace("coalesce(jsonb_agg(to_jsonb(page)), '[]')", "array_agg(array[page.related_id::text, page.type, page.display])").replace(", resource.*", "");
// text.replace(/ , \(select coalesce[^]*as related from found/, ' from found');
// 'select "id", version, created_at, updated_at, user_name, external_id, display_name, active, profile from app_user where tenant_id = $1::uuid and id = $2::uuid';
V.norec = V.array.replace(/union all\s+\(with recursive[^]*offset 0\)\)\) as relation/, ') as relation');
const c = new pg.Client({ connectionString: f.url, pipeline: true, options: '-c jit=off' }); await c.connect();
const { rows: [{ pid }] } = await c.query('select pg_backend_pid() as pid');
const N = 4000;
const ids = f.sample.map((s) => s.id);
async function measure(name, work) {
  await work(500); const p0 = processorTime(pid); const u0 = process.cpuUsage(); const t = performance.now();
  await work(N); const u = process.cpuUsage(u0);
  console.log(name, 'pg', ((processorTime(pid) - p0) * 1000 / N).toFixed(1), 'us; own', ((u.user + u.system) / N).toFixed(1), 'us; elapsed', ((performance.now() - t) * 1000 / N).toFixed(1));
}
const B = 8;
const single = (name, text) => async (n) => { for (let i = 0; i < n; i += B) { c.connection.stream.cork(); const all = []; for (let j = 0; j < B; j++) all.push(c.query({ name, text, values: text.includes('$2') ? [f.tenantId, ids[(i + j) % ids.length]] : [f.tenantId] })); c.connection.stream.uncork(); await Promise.all(all); } };
for (let r = 0; r < 3; r++) for (const [k, t] of Object.entries(V)) await measure(k.padEnd(10), single(k, t));
await c.end();
