import { describe, expect, it } from 'vitest';
import { isEffort, nativeEffort } from '../../../../src/providers/anthropic/encode/native-thinking.ts';
import { contextOf, encode, type RawRequest, refusalOf, warningsOf } from './encoding.ts';

/** What a native `thinking` becomes: thinking, effort, warnings. */
function rewritten(thinking: RawRequest, model: string, extra: RawRequest = {}): unknown[] {
  const encoded = encode({ thinking, ...extra }, { model });
  const said = warningsOf(encoded).filter((warning) => !warning.startsWith('model_'));
  const config = encoded.body['output_config'];
  return [encoded.body['thinking'], Reflect.get(Object(config), 'effort'), said];
}

const enabled = (budget_tokens: unknown): RawRequest => ({ type: 'enabled', budget_tokens });
const REWRITTEN = ['unsupported_value thinking.type'];

describe('native thinking', () => {
  it.each<[string, RawRequest]>([
    ['claude-opus-5-5', { type: 'adaptive' }],
    ['claude-mythos-preview', enabled(2000)],
    ['claude-sonnet-5-5', { type: 'between_tools' }],
    ['claude-haiku-5-5', { type: 'disabled' }],
    ['claude-opus-4-6', enabled(2000)],
    ['claude-opus-4-5', enabled(2000)],
    ['claude-haiku-4-5', { type: 'disabled' }],
  ])('TH-19 passes on %s: %j', (model, thinking) => {
    expect(rewritten(thinking, model)).toEqual([thinking, undefined, []]);
    expect(encode({ anthropic: { thinking } }, { model }).body['thinking']).toEqual(thinking);
  });

  it('TH-19 wins over reasoning_effort, which keeps its say in the effort', () => {
    const low = { reasoning_effort: 'low' };
    expect(rewritten({ type: 'disabled' }, 'claude-opus-4-8', low)).toEqual([
      { type: 'disabled' },
      'low',
      [],
    ]);
    expect(rewritten(enabled(5000), 'claude-haiku-4-5', low)[0]).toEqual(enabled(5000));
  });

  it.each([
    [2048, 'low'],
    [8192, 'medium'],
    [24_000, 'high'],
    [60_000, 'xhigh'],
  ])('TH-19 turns a budget of %d into effort %s where budgets are refused', (budget, effort) => {
    for (const model of [
      'claude-opus-5-5',
      'claude-sonnet-5-5',
      'claude-haiku-5-5',
      'claude-sonnet-5',
      'claude-opus-4-7',
    ]) {
      expect(rewritten(enabled(budget), model)).toEqual([{ type: 'adaptive' }, effort, REWRITTEN]);
    }
  });

  it('TH-19 keeps the display of what it rewrites', () => {
    expect(rewritten({ ...enabled(2000), display: 'omitted' }, 'claude-opus-4-8')[0]).toEqual({
      type: 'adaptive',
      display: 'omitted',
    });
  });

  it('TH-9 BUG-30 keeps a budget within the cap', () => {
    const cap = { max_tokens: 3000 };
    expect(rewritten(enabled(9000), 'claude-haiku-4-5', cap)[0]).toEqual(enabled(2999));
    expect(rewritten(enabled(9000), 'claude-haiku-4-5', { max_tokens: 900 })).toEqual([
      undefined,
      undefined,
      ['thinking_disabled thinking.budget_tokens'],
    ]);
  });

  it.each<[string, RawRequest, unknown, unknown]>([
    ['claude-opus-5-5', { type: 'disabled' }, undefined, 'low'],
    ['claude-sonnet-5-5', { type: 'disabled' }, { type: 'between_tools' }, undefined],
    ['claude-opus-4-8', { type: 'between_tools' }, undefined, undefined],
    ['claude-haiku-4-5', { type: 'adaptive' }, enabled(16_000), undefined],
    ['claude-3-opus', { type: 'enabled', budget_tokens: 2000 }, undefined, undefined],
  ])('TH-19 rewrites what %s refuses: %j', (model, thinking, expected, effort) => {
    const cap = model === 'claude-3-opus' ? {} : { max_tokens: 40_000 };
    expect(rewritten(thinking, model, cap)).toEqual([expected, effort, REWRITTEN]);
  });

  it('TH-19 makes of adaptive thinking the budget of the effort', () => {
    const adaptive = { type: 'adaptive' };
    expect(rewritten(adaptive, 'claude-opus-4-5', { output_config: { effort: 'low' } })[0]).toEqual(
      enabled(1024),
    );
    for (const reasoning_effort of ['none', 'minimal']) {
      expect(rewritten(adaptive, 'claude-haiku-4-5', { reasoning_effort })[0]).toEqual(enabled(16_000));
    }
    expect(rewritten(adaptive, 'claude-haiku-4-5', { reasoning_effort: 'medium' })[0]).toEqual(enabled(4096));
  });

  it.each([undefined, '2000', 1.5, 0, -1])('TH-19 refuses a budget of %j', (budget) => {
    expect(refusalOf(() => rewritten(enabled(budget), 'claude-haiku-4-5'))).toBe(
      'invalid_value thinking.budget_tokens',
    );
    expect(refusalOf(() => rewritten(enabled(budget), 'claude-opus-5'))).toBe(
      'invalid_value thinking.budget_tokens',
    );
  });
});

describe('nativeEffort and isEffort', () => {
  it('TH-19 know the five levels', () => {
    expect(['low', 'medium', 'high', 'xhigh', 'max', 'minimal', 1].map(isEffort)).toEqual([
      ...[true, true, true, true, true],
      ...[false, false],
    ]);
    expect(nativeEffort(contextOf({ output_config: { effort: 'max' } }))).toBe('max');
    expect(nativeEffort(contextOf({ output_config: {} }))).toBeUndefined();
    expect(refusalOf(() => nativeEffort(contextOf({ output_config: { effort: 'minimal' } })))).toBe(
      'invalid_value output_config.effort',
    );
  });
});
