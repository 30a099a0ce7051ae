/** Statements as text and parameters: what is put in never becomes text. */
import { describe, expect, test } from 'vitest';
import { asLookUp, compile, prepare, sql, withoutValues } from '../../services/identity/store/query/sql.js';

const [id, other] = ['01890a5d-ac96-774b-bcce-b302099a8057', '01890a5d-ac96-774b-bcce-b302099a8058'];
const compiled = (statement: Parameters<typeof compile>[0]) => {
  const { text, values } = compile(statement);
  return [text, values];
};

describe('a statement', () => {
  test.each([
    ['values', sql`select ${1}, ${'a\'b"c'}, ${null}, ${[1, 2]}::int[]`, 'select $1, $2, $3, $4::int[]', [1, 'a\'b"c', null, [1, 2]]],
    ['statements in it', sql`a ${sql`b ${1} ${sql`c ${2}`}`} ${3}`, 'a b $1 c $2 $3', [1, 2, 3]],
    ['names', sql`${sql.ref('app_user.id')} ${sql.table('user')} ${sql.ref('a"b')}`, '"app_user"."id" "user" "a""b"', []],
    ['constants', sql`${sql.lit("it's")} ${sql.lit(true)} ${sql.lit(7)} ${sql.raw('$$x$$')}`, "'it''s' true 7 $$x$$", []],
    [
      'lists',
      sql`(${sql.join([1, sql`x`, 'y'])}) ${sql.join([sql`p ${1}`, sql`q`], sql` and ${9} `)} ${sql.join([])}`,
      '($1, x, $2) p $3 and $4 q ',
      [1, 'y', 1, 9],
    ],
    [
      'an id that stands there twice',
      sql`${id}::uuid ${other}::uuid ${sql`${id}::uuid`} ${id}::text`,
      '$1::uuid $2::uuid $1::uuid $3::text',
      [id, other, id],
    ],
    [
      'what is no id, twice',
      sql`${'a'}::text ${'a'}::text ${null}::uuid ${null}::uuid ${[id]}::uuid[] ${id}::uuid[]`,
      '$1::text $2::text $3::uuid $4::uuid $5::uuid[] $6::uuid[]',
      ['a', 'a', null, null, [id], id],
    ],
  ])('has %s', (_, statement, text, values) => expect(compiled(statement)).toEqual([text, values]));
});

describe('a statement that is written before its values are known', () => {
  const byId = (tenant: string, value: unknown) => sql`select ${7} where ${tenant}::uuid = ${value}::uuid and ${tenant}::uuid is not null`;

  test('is what it would be with them', () => {
    const prepared = prepare<[string, string], unknown>(2, byId);
    for (const value of [other, id]) {
      expect(compiled(prepared(id, value))).toEqual(['select $1 where $2::uuid = $3::uuid and $2::uuid is not null', [7, id, value]]);
    }
    expect(prepare<[string], never>(1, (tenant) => asLookUp(sql`${tenant}`))(id).kind).toBe('lookUp');
  });

  test('may have parts whose values were taken out', () => {
    const { part, given } = withoutValues(sql`a = ${'x'} and ${sql`b = ${2}`}`, 1);
    expect(given).toEqual(['x', 2]);
    const prepared = prepare<[string, ...unknown[]], never>(3, (tenant) => sql`${part} and c = ${tenant}`);
    expect(compiled(prepared(id, 'y', 3))).toEqual(['a = $1 and b = $2 and c = $3', ['y', 3, id]]);
  });

  test('must not look into them, and is no part of another', () => {
    expect(() => prepare<[{ id: string }], never>(1, (tenant) => sql`${tenant.id}`)).toThrow('before it is known');
    expect(() => compile(sql`${prepare<[string], never>(1, (tenant) => sql`${tenant}`)(id)}`)).toThrow('no part of another');
  });
});
