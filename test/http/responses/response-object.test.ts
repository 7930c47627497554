import { describe, expect, it } from 'vitest';
import type { FinishReason } from '../../../src/chat/events.ts';
import { responseObject, responseUsage } from '../../../src/http/responses/response-object.ts';
import { info } from '../frames.ts';

const head = { id: 'resp_1', model: 'm', created: 5 };

describe('responseObject', () => {
  it('has OpenAI’s word for all that was left out', () => {
    expect(responseObject({}, head, { output: [] })).toEqual({
      ...{
        id: 'resp_1',
        object: 'response',
        created_at: 5,
        status: 'in_progress',
        background: false,
        error: null,
      },
      ...{ incomplete_details: null, model: 'm', instructions: null, max_output_tokens: null, metadata: {} },
      ...{ parallel_tool_calls: true, reasoning: { effort: null, summary: null }, temperature: null },
      ...{ text: { format: { type: 'text' } }, tool_choice: 'auto', tools: [], top_p: null, output: [] },
      ...{
        store: false,
        previous_response_id: null,
        truncation: 'disabled',
        service_tier: null,
        usage: null,
      },
    });
  });

  it('repeats the request, but for what is not so here', () => {
    const asked = {
      ...{ instructions: 'Be.', max_output_tokens: 9, metadata: { a: 'b' }, parallel_tool_calls: false },
      ...{ reasoning: { effort: 'low', summary: 'auto' }, temperature: 1, top_p: 1, tool_choice: 'none' },
      ...{
        text: { format: { type: 'json_object' }, verbosity: 'low' },
        tools: [{ type: 'function', name: 'f' }],
      },
    };
    expect(responseObject({ ...asked, store: true, truncation: 'auto' }, head, { output: [] })).toMatchObject(
      {
        ...asked,
        ...{ store: false, truncation: 'disabled' },
      },
    );
  });

  it.each<[FinishReason, string, unknown]>([
    ['stop', 'completed', null],
    ['tool_calls', 'completed', null],
    ['length', 'incomplete', { reason: 'max_output_tokens' }],
    ['content_filter', 'incomplete', { reason: 'content_filter' }],
  ])('FIN ends with %s: %s', (reason, status, details) => {
    const output = [{ type: 'message' }];
    expect(responseObject({}, head, { output, finish: { reason, info } })).toMatchObject({
      ...{ status, incomplete_details: details, output, runestone: info },
      usage: { input_tokens: 7, output_tokens: 5, total_tokens: 12 },
    });
  });

  it('RES-13 names the tier that served it', () => {
    const usage = { modifiers: { serviceTier: 'priority' } };
    const finish = { reason: 'stop', info: { ...info, usage } } as const;
    expect(responseObject({}, head, { output: [], finish })).toMatchObject({
      service_tier: 'priority',
      usage: null,
    });
  });
});

describe('responseUsage', () => {
  it('USE-4 counts the cached part inside the input', () => {
    const usage = {
      inputTokens: 10,
      cacheReadTokens: 20,
      cacheWrite5mTokens: 3,
      outputTokens: 5,
      reasoningTokens: 2,
    };
    expect(responseUsage(usage)).toEqual({
      ...{ input_tokens: 33, input_tokens_details: { cached_tokens: 20, cache_write_tokens: 3 } },
      ...{ output_tokens: 5, output_tokens_details: { reasoning_tokens: 2 }, total_tokens: 38 },
    });
  });

  it.each([{}, { inputTokens: 3 }, { outputTokens: 3 }])('is not made up from %j', (usage) => {
    expect(responseUsage(usage)).toBeUndefined();
  });
});
