/** The guide to tokens: what it shows can be done as it is shown, and what it says of tokens is so. */
import { readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { parse, print } from 'graphql';
import { beforeAll, describe, expect, test } from 'vitest';
import { scopesOf } from '../../services/identity/domain/caller.js';
import { newToken } from '../../services/identity/domain/tokens/token-format.js';
import { manage } from '../support/tokens.js';
import { newTenant, type Tenant } from '../support/world.js';

const TEXT = readFileSync(new URL('../../docs/tokens.md', import.meta.url), 'utf8');
const blocks = [...TEXT.matchAll(/^```graphql\n([\s\S]*?)^```$/gm)].map(([, text]) => text!);
const inline = [...TEXT.matchAll(/`(mutation \{.*?\})`/g)].map(([, text]) => text!);
const operations = [...blocks, ...inline].flatMap((text) => parse(text).definitions.map(print));

describe('docs/tokens.md', () => {
  let tenant: Tenant;
  beforeAll(async () => {
    tenant = await newTenant();
  });

  test('has examples', () => expect(operations.length).toBeGreaterThan(5));

  test.each(operations)('%s', async (operation) => {
    const own = manage(tenant, (await manage(tenant).create({ audience: 'GRAPHQL' })).accessToken);
    const { accessToken, token } = await own.create({ audience: 'SCIM' });
    const filled = operation
      .replace('id: "…"', `id: "${String(token['id'])}"`)
      .replace('"condeco_…"', `"${accessToken}"`)
      .replace('clientId: "…"', 'clientId: "another"')
      // Our own address must be in, or the guide's warning comes true.
      .replace('["203.0.113.0/24"]', '["203.0.113.0/24", "127.0.0.0/8", "::1"]');
    const { data, errors } = await own.graphql(filled);
    expect(errors).toBeUndefined();
    expect(JSON.stringify(data).replace('There is no such client.', '')).not.toMatch(/"message":"[^"]/);
  });

  test('knows all audiences and scopes', () => {
    const rows = [...TEXT.matchAll(/^\| `(SCIM|GRAPHQL|ADMIN)` \|.*\| (.*) \|$/gm)].map(
      ([, audience, scopes]) => [audience!.toLowerCase(), [...scopes!.matchAll(/`([a-z:]+)`/g)].map(([, scope]) => scope!)] as const,
    );
    const told = Object.fromEntries(rows);
    expect(told['scim']).toEqual(scopesOf.scim);
    expect([...told['scim']!, ...told['graphql']!].toSorted()).toEqual([...scopesOf.graphql].toSorted());
    expect(told['admin']!.toSorted()).toEqual([...scopesOf.admin].toSorted());
  });

  test('tells scanners how to find a token, and how to know it from a look-alike', () => {
    const pattern = new RegExp(/match `(.*)`/.exec(TEXT)![1]!);
    const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
    for (let round = 0; round < 1000; round += 1) {
      const token = newToken();
      expect(pattern.exec(`key: "${token}",`)?.[0]).toBe(token);
      const number = token
        .slice(-6)
        .split('')
        .reduce((sum, digit) => sum * 62 + digits.indexOf(digit), 0);
      expect(number).toBe(crc32(token.slice(0, -6)));
    }
  });
});
