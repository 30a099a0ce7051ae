import { describe, expect, test } from 'vitest';
import { readIdentityConfig } from '../../services/identity/config.js';
import { newClientSecret, newToken } from '../../services/identity/domain/tokens/token-format.js';

const complaint = (environment: Record<string, string>): string => {
  try {
    readIdentityConfig(environment);
  } catch (error) {
    return (error as Error).message;
  }
  return '';
};
const faults = (environment: Record<string, string>) =>
  complaint(environment)
    .split('\n')
    .filter((line) => line.startsWith('- '));

const production = () => ({
  NODE_ENV: 'production',
  DATABASE_URL: 'postgresql://condeco:pw@db:5432/condeco',
  REDIS_URL: 'rediss://cache:6379/0',
  PUBLIC_URL: 'https://scim.example.com/',
  BOOTSTRAP_TENANT: 'Example Ltd',
  BOOTSTRAP_CLIENT_ID: 'example',
  BOOTSTRAP_CLIENT_SECRET: newClientSecret(),
  BOOTSTRAP_ADMIN_TOKEN: newToken(),
});

describe('the configuration of the core', () => {
  test('nothing set: the embedded default on this machine only', () => {
    expect(readIdentityConfig({})).toEqual({
      host: '127.0.0.1',
      port: 4000,
      production: false,
      database: { kind: 'pglite', directory: '.data/database' },
      redisUrl: undefined,
      publicUrl: 'http://127.0.0.1:8080',
      introspection: true,
      trustProxy: false,
      trustedOnly: false,
      requestsPerSecond: 50,
      bootstrap: { tenant: undefined, clientId: undefined, clientSecret: undefined, adminToken: undefined },
    });
  });

  test('a variable set to nothing counts as not set', () => {
    expect(readIdentityConfig({ DATABASE_URL: '', REDIS_URL: '', IDENTITY_PORT: '', PUBLIC_URL: '' })).toEqual(readIdentityConfig({}));
  });

  test('everything set', () => {
    const given = production();
    expect(readIdentityConfig({ ...given, HOST: '0.0.0.0', IDENTITY_PORT: '4100', REQUESTS_PER_SECOND: '80' })).toEqual({
      host: '0.0.0.0',
      port: 4100,
      production: true,
      database: { kind: 'postgresql', url: given.DATABASE_URL },
      redisUrl: given.REDIS_URL,
      publicUrl: 'https://scim.example.com',
      introspection: false,
      trustProxy: false,
      trustedOnly: false,
      requestsPerSecond: 80,
      bootstrap: {
        tenant: 'Example Ltd',
        clientId: 'example',
        clientSecret: given.BOOTSTRAP_CLIENT_SECRET,
        adminToken: given.BOOTSTRAP_ADMIN_TOKEN,
      },
    });
  });

  test.each([
    ['', {}],
    ['?', {}],
    ['?sslmode=disable', { tls: false }],
    ['?sslmode=require', { tls: { rejectUnauthorized: false } }],
    ['?sslmode=verify-full', { tls: { host: 'db' } }],
  ])('DATABASE_URL with %j says how connections are encrypted', (parameters, tls) => {
    const url = 'postgresql://condeco:pw@db:5432/condeco';
    expect(readIdentityConfig({ DATABASE_URL: url + parameters }).database).toEqual({ kind: 'postgresql', url, ...tls });
  });

  test("traces go where OpenTelemetry's own variables say", () => {
    expect(readIdentityConfig({}).traces).toBeUndefined();
    expect(readIdentityConfig({ OTEL_EXPORTER_OTLP_HEADERS: 'a=b' }).traces).toBeUndefined();
    expect(readIdentityConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/' }).traces).toEqual({
      endpoint: 'http://collector:4318',
      headers: {},
      sampled: 1,
    });
    expect(
      readIdentityConfig({
        OTEL_EXPORTER_OTLP_ENDPOINT: 'https://x',
        OTEL_EXPORTER_OTLP_HEADERS: 'api-key=a%20b%2Cc, x=',
        OTEL_TRACES_SAMPLER_ARG: '0.25',
      }).traces,
    ).toEqual({ endpoint: 'https://x', headers: { 'api-key': 'a b,c', x: '' }, sampled: 0.25 });
    for (const [name, values] of Object.entries({
      OTEL_EXPORTER_OTLP_ENDPOINT: ['collector:4318', 'grpc://x'],
      OTEL_EXPORTER_OTLP_HEADERS: ['abc', 'a b=c', 'a=%zz'],
      OTEL_TRACES_SAMPLER_ARG: ['2', '-1', '50%', '1e-3'],
    })) {
      for (const value of values) {
        expect(faults({ [name]: value }), value).toEqual([expect.stringMatching(new RegExp(`^- ${name}: write `))]);
      }
    }
  });

  test.each([
    ['', undefined],
    ['0', 0],
    ['9464', 9464],
  ])('METRICS_PORT=%s: metrics on port %s', (given, metricsPort) => {
    expect(readIdentityConfig({ METRICS_PORT: given }).metricsPort).toBe(metricsPort);
    expect(faults({ METRICS_PORT: 'yes' })).toEqual(['- METRICS_PORT: write a port from 1 to 65535 (0 takes any free one), as in 9464']);
  });

  test('the default public address follows the port of the facade', () => {
    expect(readIdentityConfig({ GATEWAY_PORT: '9090' }).publicUrl).toBe('http://127.0.0.1:9090');
  });

  test('introspection can be asked for in production and refused elsewhere', () => {
    expect(readIdentityConfig({ ...production(), GRAPHQL_INTROSPECTION: 'true' }).introspection).toBe(true);
    expect(readIdentityConfig({ GRAPHQL_INTROSPECTION: 'false' }).introspection).toBe(false);
    expect(readIdentityConfig({ GRAPHQL_TRUSTED_ONLY: 'true' }).trustedOnly).toBe(true);
  });
});

