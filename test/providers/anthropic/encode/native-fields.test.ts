import { describe, expect, it } from 'vitest';
import { nativeField, nativeObject } from '../../../../src/providers/anthropic/encode/native-fields.ts';
import { contextOf, encode, refusalOf, warningsOf } from './encoding.ts';

const FIELDS: readonly (readonly [field: string, value: unknown, beta: string | undefined])[] = [
  ['container', 'container_1', undefined],
  ['diagnostics', { previous_message_id: null }, undefined],
  ['inference_geo', 'us', undefined],
  ['context_management', { edits: [] }, 'context-management-2025-06-27'],
  ['compaction', { keep: 3 }, 'compact-2026-09-04'],
  ['mcp_servers', [{ type: 'url', url: 'https://m', name: 'm' }], 'mcp-client-2025-11-20'],
  ['fallbacks', 'default', 'server-side-fallback-2026-07-01'],
  ['fallback_credit_token', 'tok', 'fallback-credit-2026-07-01'],
  ['thread', { type: 'create' }, 'message-threads-2026-08-12'],
  ['billing_policy', { type: 'billing_policy', bill_to: 'self' }, 'user-profiles-billing-2026-10-01'],
];

describe('native fields', () => {
  it.each(FIELDS)(
    '1.10 passes %s from the bag and from the top level, with its beta',
    (field, value, beta) => {
      for (const request of [{ [field]: value }, { anthropic: { [field]: value } }]) {
        const encoded = encode(request);
        expect(encoded.body[field]).toEqual(value);
        expect(encoded.betas).toEqual(beta === undefined ? [] : [beta]);
        expect(encoded.warnings).toEqual([]);
      }
    },
  );

  it('1.10 lets the bag win', () => {
    expect(encode({ container: 'a', anthropic: { container: 'b' } }).body['container']).toBe('b');
  });

  it('REQ-38 takes null for absent', () => {
    expect(encode({ container: null, anthropic: { thread: null } }).body).not.toHaveProperty('container');
  });

  it('1.10 warns of keys of the bag that are not on the list', () => {
    expect(warningsOf(encode({ anthropic: { temperatur: 1, container: 'c' } }))).toEqual([
      'unknown_parameter anthropic.temperatur',
    ]);
    expect(refusalOf(() => encode({ anthropic: 'yes' }))).toBe('invalid_type anthropic');
  });

  it('1.10 makes headers of the ids of profile and workspace', () => {
    const encoded = encode({ user_profile_id: 'p1', anthropic: { workspace_id: 'w1' } });
    expect(encoded.headers).toEqual({ 'anthropic-user-profile-id': 'p1', 'anthropic-workspace-id': 'w1' });
    expect(encoded.body).not.toHaveProperty('user_profile_id');
    expect(encoded.betas).toEqual([]);
  });

  it('0.6 refuses inference_geo before the 4.6 family rather than break a promise', () => {
    expect(refusalOf(() => encode({ inference_geo: 'us' }, { model: 'claude-opus-4-5' }))).toBe(
      'unsupported_parameter inference_geo',
    );
  });
});

describe('nativeField', () => {
  it('looks into the bag alone where the top level means something else', () => {
    const context = contextOf({ prefill: 'top', anthropic: { top_k: 3 } });
    expect(nativeField(context, 'prefill', 'bag')).toBeUndefined();
    expect(nativeField(context, 'prefill')).toBe('top');
    expect(nativeField(context, 'top_k')).toBe(3);
  });
});

describe('nativeObject', () => {
  it('refuses what is no object, and takes null for nothing', () => {
    expect(nativeObject(contextOf({ thinking: { type: 'adaptive' } }), 'thinking')).toEqual({
      type: 'adaptive',
    });
    expect(nativeObject(contextOf({ thinking: null }), 'thinking')).toBeUndefined();
    for (const field of ['thinking', 'output_config', 'output_format']) {
      expect(refusalOf(() => encode({ [field]: 'on' }))).toBe(`invalid_type ${field}`);
    }
  });
});
