/** Fills a tenant with people, by SQL, a few thousand a statement: far faster than through the system, and without its change records. */
import { v7 } from 'uuid';
import { documentOf, externalIdRange, numberOf, person } from './people.mjs';

const CHUNK = 5000;

/**
 * The columns of a user as the system's own code writes them, from a person whose values are marks; folded values have folded marks.
 * Whatever the system comes to store, the copies store too.
 */
async function readTemplate() {
  const [{ toColumns, userTable }, { checkAttributes }, { userResource }, { withDefaults }, { fold }] = await Promise.all([
    import('../dist/services/identity/store/query/columns.js'),
    import('../dist/schema/check.js'),
    import('../dist/schema/resources.js'),
    import('../dist/services/identity/domain/documents/document-rules.js'),
    import('../dist/schema/fold.js'),
  ]);
  const marks = Object.fromEntries(Object.keys(person(0)).map((key) => [key, `Q${key.toUpperCase()}Q`]));
  const document = checkAttributes(userResource, withDefaults(userResource, documentOf(marks)));
  const columns = toColumns(userTable, document);
  const row = { ...columns, profile: JSON.parse(columns.profile), folded: JSON.parse(columns.folded) };
  return { names: Object.keys(columns), fill: fillerOf(JSON.stringify(row), marks, fold) };
}

/** A function that puts a person's values in place of the marks. The text is cut up once, not searched for each person. */
function fillerOf(text, marks, fold) {
  const keys = new Map(
    Object.entries(marks).flatMap(([key, mark]) => [
      [mark, { key }],
      [fold(mark), { key, isFolded: true }],
    ]),
  );
  const parts = text.split(new RegExp(`(${[...keys.keys()].join('|')})`)).map((part) => keys.get(part) ?? part);
  const inJson = (value) => JSON.stringify(value).slice(1, -1);
  const valueOf = (values, { key, isFolded }) => inJson(isFolded ? fold(values[key]) : values[key]);
  return (values) => parts.map((part) => (typeof part === 'string' ? part : valueOf(values, part))).join('');
}

/** The rows of the people with these numbers, as a JSON list for one statement. Ids are made as the system makes them: in order. */
function rowsOf(fill, from, to) {
  const rows = Array.from({ length: to - from }, (_, at) => `{"id":"${v7()}",${fill(person(from + at)).slice(1)}`);
  return `[${rows.join(',')}]`;
}

/** Writes the people numbered `from` to `to` (without it). `tell` hears how many are written. */
export async function seedUsers({ rows }, tenantId, from, to, tell) {
  const { names, fill } = await readTemplate();
  const statement = `insert into app_user (tenant_id, id, ${names.join(', ')})
    select $1::uuid, new.id, ${names.map((name) => `new.${name}`).join(', ')} from json_populate_recordset(null::app_user, $2::json) as new`;
  let written = Promise.resolve();
  for (let start = from; start < to; start += CHUNK) {
    const end = Math.min(start + CHUNK, to);
    const chunk = rowsOf(fill, start, end); // made while the database writes the one before
    await written;
    tell(start - from);
    written = rows(statement, [tenantId, chunk]);
  }
  await written;
  tell(to - from);
}

/** The number of the first person the tenant does not have yet. */
export async function nextNumber({ rows }, tenantId) {
  const [{ last }] = await rows('select max(external_id) as last from app_user where tenant_id = $1 and external_id between $2 and $3', [
    tenantId,
    ...externalIdRange,
  ]);
  return last === null ? 0 : numberOf(last) + 1;
}
