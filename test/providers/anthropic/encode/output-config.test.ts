import { describe, expect, it } from 'vitest';
import { encode, type RawRequest, type Setting, warningsOf } from './encoding.ts';

function config(request: RawRequest, setting: Setting = {}): unknown[] {
  const encoded = encode(request, setting);
  const said = warningsOf(encoded).filter((warning) => !warning.startsWith('model_'));
  return [encoded.body['output_config'], said];
}

const SCHEMA = { type: 'object', properties: {}, additionalProperties: false };
const FORMAT = { type: 'json_schema', schema: SCHEMA };
const ANSWER = {
  response_format: { type: 'json_schema', json_schema: { name: 'n', schema: { type: 'object' } } },
};

describe('output_config', () => {
  it('is absent when there is nothing to say', () => {
    expect(config({ output_config: {} })).toEqual([undefined, []]);
  });

  it('RF-3 TH-17 holds format and effort', () => {
    expect(config({ ...ANSWER, reasoning_effort: 'low' })).toEqual([{ format: FORMAT, effort: 'low' }, []]);
  });

  it('RF-14 TH-19 lets the native object win', () => {
    const native = {
      format: { type: 'json_schema', schema: { type: 'object', title: 'mine' } },
      effort: 'max',
    };
    expect(config({ ...ANSWER, reasoning_effort: 'low', output_config: native })).toEqual([native, []]);
  });

  it('RF-14 moves the retired output_format', () => {
    expect(config({ output_format: FORMAT })).toEqual([{ format: FORMAT }, []]);
  });

  it('1.10 brings the beta of task budgets', () => {
    const encoded = encode({ output_config: { task_budget: { type: 'tokens', total: 1 } } });
    expect(encoded.betas).toEqual(['task-budgets-2026-03-13']);
    expect(encoded.body['output_config']).toEqual({ task_budget: { type: 'tokens', total: 1 } });
  });

  it.each([
    ['claude-opus-4-6', 'xhigh', { effort: 'high' }, ['clamped output_config.effort']],
    ['claude-opus-4-6', 'max', { effort: 'max' }, []],
    ['claude-opus-4-5', 'low', { effort: 'low' }, []],
    ['claude-opus-4-5', 'max', { effort: 'high' }, ['clamped output_config.effort']],
    ['claude-haiku-4-5', 'low', undefined, ['unsupported_parameter output_config.effort']],
    ['claude-3-opus', 'low', undefined, ['unsupported_parameter output_config.effort']],
  ])('TH-17 on %s takes effort %s as far as it goes', (model, effort, expected, said) => {
    expect(config({ output_config: { effort } }, { model })).toEqual([expected, said]);
  });

  it.each([
    ['claude-haiku-5-5', { type: 'disabled' }, 'high'],
    ['claude-opus-5', { type: 'disabled' }, 'high'],
    ['claude-sonnet-5-5', { type: 'between_tools' }, 'high'],
    ['claude-sonnet-5', { type: 'disabled' }, 'max'],
    ['claude-haiku-5-5', { type: 'adaptive' }, 'max'],
  ])('0.6 on %s with %j lets effort max be %s', (model, thinking, expected) => {
    expect(config({ thinking, output_config: { effort: 'max' } }, { model })[0]).toEqual({
      effort: expected,
    });
  });
});
