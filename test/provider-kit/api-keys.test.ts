import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError, ProviderError, verdictOf } from '../../src/errors/index.ts';
import { ApiKeys } from '../../src/provider-kit/api-keys.ts';
import { type ApiKey, Secret } from '../../src/provider-kit/secret.ts';
import { failureOf } from '../contexts.ts';

const CANARY = 'sk-canary-0123456789';

const faultOf = (keys: unknown): ConfigError => {
  try {
    // What comes from JavaScript has no types.
    new ApiKeys('acme', keys as ApiKey);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('expected a fault');
};

describe('keys', () => {
  it('are revealed by index, and shown by label', async () => {
    const keys = new ApiKeys('acme', ['key-0', 'key-1']);
    expect(keys.labels).toEqual(['acme[0]', 'acme[1]']);
    expect(await keys.reveal(0)).toBe('key-0');
    expect(await keys.reveal(1)).toBe('key-1');
  });

  it('may be one', async () => {
    const keys = new ApiKeys('acme', 'key-0');
    expect(keys.labels).toEqual(['acme[0]']);
    expect(await keys.reveal(0)).toBe('key-0');
  });

  it('lose the white space that files and environments add', async () => {
    expect(await new ApiKeys('acme', ' key-0\r\n').reveal(0)).toBe('key-0');
  });

  it('do not follow changes of the list they came in', async () => {
    const list = ['key-0'];
    const keys = new ApiKeys('acme', list);
    list[0] = 'other';
    list.push('more');
    expect(keys.labels).toHaveLength(1);
    expect(await keys.reveal(0)).toBe('key-0');
  });

  it('4: are seen by nobody who prints them', () => {
    const keys = new ApiKeys('acme', [CANARY, () => CANARY]);
    const shown = [inspect(keys, { depth: null, showHidden: true }), JSON.stringify(keys), String(keys)];
    expect(shown.join()).not.toContain('canary');
    expect(JSON.stringify({ ...keys })).not.toContain('canary');
  });
});

describe('what is no key', () => {
  it.each([
    ['nothing', undefined],
    ['null', null],
    ['an empty text', ''],
    ['white space', ' \n'],
    ['no key at all', []],
    ['one missing of two', ['key-0', undefined]],
    ['one empty of two', ['key-0', '']],
    ['a number', 42],
    ['a record in the list', [{}]],
  ])('is refused at once: %s', (_, given) => {
    const error = faultOf(given);
    expect(error).toMatchObject({ code: 'config_invalid', param: 'apiKey', provider: 'acme' });
    expect(error.message).toBe(
      'acme: apiKey: is missing; pass it, or set the environment variable and use `fromEnv`',
    );
  });

  it.each([
    ['a line break', `${CANARY}\r\nx-forged: 1`],
    ['a line feed', `${CANARY}\nx`],
    ['a NUL', `${CANARY}\u0000`],
    ['a space', `${CANARY} x`],
    ['a tab', `${CANARY}\tx`],
    ['a letter beyond ASCII', `${CANARY}é`],
    ['typographic quotes', `“${CANARY}”`],
    ['a zero-width space', `${CANARY}\u200B`],
    ['an emoji', `${CANARY}🔑`],
  ])('I6: is refused for %s, unquoted', (_, given) => {
    for (const keys of [given, ['fine-key', given]]) {
      const error = faultOf(keys);
      expect(error.message).toBe('acme: apiKey: holds a character that cannot stand in a header');
      expect(inspect(error) + JSON.stringify(error)).not.toContain('canary');
    }
  });

  it('I6: is refused when no head of a request could hold it', () => {
    expect(new ApiKeys('acme', 'k'.repeat(16_384)).labels).toHaveLength(1);
    const error = faultOf('k'.repeat(16_385));
    expect(error).toMatchObject({
      param: 'apiKey',
      message: 'acme: apiKey: is longer than 16384 characters',
    });
  });

  it('8: whatever is taken can stand in a header', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (given) => {
        let keys: ApiKeys;
        try {
          keys = new ApiKeys('acme', given);
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError);
          return;
        }
        expect(keys.labels).toEqual(['acme[0]']);
        expect(() => new Headers({ authorization: `Bearer ${given.trim()}` })).not.toThrow();
      }),
      { numRuns: 200 },
    );
  });
});

describe('a key function', () => {
  it('is asked anew for every call', async () => {
    let nth = 0;
    const keys = new ApiKeys('acme', () => `key-${nth++}`);
    expect(nth).toBe(0);
    expect([await keys.reveal(0), await keys.reveal(0), await keys.reveal(0)]).toEqual([
      'key-0',
      'key-1',
      'key-2',
    ]);
  });

  it('may take its time, and stand among keys', async () => {
    const keys = new ApiKeys('acme', ['key-0', async () => ' key-1\n']);
    expect(await keys.reveal(0)).toBe('key-0');
    expect(await keys.reveal(1)).toBe('key-1');
  });

  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error(CANARY);
      },
    ],
    ['rejects', () => Promise.reject(new Error(CANARY))],
    [
      'throws a text',
      () => {
        throw CANARY;
      },
    ],
    ['gives nothing', () => undefined],
    ['gives an empty text', () => ''],
    ['gives a number', () => 42],
    ['gives a forged header', () => `${CANARY}\r\nx-forged: 1`],
    ['promises nothing', async () => null],
  ])('that %s is a failed authentication, of which nothing leaks', async (_, source) => {
    const keys = new ApiKeys('acme', source as () => string);
    const error = await failureOf(keys.reveal(0));
    expect(error).toBeInstanceOf(ProviderError);
    expect(error).toMatchObject({
      code: 'authentication',
      provider: 'acme',
      message: 'acme: the API key function failed, or gave no usable key',
    });
    expect(inspect(error, { depth: null }) + JSON.stringify(error)).not.toContain('canary');
    expect(error instanceof ProviderError && verdictOf(error)).toMatchObject({
      retry: false,
      failover: true,
    });
  });

  it('may work again after it failed', async () => {
    let nth = 0;
    const keys = new ApiKeys('acme', () => (nth++ === 0 ? '' : 'key'));
    await failureOf(keys.reveal(0));
    expect(await keys.reveal(0)).toBe('key');
  });

  it('an index that has no key is a failure too', async () => {
    await expect(new ApiKeys('acme', 'key').reveal(7)).rejects.toMatchObject({ code: 'authentication' });
  });
});

describe('a key of the call’s own', () => {
  it('goes before those of the provider, which is not asked', async () => {
    let asked = 0;
    const keys = new ApiKeys('acme', () => `key-${asked++}`);
    expect(await keys.reveal(0, new Secret(' own-key '))).toBe('own-key');
    expect(asked).toBe(0);
  });

  it('I6: must be fit for a header, and is not quoted', async () => {
    const error = await failureOf(new ApiKeys('acme', 'key').reveal(0, new Secret(`${CANARY}\r\nx: 1`)));
    expect(error).toMatchObject({ code: 'config_invalid', param: 'apiKey' });
    expect(inspect(error) + JSON.stringify(error)).not.toContain('canary');
  });
});
