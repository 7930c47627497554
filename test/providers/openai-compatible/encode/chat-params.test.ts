import { describe, expect, it } from 'vitest';
import type { ChatRequest } from '../../../../src/provider-kit/index.ts';
import type { Quirks } from '../../../../src/providers/openai-compatible/index.ts';
import { thrownBy } from '../../anthropic/wire.ts';
import { encode } from '../chat.ts';

const warned = (request: Partial<ChatRequest>, quirks: Quirks = {}): unknown[] =>
  encode(request, quirks).warnings.map(({ code, param }) => [code, param]);

describe('parameters of this house and of Claude', () => {
  const claude = {
    anthropic: { prewarm: true },
    cache_control: { type: 'ephemeral' },
    thinking: { type: 'adaptive' },
    top_k: 5,
    betas: ['x'],
  };

  it('4.5: are taken away; what the answer may need, with a warning', () => {
    const { body, warnings } = encode({ ...claude, seed: 7 });
    expect(Object.keys(body).sort()).toEqual(['messages', 'model', 'seed', 'stream', 'stream_options']);
    expect(warnings.map(({ param }) => param)).toEqual(['thinking', 'top_k', 'betas']);
  });

  it('stay with a host that knows them: DeepSeek, vLLM', () => {
    const { body, warnings } = encode(
      { thinking: { type: 'enabled' }, top_k: 5 },
      { extensions: ['thinking', 'top_k'] },
    );
    expect(body).toMatchObject({ thinking: { type: 'enabled' }, top_k: 5 });
    expect(warnings).toEqual([]);
  });

  it('are refused by name when the call is strict', () => {
    const error = thrownBy(() => encode({ seed: 7, thinking: { type: 'adaptive' } }, {}, { strict: true }));
    expect(error).toMatchObject({ code: 'invalid_request', param: 'thinking' });
    expect(() => encode({ anthropic: {}, cache_control: {} }, {}, { strict: true })).not.toThrow();
  });

  it('are all there are: whatever else the caller wrote passes', () => {
    const more = {
      seed: 7,
      store: true,
      metadata: { a: 'b' },
      verbosity: 'low',
      some_new_field: { deep: [1] },
    };
    expect(encode(more).body).toMatchObject(more);
    expect(encode(more).warnings).toEqual([]);
  });
});

describe('parameters a host refuses', () => {
  const groq: Quirks = {
    unsupportedParams: ['logprobs', 'logit_bias', 'top_logprobs', 'n', 'store', 'seed'],
  };

  it('are dropped with a warning', () => {
    const { body, warnings } = encode(
      { logprobs: true, logit_bias: { 50256: -100 }, seed: 1, temperature: 0.5 },
      groq,
    );
    expect(body).not.toHaveProperty('logprobs');
    expect(body).not.toHaveProperty('logit_bias');
    expect(body).toMatchObject({ temperature: 0.5 });
    expect(warnings.map(({ param }) => param)).toEqual(['logprobs', 'logit_bias', 'seed']);
  });

  it.each([{ logprobs: false }, { logit_bias: {} }, { n: 1 }, { store: false }, {}])(
    'are dropped in silence when they say what is so anyway: %j',
    (request) => {
      const { body, warnings } = encode(request, groq);
      for (const name of Object.keys(request)) expect(body).not.toHaveProperty(name);
      expect(warnings).toEqual([]);
    },
  );

  it('are refused by name when the call is strict', () => {
    expect(thrownBy(() => encode({ logprobs: true }, groq, { strict: true }))).toMatchObject({
      param: 'logprobs',
    });
    expect(() => encode({ n: 1 }, groq, { strict: true })).not.toThrow();
  });
});

describe('a model that reasons', () => {
  const quirks: Quirks = { reasoningModels: ['model-*'] };
  const sampling = {
    temperature: 0.2,
    top_p: 0.9,
    presence_penalty: 1,
    frequency_penalty: 1,
    logprobs: true,
    top_logprobs: 3,
    logit_bias: { 1: 1 },
  };

  it('4.5: takes no sampling parameters', () => {
    const { body, warnings } = encode(sampling, quirks);
    for (const name of Object.keys(sampling)) expect(body).not.toHaveProperty(name);
    expect(warnings.map(({ param }) => param)).toEqual(Object.keys(sampling));
    expect(warnings[0]?.message).toContain("reasoning_effort 'none'");
  });

  it("4.5: takes them at effort 'none'", () => {
    const { body, warnings } = encode({ ...sampling, reasoning_effort: 'none' }, quirks);
    expect(body).toMatchObject(sampling);
    expect(warnings).toEqual([]);
    expect(warned({ temperature: 0.2, reasoning_effort: 'low' }, quirks)).toHaveLength(1);
  });

  it('REQ-7: takes a temperature of 1, which it has anyway, as unsaid', () => {
    const { body, warnings } = encode(
      { temperature: 1, top_p: 1, presence_penalty: 0, logprobs: false },
      quirks,
    );
    expect(body).not.toHaveProperty('temperature');
    expect(warnings).toEqual([]);
  });

  it('is told from others', () => {
    expect(encode(sampling, quirks, { model: 'other' }).body).toMatchObject(sampling);
    const spec = { id: 'model-1', capabilities: { reasoning: false } };
    expect(encode(sampling, quirks, { spec }).body).toMatchObject(sampling);
  });

  it('4.5: takes max_completion_tokens for max_tokens', () => {
    const { body, warnings } = encode({ max_tokens: 100 }, quirks);
    expect(body).toMatchObject({ max_completion_tokens: 100 });
    expect(body).not.toHaveProperty('max_tokens');
    expect(warnings).toEqual([]);
  });
});

