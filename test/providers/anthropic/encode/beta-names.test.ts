import { describe, expect, it } from 'vitest';
import { requireBeta } from '../../../../src/providers/anthropic/encode/beta-names.ts';
import { contextOf, encode, warningsOf } from './encoding.ts';

describe('beta names', () => {
  it('T-9 needs none for an ordinary request', () => {
    expect(encode({ tools: [], stop: 'x' }).betas).toEqual([]);
  });

  it('1.10 takes the caller’s list, in either spelling', () => {
    expect(encode({ betas: ['a-2026-01-01', 'b-2026-01-01'] }).betas).toEqual([
      'a-2026-01-01',
      'b-2026-01-01',
    ]);
    expect(encode({ anthropic_beta: 'a-2026-01-01, b-2026-01-01' }).betas).toEqual([
      'a-2026-01-01',
      'b-2026-01-01',
    ]);
    expect(encode({ anthropic: { betas: ['a-2026-01-01', 7, ''] } }).betas).toEqual(['a-2026-01-01']);
  });

  it.each([
    'prompt-caching-2024-07-31',
    'pdfs-2024-09-25',
    'token-efficient-tools-2025-02-19',
    'extended-cache-ttl-2025-04-11',
    'files-api-2025-04-14',
    'skills-2025-10-02',
  ])('T-9 never sends %s', (name) => {
    const encoded = encode({ betas: [name] });
    expect(encoded.betas).toEqual([]);
    expect(warningsOf(encoded)).toEqual(['unsupported_parameter betas']);
  });

  it('1.10 keeps the caller’s date of a beta that a field needs', () => {
    const encoded = encode({ fallbacks: [{ model: 'm' }], betas: ['server-side-fallback-2026-06-01'] });
    expect(encoded.betas).toEqual(['server-side-fallback-2026-06-01']);
  });

  it('names the older compaction where context management asks for it', () => {
    const encoded = encode({ context_management: { edits: [{ type: 'compact_20260112' }] } });
    expect(encoded.betas).toEqual(['context-management-2025-06-27', 'compact-2026-01-12']);
    const other = encode({ context_management: { edits: [{ type: 'clear_thinking_20251015' }, null] } });
    expect(other.betas).toEqual(['context-management-2025-06-27']);
  });
});

describe('requireBeta', () => {
  it('adds a name once, and none where none is needed', () => {
    const context = contextOf();
    requireBeta(context, 'block', 'fallback');
    requireBeta(context, 'field', 'fallbacks');
    requireBeta(context, 'block', 'text');
    requireBeta(context, 'tool', 'constructor');
    expect([...context.betas]).toEqual(['server-side-fallback-2026-07-01']);
  });
});
