/** The laws of the house that no type checker knows. What may import what is in imports.test.ts. */
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Attribute } from '../../schema/attribute.js';
import { resourceTypes, schemasOf } from '../../schema/resources.js';
import { ONCE } from '../support/once.js';

const root = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
/** What people write. */
const filesOf = (...folders: string[]) =>
  folders
    .flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: root }))
    .filter((file) => !file.includes('/generated/'))
    .toSorted();

const gateway = filesOf('gateway');
const services = filesOf('services');
const besides = filesOf('client', 'cli', 'wire', 'process');
const all = [...filesOf('schema'), ...besides, ...gateway, ...services];

/** Lines of a file that the pattern is found in, as `file:line text`. */
const found = (files: readonly string[], pattern: RegExp) =>
  files.flatMap((file) =>
    read(file)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1} ${line.trim()}`] : [])),
  );

/** Words for people are not code: comments may name what a client sends. */
const withoutComments = (text: string) => text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '');

const IMPORT =
  /(?:import|export) (?:type )?\{([^}]*)\} from '([^']+)'|const \{([^}]*)\} = await import\(\s*'([^']+)'|import\('([^']+)'\)\)?\.(\w+)/g;

/** What a file imports, and exports again, of files of ours: each as the file and the name. */
const importsOf = (file: string): string[] =>
  Array.from(read(file).matchAll(IMPORT)).flatMap(([, names, from, awaitedNames, awaited, asked, member]) => {
    const target = join(dirname(file), (from ?? awaited ?? asked)!).replace(/\.js$/, '.ts');
    return (names ?? awaitedNames ?? member!).split(',').map(
      (name) =>
        `${target} ${name
          .trim()
          .replace(/^type /, '')
          .split(/ as |:/)[0]!
          .trim()}`,
    );
  });

const namesOf = (attribute: Attribute): string[] => [
  attribute.name,
  ...(attribute.aliases ?? []),
  ...(attribute.subAttributes ?? []).flatMap(namesOf),
];

describe('the house', () => {
  test('has files to look at', () => {
    expect(gateway.length).toBeGreaterThan(10);
    expect(services.length).toBeGreaterThan(10);
  });

  test('says URNs in schema/ only', () => {
    expect(found([...gateway, ...services, ...besides], /urn:ietf/i)).toEqual([]);
  });

  test('says attributes in schema/ only: the facade names none', () => {
    // What every resource and every value has by the protocol itself (RFC 7643, sections 2.4 and 3.1), and words of plain English.
    const protocol = [
      'id',
      'schemas',
      'resourceType',
      'created',
      'lastModified',
      'location',
      'version',
      'value',
      'type',
      'display',
      'primary',
      '$ref',
    ];
    const english = ['name', 'title', 'address', 'password', 'meta'];
    const names = resourceTypes
      .flatMap((type) => schemasOf(type).flatMap(({ attributes }) => attributes.flatMap(namesOf)))
      .filter((name) => ![...protocol, ...english].includes(name));
    expect(new Set(names).size).toBeGreaterThan(35);
    const pattern = new RegExp(`\\b(${[...new Set(names)].join('|')})\\b`);
    const spoken = gateway.flatMap((file) =>
      withoutComments(read(file))
        .split('\n')
        .filter((line) => pattern.test(line))
        .map((line) => `${file} ${line.trim()}`),
    );
    expect(spoken).toEqual([]);
  });

  test('has no file of more than 300 lines', () => {
    expect(all.filter((file) => read(file).trimEnd().split('\n').length > 300)).toEqual([]);
  });

  // Lines are 140 characters long at the most; of wider ones there would be fewer.
  test('has files of 75 lines at the median', () => {
    const lengths = all.map((file) => read(file).trimEnd().split('\n').length).toSorted((one, two) => one - two);
    expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThanOrEqual(75);
  });

  test('has no comment of more than 140 characters a line, to which the formatter does nothing', () => {
    expect(
      all.flatMap((file) =>
        read(file)
          .split('\n')
          .filter((line) => line.length > 140 && /^\s*(\/\*\*|\*|\/\/) /.test(line))
          .map((line) => `${file} ${line}`),
      ),
    ).toEqual([]);
  });

  test('reads the environment in main.ts only', () => {
    expect(
      found(
        all.filter((file) => basename(file) !== 'main.ts'),
        /process\s*\.\s*env\b|process\[|import\.meta\.env/,
      ),
    ).toEqual([]);
  });

  test('prints nothing but through the log, and leaves nothing for later', () => {
    expect(
      found(
        all.filter((file) => basename(file) !== 'main.ts'),
        /\bconsole\./,
      ),
    ).toEqual([]);
    expect(found(all, /\b(TODO|FIXME|XXX|HACK)\b/)).toEqual([]);
    expect(found(all, /@ts-(ignore|nocheck|expect-error)|^(?!\s*[/*]).*(: any\b|\bas any\b|<any>)/)).toEqual([]);
  });

  // V8 gives each such object a hidden class of its own, which holds what the getter holds until the next large collection.
  test('has no getters in objects that functions make: those of a class cost nothing', () => {
    expect(found(all, /^ {4,}get \w+\(/)).toEqual([]);
  });

  test('exports what another file uses, and nothing else', () => {
    const files = globSync('**/*.{ts,mjs}', { cwd: root, exclude: ['**/node_modules', 'dist'] });
    const used = new Set(files.flatMap(importsOf));
    const exported = all.flatMap((file) =>
      Array.from(read(file).matchAll(/^export (?:async )?(?:const|function\*?|class) (\w+)/gm), ([, name]) => `${file} ${name}`),
    );
    expect(exported.length).toBeGreaterThan(500);
    expect(exported.filter((one) => !used.has(one))).toEqual([]);
  });

  test('asks in no test that runs once which world it is in', () => {
    const once = ONCE.flatMap((pattern) => globSync(pattern, { cwd: root }));
    expect(once.length).toBeGreaterThan(40);
    expect(
      found(once, /\binject\(|\bworld\(\)|\bnewTenant\(\)|\bcreateOwnStore\(|\bcreateOwnDatabase\(|\bfindPrograms\(/).filter(
        (line) => !line.startsWith('test/house/house.test.ts'),
      ),
    ).toEqual([]);
  });

  test('imports with endings', () => {
    expect(found(all, /from '\.{1,2}\/[^']*(?<!\.js)'/)).toEqual([]);
  });
});
