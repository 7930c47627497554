import { describe, expect, it } from 'vitest';
import { exposesReasoning } from '../../../../src/providers/anthropic/encode/thinking.ts';
import { contextOf, encode, type RawRequest, type Setting, warningsOf } from './encoding.ts';

/** Thinking, effort and warnings that a request is sent with. */
function thought(request: RawRequest, setting: Setting): unknown[] {
  const encoded = encode(request, setting);
  const said = warningsOf(encoded).filter((warning) => !warning.startsWith('model_'));
  return [encoded.body['thinking'], encoded.body['output_config'], said];
}

const asked = (reasoning_effort: unknown): RawRequest => ({ reasoning_effort });
const SUMMARIZED = { type: 'adaptive', display: 'summarized' };

describe('reasoning_effort', () => {
  it.each(['claude-opus-5-5', 'claude-sonnet-5-5', 'claude-opus-4-8', 'claude-opus-4-5', 'claude-3-opus'])(
    'TH-1 absent changes nothing on %s',
    (model) => {
      expect(thought(asked(null), { model })).toEqual([undefined, undefined, []]);
    },
  );

  it.each<[string, string, unknown[]]>([
    ['claude-opus-5-5', 'none', [undefined, { effort: 'low' }, ['unsupported_value reasoning_effort']]],
    ['claude-sonnet-5-5', 'none', [{ type: 'between_tools' }, undefined, []]],
    ['claude-haiku-5-5', 'none', [{ type: 'disabled' }, undefined, []]],
    ['claude-sonnet-5', 'minimal', [undefined, { effort: 'low' }, []]],
    ['claude-opus-4-8', 'xhigh', [{ type: 'adaptive' }, { effort: 'xhigh' }, []]],
    ['claude-sonnet-4-6', 'xhigh', [{ type: 'adaptive' }, { effort: 'high' }, ['clamped reasoning_effort']]],
    ['claude-opus-4-5', 'high', [{ type: 'enabled', budget_tokens: 16_000 }, undefined, []]],
    ['claude-sonnet-4-5', 'max', [{ type: 'enabled', budget_tokens: 32_000 }, undefined, []]],
    ['claude-3-5-haiku', 'low', [undefined, undefined, ['unsupported_value reasoning_effort']]],
    ['claude-3-5-haiku', 'none', [undefined, undefined, []]],
  ])('REQ-19 TH-17 on %s: %s', (model, effort, expected) => {
    expect(thought(asked(effort), { model })).toEqual(expected);
  });
});

describe('an effort that is meant for other hosts', () => {
  it.each([
    ['claude-opus-4-8', {}],
    ['claude-opus-4-8', { output_config: { effort: 'low' } }],
    ['claude-sonnet-4-6', { thinking: { type: 'enabled', budget_tokens: 2_000 } }],
    ['claude-opus-4-5', {}],
  ])('TH-19 on %s: the bag says it all: %j', (model, native) => {
    const alone = thought({ anthropic: native }, { model });
    const request = { reasoning_effort: 'high', anthropic: { ...native, reasoning_effort: null } };
    expect(thought(request, { model })).toEqual(alone);
  });
});

describe('readable reasoning', () => {
  const EXPOSED = { exposeReasoning: true };

  it.each<[string, RawRequest, unknown]>([
    ['claude-opus-5-5', {}, SUMMARIZED],
    ['claude-sonnet-5-5', {}, SUMMARIZED],
    ['claude-mythos-preview', {}, SUMMARIZED],
    ['claude-sonnet-5', asked('low'), SUMMARIZED],
    ['claude-opus-4-8', {}, undefined],
    ['claude-opus-4-8', asked('low'), SUMMARIZED],
    ['claude-haiku-4-5', asked('low'), { type: 'enabled', budget_tokens: 1024, display: 'summarized' }],
    ['claude-sonnet-5-5', asked('none'), { type: 'between_tools' }],
    ['claude-haiku-5-5', asked('none'), { type: 'disabled' }],
    ['claude-3-opus', {}, undefined],
  ])('TH-11 on %s with %j', (model, request, expected) => {
    expect(thought(request, { model, ...EXPOSED })[0]).toEqual(expected);
  });

  it('TH-11 shows what the bag asks to see, though other hosts are not asked', () => {
    const request = { anthropic: { include_reasoning: true } };
    expect(thought(request, { model: 'claude-opus-5-5' })).toEqual([SUMMARIZED, undefined, []]);
  });

  it('TH-11 tells what comes and asks for nothing, where the bag says so', () => {
    const request = { anthropic: { include_reasoning: 'when_sent' }, thinking: { type: 'adaptive' } };
    expect(thought(request, { model: 'claude-opus-5-5', ...EXPOSED })[0]).toEqual({ type: 'adaptive' });
    expect(exposesReasoning(contextOf(request))).toBe(true);
  });

  it('TH-11 keeps the caller’s own display', () => {
    const request = { thinking: { type: 'adaptive', display: 'omitted' } };
    expect(thought(request, { model: 'claude-opus-5-5', ...EXPOSED })[0]).toEqual(request.thinking);
  });

  it('TH-11 is told to the reader', () => {
    expect(encode({ include_reasoning: true }).reading.exposeReasoning).toBe(true);
    expect(encode({}).reading.exposeReasoning).toBe(false);
  });

  it('brings a beta for live updates', () => {
    const { betas } = encode({ thinking: { type: 'adaptive', display: 'updates' } });
    expect(betas).toEqual(['thinking-display-updates-2026-08-18']);
  });
});

describe('exposesReasoning', () => {
  it.each<[RawRequest, boolean, boolean]>([
    [{}, false, false],
    [{}, true, true],
    [{ include_reasoning: true }, false, true],
    [{ include_reasoning: false }, true, false],
    [{ reasoning: { exclude: false } }, false, true],
    [{ reasoning: { exclude: true } }, true, false],
    [{ reasoning: {} }, true, true],
  ])('TH-11 %j with option %s: %s', (request, exposeReasoning, expected) => {
    expect(exposesReasoning(contextOf(request, { exposeReasoning }))).toBe(expected);
  });
});

describe('thinkingMismatch', () => {
  const DROP: Setting = { thinkingMismatch: 'drop_block', model: 'claude-opus-5-5' };

  it('TH-16 lets upstream drop blocks of another history, under a beta', () => {
    const encoded = encode({}, DROP);
    expect(encoded.body['thinking']).toEqual({
      type: 'adaptive',
      block_binding: { prefix_mismatch_behavior: 'drop_block' },
    });
    expect(encoded.betas).toEqual(['thinking-binding-controls-2026-08-01']);
  });

  it('TH-16 means nothing where reasoning is not bound', () => {
    const encoded = encode({}, { ...DROP, model: 'claude-opus-5' });
    expect(encoded.body).not.toHaveProperty('thinking');
    expect(encoded.betas).toEqual([]);
  });
});
