import { describe, expect, it } from 'vitest';
import type { ChatRequest } from '../../src/chat/request.ts';
import type { ModelSpec } from '../../src/provider-kit/model-spec.ts';
import { unfitFor } from '../../src/routing/preflight.ts';
import { ask } from '../contexts.ts';

const spec = (facts: Partial<ModelSpec>): ModelSpec => ({ id: 'm', ...facts });
const saying = (part: object): ChatRequest => ({
  messages: [{ role: 'user', content: [part as { type: string }] }],
});
const noEstimate = (): number => expect.unreachable('an estimate was asked for');

const wants: readonly (readonly [string, ChatRequest, ModelSpec['capabilities'], string])[] = [
  [
    'tools',
    { ...ask(), tools: [{ type: 'function', function: { name: 'f' } }] },
    { tools: false },
    'no_tools',
  ],
  ['legacy functions', { ...ask(), functions: [{ name: 'f' }] }, { tools: false }, 'no_tools'],
  [
    'a schema',
    { ...ask(), response_format: { type: 'json_schema', json_schema: { name: 'x', schema: {} } } },
    { structuredOutput: false },
    'no_structured_output',
  ],
  [
    'an image',
    saying({ type: 'image_url', image_url: { url: 'https://x.example/a.png' } }),
    { vision: false },
    'no_vision',
  ],
  ['a native image', saying({ type: 'image', source: {} }), { vision: false }, 'no_vision'],
  ['a document', saying({ type: 'file', file: { file_data: 'x' } }), { pdf: false }, 'no_pdf'],
];

describe('unfitFor', () => {
  it.each(wants)(
    '%s: a model that cannot is passed by, and one of which nothing is known is not',
    (_, request, capabilities, reason) => {
      expect(unfitFor(request, spec({ capabilities: capabilities ?? {} }), noEstimate)).toBe(reason);
      expect(unfitFor(request, spec({}), noEstimate)).toBeUndefined();
      expect(unfitFor(request, undefined, noEstimate)).toBeUndefined();
    },
  );

  it('what is not asked for is not missed', () => {
    const none = { tools: false, vision: false, pdf: false, structuredOutput: false };
    expect(unfitFor({ ...ask(), tools: [] }, spec({ capabilities: none }), noEstimate)).toBeUndefined();
  });

  it('a PDF file in the clothes of an image needs no eyes', () => {
    const request = saying({ type: 'image_url', image_url: { url: 'data:application/pdf;base64,JVBERi0=' } });
    expect(unfitFor(request, spec({ capabilities: { vision: false } }), noEstimate)).toBeUndefined();
  });

  it.each([
    [200_000, 'window_too_small'],
    [160_000, 'window_too_small'],
    [140_000, undefined],
  ])('%s estimated tokens for a window of 100,000: %s', (tokens, reason) => {
    const request = ask('x'.repeat(600_000));
    expect(unfitFor(request, spec({ contextWindow: 100_000 }), () => tokens)).toBe(reason);
  });

  it('no estimate is made for what can hardly be too long', () => {
    expect(unfitFor(ask('Hello'), spec({ contextWindow: 100_000 }), noEstimate)).toBeUndefined();
  });
});
