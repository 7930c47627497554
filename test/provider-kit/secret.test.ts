import { format, inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/provider-kit/secret.ts';

const KEY = 'sk-ant-canary-0123456789';
const secret = new Secret(KEY);

describe('a Secret', () => {
  it('gives the key to who asks for it by name', () => {
    expect(secret.reveal()).toBe(KEY);
  });

  it.each<[string, () => string]>([
    ['String()', () => String(secret)],
    ['a template', () => `Bearer ${secret}`],
    ['concatenation', () => `key: ${[secret].join()}`],
    ['JSON.stringify', () => JSON.stringify({ apiKey: secret, list: [secret] })],
    ['inspect', () => inspect(secret)],
    ['inspect of what holds it', () => inspect({ options: { apiKey: secret } }, { depth: null })],
    ['inspect with hidden members', () => inspect(secret, { showHidden: true, getters: true })],
    ['inspect without custom views', () => inspect(secret, { customInspect: false, showHidden: true })],
    ['format %s', () => format('%s', secret)],
    ['format %j', () => format('%j', { secret })],
    ['format %o', () => format('%o', secret)],
    ['format %O', () => format('%O', { secret })],
    ['an error message', () => new Error(`bad key ${secret}`).message],
    ['a cause', () => inspect(new Error('x', { cause: { secret } }))],
    ['spreading', () => JSON.stringify({ ...secret })],
    ['structuredClone', () => inspect(structuredClone(secret))],
    ['structuredClone of what holds it', () => inspect(structuredClone({ secret }), { depth: null })],
    ['its keys', () => Reflect.ownKeys(secret).join()],
    ['Object.entries', () => JSON.stringify(Object.entries(secret))],
  ])('does not show it in %s', (_, text) => {
    expect(text()).not.toContain(KEY);
    expect(text()).not.toContain('canary');
  });

  it('shows a mask instead', () => {
    expect([String(secret), inspect(secret), JSON.stringify(secret)]).toEqual([
      '[secret]',
      '[secret]',
      '"[secret]"',
    ]);
  });

  it('cannot be told from another by looking', () => {
    expect(secret).not.toBe(new Secret('other'));
    expect(inspect(secret)).toBe(inspect(new Secret('other')));
  });
});