describe('faults of the configuration', () => {
  test('all are told at once, each with its variable and what to write', () => {
    const found = faults({
      NODE_ENV: 'production',
      IDENTITY_PORT: '99999',
      PUBLIC_URL: 'scim.example.com',
      REDIS_URL: 'http://cache',
      BOOTSTRAP_CLIENT_ID: 'example',
      BOOTSTRAP_ADMIN_TOKEN: 'letmein',
    });
    expect(found.map((line) => line.slice(2).split(':')[0]).sort()).toEqual([
      'BOOTSTRAP_ADMIN_TOKEN',
      'BOOTSTRAP_CLIENT_SECRET',
      'DATABASE_URL',
      'IDENTITY_PORT',
      'PUBLIC_URL',
      'REDIS_URL',
    ]);
    expect(found.join('\n')).toContain('npm run token');
    expect(found.join('\n')).toContain('postgresql://user:password@host:5432/database');
  });

  test('values are never repeated: most are secret', () => {
    const message = complaint({ DATABASE_URL: 'mysql://root:hunter2@db/x', BOOTSTRAP_ADMIN_TOKEN: 'hunter3', REDIS_URL: 'hunter4' });
    expect(message).not.toMatch(/hunter/);
    expect(message.split('\n')).toHaveLength(4);
  });

  test.each([
    ['IDENTITY_PORT', ['-1', '65536', '4e3', 'http', '80 ', '1.5']],
    ['DATABASE_URL', ['localhost:5432', 'mysql://db/x', 'postgresql']],
    ['REDIS_URL', ['cache:6379', 'http://cache:6379']],
    ['PUBLIC_URL', ['example.com', 'ftp://example.com', '/scim', 'https://x?a', 'https://x#a']],
    ['NODE_ENV', ['prod', 'Production', 'production ', 'staging']],
    ['LOG_LEVEL', ['verbose', 'INFO']],
    ['GRAPHQL_INTROSPECTION', ['yes', '1', 'TRUE']],
    ['BOOTSTRAP_CLIENT_ID', [' example']],
  ])('%s refuses %j', (name, values) => {
    const together = { BOOTSTRAP_CLIENT_SECRET: name === 'BOOTSTRAP_CLIENT_ID' ? 'x' : '' };
    for (const value of values) expect(faults({ ...together, [name]: value }), value).toEqual([expect.stringContaining(`- ${name}: `)]);
  });

  test.each([
    ['sslmod=require', 'the parameter sslmod is not understood'],
    ['schema=public', 'the parameter schema is not understood'],
    ['sslmode=require&ssl=true', 'the parameter ssl is not understood'],
    ['hunter2@db/x', 'a parameter is not understood'],
    ['sslmode=require&sslmode=disable', 'sslmode stands there more than once'],
    ['sslmode=prefer', 'sslmode=prefer goes on unencrypted'],
    ['sslmode=allow', 'sslmode=allow goes on unencrypted'],
    ['sslmode=hunter2', 'sslmode is none that is known'],
    ['sslmode=', 'sslmode is none that is known'],
    ['sslrootcert=/hunter2', 'sslrootcert without encryption'],
    ['sslmode=disable&sslcert=/hunter2&sslkey=/hunter2', 'sslcert, sslkey without encryption'],
    ['sslmode=verify-ca', 'sslmode=verify-ca without sslrootcert'],
    ['sslmode=require&sslcert=/hunter2', 'sslcert and sslkey come together'],
    ['sslmode=verify-full&sslrootcert=/hunter2', 'sslrootcert is no file with a certificate'],
  ])('DATABASE_URL with %s is refused', (parameters, fault) => {
    const found = faults({ DATABASE_URL: `postgresql://condeco:hunter2@db:5432/condeco?${parameters}` });
    expect(found).toEqual([expect.stringContaining(`- DATABASE_URL: ${fault}`)]);
    expect(found.join()).toMatch(/write/);
    expect(found.join()).not.toContain('hunter2');
  });

  test('client id and client secret come together', () => {
    expect(faults({ BOOTSTRAP_CLIENT_ID: 'example' })).toEqual([expect.stringContaining('- BOOTSTRAP_CLIENT_SECRET: ')]);
    expect(faults({ BOOTSTRAP_CLIENT_SECRET: 'x' })).toEqual([expect.stringContaining('- BOOTSTRAP_CLIENT_ID: ')]);
  });

  test('an admin token with a typing error is refused', () => {
    const token = newToken();
    const mistyped = token.slice(0, -1) + (token.endsWith('a') ? 'b' : 'a');
    expect(faults({ BOOTSTRAP_ADMIN_TOKEN: token })).toEqual([]);
    expect(faults({ BOOTSTRAP_ADMIN_TOKEN: mistyped })).toHaveLength(1);
  });
});

