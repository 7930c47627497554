import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../../../src/providers/anthropic/encode/node-digest.ts';
import { encode, warningsOf } from './encoding.ts';

const idOf = (request: Readonly<Record<string, unknown>>): unknown => encode(request).body['metadata'];

describe('metadata.user_id', () => {
  it('REQ-26 REQ-27 takes user, safety_identifier before it, and a native id before both', () => {
    expect(idOf({ user: 'u1' })).toEqual({ user_id: 'u1' });
    expect(idOf({ user: 'u1', safety_identifier: 's1' })).toEqual({ user_id: 's1' });
    expect(idOf({ user: 'u1', safety_identifier: 's1', metadata: { user_id: 'm1' } })).toEqual({
      user_id: 'm1',
    });
    expect(idOf({ metadata: { user_id: 'm1' }, anthropic: { metadata: { user_id: 'n1' } } })).toEqual({
      user_id: 'n1',
    });
  });

  it('REQ-27 BUG-88 forwards nothing else of the metadata', () => {
    expect(idOf({ metadata: { team: 'a', user_id: 7 } })).toBeUndefined();
  });

  it.each([
    'ann@example.com',
    'Ann Example',
    '+49 30 1234567',
    '+4915112345678',
    '030-123-4567',
    '4915112345678',
    'x'.repeat(257),
  ])('REQ-26 BUG-87 sends a hash for %j', (value) => {
    const encoded = encode({ user: value });
    expect(encoded.body['metadata']).toEqual({ user_id: sha256Hex(value) });
    expect(warningsOf(encoded)).toEqual(['user_id_hashed user']);
  });

  it.each([
    'user-123',
    '12345678',
    '1182736455463728192',
    '550e8400-e29b-41d4-a716-446655440000',
    'x'.repeat(256),
  ])('REQ-26 takes %s for an opaque id', (value) => {
    expect(idOf({ safety_identifier: value })).toEqual({ user_id: value });
  });

  it('REQ-26 leaves an empty id out', () => {
    expect(idOf({ user: '' })).toBeUndefined();
  });
});