describe('the cap on the length of the answer', () => {
  const both = { max_tokens: 100, max_completion_tokens: 200 };

  it.each([
    ['as it came', {}, { max_tokens: 100 }, { max_tokens: 100 }],
    ['as it came, also both', {}, both, both],
    ['as it came, also none', {}, {}, {}],
    ['Mistral', { maxTokensField: 'max_tokens' }, { max_completion_tokens: 100 }, { max_tokens: 100 }],
    ['Mistral, as it came', { maxTokensField: 'max_tokens' }, { max_tokens: 100 }, { max_tokens: 100 }],
    [
      'OpenAI',
      { maxTokensField: 'max_completion_tokens' },
      { max_tokens: 100 },
      { max_completion_tokens: 100 },
    ],
    [
      'a host of its own for a model that reasons',
      { maxTokensField: 'max_tokens', reasoningModels: ['*'] },
      { max_completion_tokens: 100 },
      { max_tokens: 100 },
    ],
    ['zero', { maxTokensField: 'max_tokens' }, { max_completion_tokens: 0 }, { max_tokens: 0 }],
  ] as const)('is sent under the name the host knows: %s', (_, quirks, request, sent) => {
    const { max_tokens, max_completion_tokens } = encode(request, quirks).body;
    expect(JSON.parse(JSON.stringify({ max_tokens, max_completion_tokens }))).toEqual(sent);
  });

  it('REQ-4: is max_completion_tokens when both are given, with a warning when they differ', () => {
    const quirks: Quirks = { maxTokensField: 'max_tokens' };
    expect(encode(both, quirks).body).toMatchObject({ max_tokens: 200 });
    expect(warned(both, quirks)).toEqual([['unsupported_parameter', 'max_tokens']]);
    expect(warned({ max_tokens: 5, max_completion_tokens: 5 }, quirks)).toEqual([]);
  });
});

describe('stop sequences', () => {
  const five = ['a', 'b', 'c', 'd', 'e'];

  it('are cut to what the host takes', () => {
    expect(encode({ stop: five }, { stopLimit: 4 }).body['stop']).toEqual(['a', 'b', 'c', 'd']);
    expect(warned({ stop: five }, { stopLimit: 4 })).toEqual([['clamped', 'stop']]);
  });

  it.each([
    ['few enough', ['a', 'b'], 4],
    ['just as many', ['a', 'b'], 2],
    ['one text', 'abcde', 1],
    ['no limit', five, undefined],
  ])('are sent as they came: %s', (_, stop, stopLimit) => {
    const { body, warnings } = encode({ stop }, stopLimit === undefined ? {} : { stopLimit });
    expect(body['stop']).toEqual(stop);
    expect(warnings).toEqual([]);
  });
});

describe('the stream', () => {
  it('STR-15: is always asked for its usage, whether or not the caller wants to see it', () => {
    expect(encode({}).body).toMatchObject({ stream: true, stream_options: { include_usage: true } });
    const options = { include_usage: false, include_obfuscation: false };
    expect(encode({ stream_options: options }).body['stream_options']).toEqual({
      include_usage: true,
      include_obfuscation: false,
    });
  });

  it('has no options for a host that refuses them', () => {
    const { body, warnings } = encode({ stream_options: { include_usage: true } }, { usageInStream: 'none' });
    expect(body).toMatchObject({ stream: true });
    expect(body).not.toHaveProperty('stream_options');
    expect(warnings).toEqual([]);
  });

  it('is not spoken of when the answer is wanted whole', () => {
    const { body } = encode(
      { stream: false, stream_options: { include_usage: true } },
      {},
      { stream: false },
    );
    expect(Object.keys(body).sort()).toEqual(['messages', 'model']);
  });
});