describe('production', () => {
  test('a core of its own shares a secret with its facades', () => {
    const FACADE_SECRET = 'f'.repeat(32);
    expect(() => readIdentityConfig(production(), true)).toThrow('- FACADE_SECRET: is missing');
    expect(readIdentityConfig({ ...production(), FACADE_SECRET }, true).facadeSecret).toBe(FACADE_SECRET);
  });

  test('accepts what is complete', () => {
    expect(faults(production())).toEqual([]);
  });

  test.each(['DATABASE_URL', 'REDIS_URL'])('refuses to start without %s', (name) => {
    expect(faults({ ...production(), [name]: '' })).toEqual([expect.stringContaining(`- ${name}: is missing`)]);
  });

  test.each(['short', 'x'.repeat(31)])('refuses the short client secret %j, which development takes', (secret) => {
    expect(faults({ ...production(), BOOTSTRAP_CLIENT_SECRET: secret })).toEqual([expect.stringContaining('too short')]);
    expect(faults({ BOOTSTRAP_CLIENT_ID: 'example', BOOTSTRAP_CLIENT_SECRET: secret })).toEqual([]);
  });

  test.each(['secret', 'ChangeMe', 'PASSWORD'])('refuses a client secret with %j inside', (word) => {
    expect(faults({ ...production(), BOOTSTRAP_CLIENT_SECRET: `${word}${'x'.repeat(40)}` })).toEqual([expect.stringContaining('guessed')]);
  });
});
