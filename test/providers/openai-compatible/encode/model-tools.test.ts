import { describe, expect, it } from 'vitest';
import type { ChatRequest, ModelSpec } from '../../../../src/provider-kit/index.ts';
import { openaiModels } from '../../../../src/providers/openai-compatible/models/data/openai.ts';
import { preset } from '../../../../src/providers/openai-compatible/presets/preset.ts';
import { encode } from '../chat.ts';

type Capabilities = NonNullable<ModelSpec['capabilities']>;

const tools: ChatRequest['tools'] = [{ type: 'function', function: { name: 'f' } }];
const picky: Capabilities = { toolEfforts: ['none', 'low'] };

/** The effort that goes out, and the codes of the warnings about it. */
function effortOf(
  request: Partial<ChatRequest>,
  capabilities: Capabilities = picky,
): readonly [effort: unknown, warned: readonly string[]] {
  const { body, warnings } = encode(request, {}, { spec: { id: 'model-1', capabilities } });
  const about = warnings.filter(({ param }) => param === 'reasoning_effort');
  return [body['reasoning_effort'], about.map(({ code }) => code)];
}

describe('the effort of a request with tools', () => {
  it.each<[string, Partial<ChatRequest>, Capabilities, unknown, readonly string[]]>([
    ['none is asked for: the fitting one is said', { tools }, picky, 'none', ['clamped']],
    ['one that does not fit: replaced', { tools, reasoning_effort: 'high' }, picky, 'none', ['clamped']],
    ['one that fits: kept', { tools, reasoning_effort: 'low' }, picky, 'low', []],
    ['it is the fitting one: kept', { tools, reasoning_effort: 'none' }, picky, 'none', []],
    ['legacy functions are tools too', { functions: [{ name: 'f' }] }, picky, 'none', ['clamped']],
    [
      'a model whose default fits needs nothing said',
      { tools },
      { ...picky, defaultEffort: 'low' },
      undefined,
      [],
    ],
    [
      'but is not spared what it does not take',
      { tools, reasoning_effort: 'high' },
      { ...picky, defaultEffort: 'none' },
      'none',
      ['clamped'],
    ],
    ['without tools any will do', { reasoning_effort: 'high' }, picky, 'high', []],
    ['an empty list holds no tools', { tools: [], reasoning_effort: 'high' }, picky, 'high', []],
    ['of most models nothing of the kind is known', { tools, reasoning_effort: 'high' }, {}, 'high', []],
    ['nor said', { tools }, {}, undefined, []],
  ])('%s', (_, request, capabilities, effort, warned) => {
    expect(effortOf(request, capabilities)).toEqual([effort, warned]);
  });

  it.each<Partial<ChatRequest>>([{ tools }, { tools, reasoning_effort: 'high' }])(
    'is refused by name where nothing may be weakened',
    (request) => {
      const spec: ModelSpec = { id: 'model-1', capabilities: picky };
      expect(() => encode(request, {}, { spec, strict: true })).toThrow(
        expect.objectContaining({ code: 'invalid_request', param: 'reasoning_effort' }),
      );
    },
  );

  it('decides before sampling parameters are looked at: without reasoning they are taken', () => {
    const quirks = { reasoningModels: ['model-*'] };
    const spec: ModelSpec = { id: 'model-1', capabilities: picky };
    const { body, warnings } = encode({ tools, temperature: 0.2 }, quirks, { spec });
    expect(body).toMatchObject({ reasoning_effort: 'none', temperature: 0.2 });
    expect(warnings.map(({ param }) => param)).toEqual(['reasoning_effort']);
  });

  it('is not said to a host that does not know the parameter', () => {
    const spec: ModelSpec = { id: 'model-1', capabilities: picky };
    const { body } = encode({ tools }, { unsupportedParams: ['reasoning_effort'] }, { spec });
    expect(body).not.toHaveProperty('reasoning_effort');
  });
});

describe('a model that takes no tools', () => {
  const spec: ModelSpec = { id: 'model-1', capabilities: { tools: false, toolEfforts: ['none'] } };

  it.each<[string, Partial<ChatRequest>]>([
    ['tools', { tools }],
    ['functions', { functions: [{ name: 'f' }], tools: [] }],
  ])('is not asked for %s: the request is refused by that name', (param, request) => {
    const refused = { code: 'invalid_request', param, reason: 'unsupported_parameter', retryable: false };
    expect(() => encode(request, {}, { spec })).toThrow(expect.objectContaining(refused));
  });

  it('is asked for anything else', () => {
    expect(encode({ tools: [], reasoning_effort: 'high' }, {}, { spec }).warnings).toEqual([]);
  });
});

describe('on Chat Completions of OpenAI', () => {
  const { quirks = {} } = preset('openai', { apiKey: 'k' });
  const sent = (id: string, request: Partial<ChatRequest>): unknown => {
    const spec = openaiModels.find((each) => each.id === id);
    return encode(request, quirks, { model: id, spec }).body['reasoning_effort'];
  };

  it.each([
    'gpt-6.1-terra',
    'gpt-6-sol',
    'gpt-6-luna',
    'gpt-5.6-sol',
    'gpt-5.6-terra',
    'gpt-5.6-luna',
    'gpt-5.5',
    'gpt-5.5-2026-04-23',
  ])('%s reasons by default, and takes tools without reasoning only', (id) => {
    expect(sent(id, { tools })).toBe('none');
    expect(sent(id, { tools, reasoning_effort: 'high' })).toBe('none');
    expect(sent(id, { reasoning_effort: 'high' })).toBe('high');
  });

  it.each(['gpt-5.4', 'gpt-5.4-mini', 'gpt-5.4-nano'])('%s has the rule and a default that fits', (id) => {
    expect(sent(id, { tools })).toBeUndefined();
    expect(sent(id, { tools, reasoning_effort: 'low' })).toBe('none');
  });

  it.each(['gpt-6-astra', 'gpt-6.1-sol'])('%s takes no tools', (id) => {
    expect(() => sent(id, { tools })).toThrow('takes no tools');
  });

  it.each(['gpt-5.2', 'gpt-5.1', 'gpt-5', 'gpt-4.1', 'o3'])('%s is older than the rule', (id) => {
    expect(sent(id, { tools })).toBeUndefined();
    expect(sent(id, { tools, reasoning_effort: 'low' })).toBe('low');
  });
});
