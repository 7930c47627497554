import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/errors/index.ts';
import { normalizeBaseURL } from '../../src/provider-kit/base-url.ts';

const normalize = (baseURL: string, allowHttp?: boolean): string =>
  normalizeBaseURL(baseURL, { provider: 'acme', allowHttp });

function faultOf(baseURL: string, allowHttp?: boolean): ConfigError {
  try {
    normalize(baseURL, allowHttp);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error(`expected a fault in ${baseURL}`);
}

describe('a base URL', () => {
  it.each([
    ['https://api.acme.example', 'https://api.acme.example'],
    ['https://api.acme.example/', 'https://api.acme.example'],
    ['https://api.acme.example//', 'https://api.acme.example'],
    ['https://api.acme.example/v1', 'https://api.acme.example'],
    ['https://api.acme.example/v1/', 'https://api.acme.example'],
    ['https://api.acme.example//v1//', 'https://api.acme.example'],
    ['https://api.acme.example/v1/v1', 'https://api.acme.example'],
    ['https://gateway.example/acme/v1', 'https://gateway.example/acme'],
    ['https://gateway.example/v1/acme', 'https://gateway.example/v1/acme'],
    ['https://gateway.example/apiv1', 'https://gateway.example/apiv1'],
    ['https://gateway.example/v1beta', 'https://gateway.example/v1beta'],
    ['https://gateway.example/v2', 'https://gateway.example/v2'],
    ['https://api.acme.example:8443/v1', 'https://api.acme.example:8443'],
    ['https://api.acme.example:443', 'https://api.acme.example'],
    ['HTTPS://API.ACME.EXAMPLE/V1x', 'https://api.acme.example/V1x'],
    [' https://api.acme.example/v1\n', 'https://api.acme.example'],
    ['https://api.acme.example?', 'https://api.acme.example'],
    ['https://[2001:db8::1]/v1', 'https://[2001:db8::1]'],
    ['https://bücher.example', 'https://xn--bcher-kva.example'],
  ])('%j is %s', (given, normal) => {
    expect(normalize(given)).toBe(normal);
    expect(normalize(normal)).toBe(normal);
  });

  it.each([
    ['https://api.acme.example/v1', 'https://api.acme.example/v1'],
    ['https://api.acme.example/v1//', 'https://api.acme.example/v1'],
    ['https://api.acme.example/', 'https://api.acme.example'],
    ['https://api.acme.example/v1beta/openai/', 'https://api.acme.example/v1beta/openai'],
  ])('keeps its version where paths need it: %s is %s', (given, normal) => {
    expect(normalizeBaseURL(given, { provider: 'acme', keepVersion: true })).toBe(normal);
  });

  it.each([
    'http://localhost:11434',
    'http://LOCALHOST:11434',
    'http://127.0.0.1:8080',
    'http://127.1:8080',
    'http://0x7f000001:8080',
    'http://2130706433:8080',
    'http://[::1]:8080',
    'http://[0:0:0:0:0:0:0:1]:8080',
  ])('15: http is fine to this machine: %s', (given) => {
    expect(normalize(given)).toMatch(/^http:\/\/(localhost|127\.0\.0\.1|\[::1\]):\d+$/);
  });

  it.each([
    'http://api.acme.example',
    'http://10.0.0.1',
    'http://169.254.169.254/latest/meta-data',
    'http://localhost.evil.example',
    'http://127.0.0.1.nip.io',
    'http://localhost@evil.example',
    'http://0.0.0.0',
    'http://[::ffff:127.0.0.1]',
    'http://[::]',
    'http://my-localhost',
  ])('15: and to no other without `allowHttp`: %s', (given) => {
    const error = faultOf(given);
    expect(error).toMatchObject({ code: 'config_invalid', param: 'baseURL', provider: 'acme' });
    expect(error.message).toMatch(/^acme: baseURL: must (begin with https|not hold credentials)/);
  });

  it('15: with `allowHttp` to any', () => {
    expect(normalize('http://llm.internal/v1', true)).toBe('http://llm.internal');
    expect(faultOf('http://llm.internal', false).message).toContain('allowHttp');
  });

  it.each([
    ['', 'is not a URL'],
    ['api.acme.example', 'is not a URL'],
    ['/v1', 'is not a URL'],
    ['https://', 'is not a URL'],
    ['https://api acme.example', 'is not a URL'],
    ['https://api.acme.example:99999', 'is not a URL'],
    ['localhost:8080', 'must begin with https://'],
    ['ftp://api.acme.example', 'must begin with https://'],
    ['file:///etc/passwd', 'must begin with https://'],
    ['javascript:alert(1)', 'must begin with https://'],
    ['data:text/plain,x', 'must begin with https://'],
    ['ws://api.acme.example', 'must begin with https://'],
    ['https://user:canary@api.acme.example', 'must not hold credentials; use `apiKey`'],
    ['https://canary@api.acme.example', 'must not hold credentials; use `apiKey`'],
    ['https://:canary@api.acme.example', 'must not hold credentials; use `apiKey`'],
    ['https://api.acme.example?key=canary', 'must not have a query or a fragment'],
    ['https://api.acme.example/v1?a', 'must not have a query or a fragment'],
    ['https://api.acme.example#canary', 'must not have a query or a fragment'],
  ])('I8: %j is refused', (given, problem) => {
    for (const allowHttp of [false, true]) {
      const error = faultOf(given, allowHttp);
      expect(error.message).toBe(`acme: baseURL: ${problem}`);
      // 7: what was given may hold a key.
      expect(JSON.stringify(error)).not.toContain('canary');
    }
  });

  it('is normal afterwards, or refused, whatever was given', () => {
    const parts = fc.constantFrom(
      'https://',
      'http://',
      'localhost',
      'a.example',
      '/',
      '//',
      '/v1',
      ':80',
      '@',
      '?',
      '#',
      '\\',
      '..',
      ' ',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(parts).map((list) => list.join('')),
          fc.webUrl(),
          fc.string(),
        ),
        (given) => {
          let normal: string;
          try {
            normal = normalize(given, true);
          } catch (error) {
            expect(error).toBeInstanceOf(ConfigError);
            return;
          }
          expect(normal).toMatch(/^https?:\/\/[^/?#@]+(\/[^?#]*[^/?#])?$/);
          expect(new URL(normal).pathname).not.toMatch(/\/v1$/);
          expect(URL.canParse(`${normal}/v1/messages`)).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });
});
