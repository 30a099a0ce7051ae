import { describe, expect, test } from 'vitest';
import { readGatewayConfig } from '../../gateway/config.js';

const complaint = (environment: Record<string, string>): string => {
  try {
    readGatewayConfig(environment);
  } catch (error) {
    return (error as Error).message;
  }
  return '';
};

describe('the configuration of the facade', () => {
  test('nothing set', () => {
    const usual = { host: '127.0.0.1', port: 8080, publicUrl: undefined, identityUrl: 'http://127.0.0.1:4000', trustProxy: false };
    expect(readGatewayConfig({})).toEqual(usual);
    expect(readGatewayConfig({ GATEWAY_PORT: '', PUBLIC_URL: '', IDENTITY_URL: '', TRUST_PROXY: '', HOST: '' })).toEqual(usual);
  });

  test('everything set', () => {
    expect(
      readGatewayConfig({
        NODE_ENV: 'production',
        GATEWAY_PORT: '80',
        HOST: '0.0.0.0',
        PUBLIC_URL: 'https://x.example/base//',
        IDENTITY_URL: 'http://core:4000/',
        TRUST_PROXY: 'true',
      }),
    ).toEqual({ host: '0.0.0.0', port: 80, publicUrl: 'https://x.example/base', identityUrl: 'http://core:4000', trustProxy: true });
  });

  test('all faults at once, with what to write and without the value', () => {
    const message = complaint({ NODE_ENV: 'production', GATEWAY_PORT: '99999', IDENTITY_URL: 'ftp://hunter2', TRUST_PROXY: 'yes' });
    expect(
      message
        .split('\n')
        .slice(1)
        .map((line) => line.slice(2).split(':')[0])
        .sort(),
    ).toEqual(['GATEWAY_PORT', 'IDENTITY_URL', 'PUBLIC_URL', 'TRUST_PROXY']);
    expect(message).not.toContain('hunter2');
  });

  test.each([
    ['GATEWAY_PORT', ['-1', '65536', '80 ', 'http', '1.5']],
    ['PUBLIC_URL', ['example.com', 'ftp://x', '/scim', 'https://x?a', 'https://x#a']],
    ['IDENTITY_URL', ['core:4000', 'redis://x']],
    ['TRUST_PROXY', ['1', 'TRUE', 'on']],
    ['HOST', ['a b']],
    ['NODE_ENV', ['prod', 'Production']],
    ['LOG_LEVEL', ['verbose']],
  ])('%s refuses %j', (name, values) => {
    for (const value of values) expect(complaint({ [name]: value }), value).toContain(`- ${name}: write `);
  });

  test('production needs the secret of a core in another process', () => {
    expect(() => readGatewayConfig({ NODE_ENV: 'production', PUBLIC_URL: 'https://x.example' }, true)).toThrow(
      '- FACADE_SECRET: is missing',
    );
    expect(readGatewayConfig({ NODE_ENV: 'production', PUBLIC_URL: 'https://x.example' }).facadeSecret).toBeUndefined();
  });

  test('production needs to know where it is', () => expect(complaint({ NODE_ENV: 'production' })).toContain('- PUBLIC_URL: is missing'));
});
