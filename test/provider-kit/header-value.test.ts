import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/errors/index.ts';
import { checkHeaders, headerFault, MAX_HEADER_CHARS } from '../../src/provider-kit/header-value.ts';

const CANARY = 'canary-value';

function faultOf(headers: Record<string, string>): ConfigError {
  try {
    checkHeaders('acme', headers);
  } catch (error) {
    if (error instanceof ConfigError) return error;
  }
  throw new Error('expected a ConfigError');
}

describe('the value of a header', () => {
  it.each(['', 'plain', 'two words', 'tab\there', 'Grüße', 'x'.repeat(MAX_HEADER_CHARS)])(
    'may be %j',
    (value) => {
      expect(headerFault(value)).toBeUndefined();
    },
  );

  it.each<[string, unknown, string]>([
    ['a line break', 'a\r\nx-forged: 1', 'holds a character that cannot stand in a header'],
    ['a line feed', 'a\nb', 'holds a character that cannot stand in a header'],
    ['a carriage return', 'a\rb', 'holds a character that cannot stand in a header'],
    ['a NUL', 'a\0', 'holds a character that cannot stand in a header'],
    ['a control character', 'a\x7f', 'holds a character that cannot stand in a header'],
    ['a character beyond Latin-1', '日', 'holds a character that cannot stand in a header'],
    ['1 MB', 'x'.repeat(1 << 20), 'is longer than 16384 characters'],
    ['a number', 5, 'must be a text'],
    ['nothing', undefined, 'must be a text'],
  ])('cannot be %s (I6)', (_, value, fault) => {
    expect(headerFault(value)).toBe(fault);
  });

  it('8: that is taken is taken by the HTTP client, too', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        if (headerFault(value) === undefined) expect(() => new Headers({ 'x-own': value })).not.toThrow();
      }),
      { numRuns: 200 },
    );
  });
});

describe('headers of one’s own', () => {
  it('are fine when they are', () => {
    expect(() =>
      checkHeaders('acme', { 'X-Team': 'a', 'openai-organization': 'org-1', host: 'b' }),
    ).not.toThrow();
    expect(() => checkHeaders('acme', {})).not.toThrow();
  });

  it.each<[string, Record<string, string>, string]>([
    ['a value', { 'x-fine': 'a', 'x-own': `${CANARY}\r\n` }, 'headers.x-own'],
    ['a name', { [`x\r\n${CANARY}`]: 'a' }, 'headers'],
    ['a name with a space', { [`x ${CANARY}`]: 'a' }, 'headers'],
    ['an empty name', { '': CANARY }, 'headers'],
    ['an endless name', { ['x'.repeat(257)]: CANARY }, 'headers'],
    ['a length', { 'Content-Length': CANARY }, 'headers.Content-Length'],
    ['a coding', { 'transfer-encoding': CANARY }, 'headers.transfer-encoding'],
    ['a connection', { connection: CANARY }, 'headers.connection'],
  ])('are refused for %s by the name of the field, unquoted (I6)', (_, headers, param) => {
    const error = faultOf(headers);
    expect(error).toMatchObject({ code: 'config_invalid', provider: 'acme', param });
    expect(error.message).toMatch(/^acme: headers/);
    expect(error.message + JSON.stringify(error)).not.toContain('canary');
  });
});
