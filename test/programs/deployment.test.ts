/** docker-compose.yml and the Dockerfile know what the programs take: what they do not hand on has no effect, and nobody is told. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { gatewayVariables } from '../../gateway/config.js';
import { identityVariables } from '../../services/identity/config.js';

const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');

/** Said by the image, or of no use in it: with PostgreSQL there is no folder, and ports are chosen by what is published. */
const NOT_HANDED_ON = ['NODE_ENV', 'HOST', 'IDENTITY_PORT', 'GATEWAY_PORT', 'DATA_DIR'];

/** The names below `environment:` of a service. */
function environmentOf(service: string): string[] {
  const [, block = ''] = new RegExp(`^  ${service}:\\n((?: {4}.*\\n|\\n)+)`, 'm').exec(read('docker-compose.yml')) ?? [];
  const [, lines = ''] = /^ {4}environment:\n((?: {6}.*\n)+)/m.exec(block) ?? [];
  return Array.from(lines.matchAll(/^ {6}(\w+):/gm), ([, name]) => name!);
}

describe('docker-compose.yml', () => {
  test.each([
    ['identity', Object.keys(identityVariables.shape)],
    ['gateway', Object.keys(gatewayVariables.shape)],
  ])('hands every variable on to %s, and no other', (service, names) => {
    expect(environmentOf(service).toSorted()).toEqual(names.filter((name) => !NOT_HANDED_ON.includes(name)).toSorted());
  });
});

describe('the image', () => {
  const folders = (JSON.parse(read('tsconfig.build.json')) as { include: string[] }).include;

  test.each(folders)('is built from %s', (folder) => {
    expect(read('Dockerfile')).toContain(`\nCOPY ${folder} ${folder}\n`);
    expect(read('.dockerignore').split('\n')).toContain(`!${folder}`);
  });
});
