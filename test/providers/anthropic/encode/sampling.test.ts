import { describe, expect, it } from 'vitest';
import { encode, type RawRequest, refusalOf, type Setting, warningsOf } from './encoding.ts';

const LEGACY: Setting = { apiVersion: '2023-06-01', model: 'claude-sonnet-4-5' };

/** The three fields of a body, and what was said about them. */
function sampled(request: RawRequest, setting: Setting): unknown[] {
  const encoded = encode(request, setting);
  const { temperature, top_p, top_k } = encoded.body;
  const said = warningsOf(encoded).filter((warning) => !warning.endsWith(' model'));
  return [{ temperature, top_p, top_k }, said];
}

const NOTHING = { temperature: undefined, top_p: undefined, top_k: undefined };

describe('sampling under the current API version', () => {
  it('T-1 BUG-29 REQ-7 never sends a temperature', () => {
    expect(sampled({ temperature: 0.5 }, {})).toEqual([NOTHING, ['unsupported_parameter temperature']]);
    expect(sampled({ temperature: 0 }, {})).toEqual([NOTHING, ['unsupported_parameter temperature']]);
    // Not even to models that knew it.
    const { model = '' } = LEGACY;
    expect(sampled({ temperature: 0.5 }, { model })).toEqual([
      NOTHING,
      ['unsupported_parameter temperature'],
    ]);
  });

  it('REQ-7 REQ-8 says nothing about the defaults', () => {
    expect(sampled({ temperature: 1, top_p: 1 }, {})).toEqual([NOTHING, []]);
    expect(sampled({ temperature: null, top_p: null, top_k: null }, {})).toEqual([NOTHING, []]);
  });

  it('REQ-8 REQ-9 drops top_p and top_k with a warning', () => {
    expect(sampled({ top_p: 0.9, top_k: 40 }, {})).toEqual([
      NOTHING,
      ['unsupported_parameter top_p', 'unsupported_parameter top_k'],
    ]);
    expect(sampled({ anthropic: { top_k: 1 } }, {})[1]).toEqual(['unsupported_parameter anthropic.top_k']);
  });
});

describe('sampling under the legacy API version', () => {
  it('T-3 keeps what models up to 4.6 accept', () => {
    expect(sampled({ temperature: 0.3, top_k: 40 }, LEGACY)).toEqual([
      { ...NOTHING, temperature: 0.3, top_k: 40 },
      [],
    ]);
    expect(sampled({ top_p: 0.9 }, LEGACY)).toEqual([{ ...NOTHING, top_p: 0.9 }, []]);
  });

  it.each(['bedrock-2023-05-31', 'vertex-2023-10-16'] as const)('T-3 has other names: %s', (apiVersion) => {
    expect(sampled({ temperature: 0.3 }, { ...LEGACY, apiVersion })[0]).toEqual({
      ...NOTHING,
      temperature: 0.3,
    });
  });

  it('T-3 sends nothing to models since 4.7', () => {
    const setting: Setting = { apiVersion: '2023-06-01', model: 'claude-opus-4-7' };
    expect(sampled({ temperature: 0.3 }, setting)).toEqual([NOTHING, ['unsupported_parameter temperature']]);
    expect(sampled({ temperature: 1 }, setting)).toEqual([NOTHING, []]);
  });

  it('REQ-7 cuts a temperature at 1 and never scales it', () => {
    expect(sampled({ temperature: 1.4 }, LEGACY)).toEqual([
      { ...NOTHING, temperature: 1 },
      ['clamped temperature'],
    ]);
    expect(refusalOf(() => encode({ temperature: -0.1 }, LEGACY))).toBe('invalid_value temperature');
  });

  it('REQ-8 BUG-28 never sends temperature and top_p together', () => {
    expect(sampled({ temperature: 0.3, top_p: 0.9 }, LEGACY)).toEqual([
      { ...NOTHING, temperature: 0.3 },
      ['unsupported_parameter top_p'],
    ]);
    expect(refusalOf(() => encode({ top_p: 1.1 }, LEGACY))).toBe('invalid_value top_p');
  });

  it('REQ-8 REQ-9 TH-10 leaves only a high top_p beside thinking', () => {
    const thinking = { reasoning_effort: 'low', max_tokens: 4000 };
    expect(sampled({ ...thinking, temperature: 0.3, top_k: 5, top_p: 0.96 }, LEGACY)).toEqual([
      { ...NOTHING, top_p: 0.96 },
      ['unsupported_parameter temperature', 'unsupported_parameter top_k'],
    ]);
    expect(sampled({ ...thinking, top_p: 0.5 }, LEGACY)[1]).toEqual(['unsupported_parameter top_p']);
  });

  it('REQ-9 takes whole numbers for top_k only', () => {
    expect(refusalOf(() => encode({ top_k: 0 }, LEGACY))).toBe('invalid_value top_k');
    expect(refusalOf(() => encode({ top_k: 1.5 }, LEGACY))).toBe('invalid_value top_k');
    expect(refusalOf(() => encode({ top_k: '4' }, LEGACY))).toBe('invalid_value top_k');
  });
});
