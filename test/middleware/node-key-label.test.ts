import { describe, expect, it } from 'vitest';
import { keyLabelOf } from '../../src/middleware/node-key-label.ts';
import { Secret } from '../../src/provider-kit/secret.ts';
import { requestContext, silent, targetOf } from '../contexts.ts';

const KEY = 'sk-ant-api03-a-key-of-the-callers-own';
const own = requestContext({ apiKey: new Secret(KEY) });

describe('keyLabelOf', () => {
  it("is the provider's label of the key", () => {
    const provider = { ...silent, keys: ['acme[0]', 'acme[1]'] };
    const request = requestContext();
    expect(keyLabelOf({ request, target: targetOf(provider, { key: 1 }) })).toBe('acme[1]');
  });

  it('is absent for a provider without keys', () => {
    expect(keyLabelOf({ request: requestContext(), target: targetOf(silent) })).toBeUndefined();
  });

  it("is a short digest of the caller's own key, the same each time, and nothing of the key", () => {
    const label = keyLabelOf({ request: own, target: targetOf({ ...silent, keys: ['acme[0]'] }) });
    expect(label).toMatch(/^own:[0-9a-f]{12}$/);
    expect(label).toBe(keyLabelOf({ request: own, target: targetOf(silent) }));
    for (let at = 0; at + 5 <= KEY.length; at++) expect(label).not.toContain(KEY.slice(at, at + 5));
  });

  it('tells keys apart', () => {
    const other = requestContext({ apiKey: new Secret(`${KEY}2`) });
    const target = targetOf(silent);
    expect(keyLabelOf({ request: own, target })).not.toBe(keyLabelOf({ request: other, target }));
  });
});
