import { describe, expect, it } from 'vitest';
import { fateOf, type Place } from '../../../../src/providers/openai-compatible/encode/house-fields.ts';

const rows: readonly (readonly [field: string, place: Place, fate: string])[] = [
  ['temperature', 'top', 'keep'],
  ['metadata', 'top', 'keep'],
  ['service_tier', 'top', 'keep'],
  ['something_new', 'top', 'keep'],
  ['anthropic', 'top', 'drop'],
  ['cache_control', 'top', 'drop'],
  ['thinking', 'top', 'warn'],
  ['output_config', 'top', 'warn'],
  ['top_k', 'top', 'warn'],
  ['betas', 'top', 'warn'],
  ['mcp_servers', 'top', 'warn'],
  ['thinking_blocks', 'message', 'drop'],
  ['reasoning_content', 'message', 'drop'],
  ['reasoning_details', 'message', 'drop'],
  ['provider_specific_fields', 'message', 'drop'],
  ['annotations', 'message', 'drop'],
  ['native_finish_reason', 'message', 'drop'],
  ['parsed', 'message', 'drop'],
  ['cache_control', 'message', 'drop'],
  ['is_error', 'message', 'warn'],
  ['name', 'message', 'keep'],
  ['refusal', 'message', 'keep'],
  ['text', 'part', 'keep'],
  ['cache_control', 'part', 'drop'],
  ['title', 'part', 'keep'],
  ['title', 'file', 'warn'],
  ['citations', 'file', 'warn'],
  ['cache_control', 'file', 'drop'],
  ['file', 'file', 'keep'],
  ['cache_control', 'tool', 'drop'],
  ['defer_loading', 'tool', 'warn'],
  ['strict', 'tool', 'keep'],
];

describe('a field of this house, or of Claude', () => {
  it.each(rows)('4.5: %s in %s: %s', (field, place, fate) => {
    expect(fateOf(field, place)).toBe(fate);
  });

  it.each(rows)('stays with a host that knows it: %s in %s', (field, place) => {
    expect(fateOf(field, place, ['other', field])).toBe('keep');
  });

  it.each(['__proto__', 'constructor', 'toString'])(
    'is not found by the name of a prototype: %s',
    (field) => {
      expect(fateOf(field, 'top')).toBe('keep');
    },
  );
});
