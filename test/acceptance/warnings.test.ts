import { readFileSync } from 'node:fs';
import type { ChatMessage, ChatRequest, Tool, Warning } from 'runestone';
import { type Reply, reply } from 'runestone/testing';
import { describe, expect, it } from 'vitest';
import type { AnswerWarningCode, RequestWarningCode } from '../../src/providers/anthropic/warning-codes.ts';
import { failureOf } from '../contexts.ts';
import { question, type Stand, stand } from './lab.ts';

/** A request that is warned of once, at this field. */
interface Row {
  readonly param: string;
  readonly request: Partial<ChatRequest>;
  readonly retiredModels?: 'remap';
  /** What upstream says before it answers; then it is upstream's refusal that stands when strict. */
  readonly refused?: Reply;
}

const user = (content: string): ChatMessage => ({ role: 'user', content });
const tool = (name: string, fields: object = {}): Tool => ({
  type: 'function',
  function: { name, parameters: { type: 'object', properties: {} }, ...fields },
});
const call = (id: string, args = '{}') => ({
  id,
  type: 'function',
  function: { name: 'look', arguments: args },
});
const calls = (...tool_calls: ReturnType<typeof call>[]): ChatMessage => ({
  role: 'assistant',
  content: null,
  tool_calls,
});
const result = (id: string): ChatMessage => ({ role: 'tool', tool_call_id: id, content: 'found' });
const map = { type: 'object', additionalProperties: { type: 'string' } };
const tools = [tool('look'), tool('find')];

/** One row for every code: the compiler complains of a code without one. */
const REQUESTS: Readonly<Record<RequestWarningCode, Row>> = {
  unsupported_parameter: { param: 'seed', request: { seed: 7 } },
  unknown_parameter: { param: 'wobble', request: { wobble: true } },
  unsupported_value: { param: 'stop', request: { stop: [' '] } },
  clamped: { param: 'max_completion_tokens', request: { max_completion_tokens: 900_000 } },
  unknown_model: { param: 'model', request: { model: 'anthropic/claude-opus-77', reasoning_effort: 'low' } },
  model_deprecated: { param: 'model', request: { model: 'claude-sonnet-4-5' } },
  model_retired: { param: 'model', request: { model: 'claude-3-opus-20240229' } },
  model_remapped: {
    param: 'model',
    request: { model: 'claude-3-opus-20240229', reasoning_effort: 'low' },
    retiredModels: 'remap',
  },
  json_object_best_effort: {
    param: 'response_format',
    request: { response_format: { type: 'json_object' } },
  },
  strict_dropped: {
    param: 'tools[0].function.strict',
    request: { tools: [tool('look', { parameters: { ...map, properties: { a: map } }, strict: true })] },
  },
  schema_merged: {
    param: 'tools[0].function.parameters',
    request: { tools: [tool('look', { parameters: { anyOf: [{ type: 'object', properties: {} }] } })] },
  },
  custom_tool_emulated: {
    param: 'tools[0]',
    request: { tools: [{ type: 'custom', custom: { name: 'sql' } }] },
  },
  tool_name_aliased: { param: 'tools[0].function.name', request: { tools: [tool('look.up')] } },
  forced_tool_choice_weakened: {
    param: 'tool_choice',
    request: { model: 'claude-opus-5-5', reasoning_effort: 'low', tools, tool_choice: 'required' },
  },
  cache_prefix_changed: {
    param: 'tool_choice',
    request: {
      tools,
      tool_choice: {
        type: 'allowed_tools',
        allowed_tools: { mode: 'auto', tools: [{ type: 'function', function: { name: 'look' } }] },
      },
    },
  },
  invalid_tool_arguments: {
    param: 'messages[1].tool_calls[0].function.arguments',
    request: { messages: [user('q'), calls(call('1', '{"a"')), result('1')], tools },
  },
  orphan_tool_result: { param: 'messages[1]', request: { messages: [user('q'), result('1'), user('r')] } },
  duplicate_tool_result: {
    param: 'messages[3]',
    request: { messages: [user('q'), calls(call('1')), result('1'), result('1')], tools },
  },
  missing_tool_result: {
    param: 'messages[1].tool_calls[1]',
    request: { messages: [user('q'), calls(call('1'), call('2')), result('1')], tools },
  },
  moved_into_tool_result: {
    param: 'messages[3].content',
    request: {
      messages: [
        user('q'),
        {
          ...calls(call('1')),
          provider_specific_fields: {
            anthropic: {
              content: [
                { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} },
                { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [] },
                { type: 'tool_use', id: '1', name: 'look', input: {} },
              ],
            },
          },
        },
        result('1'),
        user('and?'),
      ],
      tools,
    },
  },
  name_dropped: {
    param: 'messages[0].name',
    request: { messages: [{ ...user('q'), name: 'anna' }] },
  },
  system_downgraded: {
    param: 'messages[1]',
    request: { messages: [user('q'), { role: 'system', content: 'Be brief.' }, user('r')] },
  },
  user_id_hashed: { param: 'user', request: { user: 'anna@example.com' } },
  thinking_disabled: {
    param: 'reasoning_effort',
    request: { reasoning_effort: 'low', max_completion_tokens: 500 },
  },
  thinking_disabled_missing_blocks: {
    param: 'messages',
    request: {
      messages: [user('q'), calls(call('1')), result('1')],
      tools,
      reasoning_effort: 'low',
      max_completion_tokens: 5_000,
    },
  },
  thinking_stripped: {
    param: 'messages',
    request: {
      model: 'claude-opus-5-5',
      reasoning_effort: 'low',
      messages: [
        user('q'),
        {
          role: 'assistant',
          content: 'a',
          thinking_blocks: [{ type: 'thinking', thinking: 'hm', signature: 'c29tZWJvZHk=' }],
        },
        user('r'),
      ],
    },
    refused: reply.status(400, { message: 'messages.1.content.0: Invalid `signature` in `thinking` block' }),
  },
};

const codes = Object.entries(REQUESTS);

/** A stand whose host answers, after the refusal of the row if it has one. */
async function standFor({ retiredModels, refused }: Row, strict = false): Promise<Stand> {
  const it = await stand({ pool: { strict, ...(retiredModels && { retiredModels }) } });
  // A call, so that no row is warned of a call that was asked for and not made.
  it.upstream.script(...(refused ? [refused] : []), reply.tools([{ name: 'look' }]));
  return it;
}

describe.each(codes)('the warning %s', (code, row) => {
  const request = question('Hi', row.request);
  const told = { code, param: row.param, message: expect.stringMatching(/\S/) };

  it('reaches the caller of a whole answer, and telemetry', async () => {
    await using it = await standFor(row);
    const answer = await it.pool.request(request);
    expect(answer.runestone.warnings).toEqual([told]);
    expect(it.of('translation.warning')).toMatchObject([
      { ...told, provider: 'anthropic', requestId: answer.runestone.requestId },
    ]);
  });

  it('reaches the caller of a stream in its last chunk', async () => {
    await using it = await standFor(row);
    const stream = await it.pool.streamRequest(request);
    let last: readonly Warning[] | undefined;
    for await (const chunk of stream) last = chunk.runestone?.warnings;
    expect(last).toEqual([told]);
    expect(stream.runestone.warnings).toEqual([told]);
    expect((await stream.completion()).runestone.warnings).toEqual([told]);
    expect(it.of('translation.warning')).toHaveLength(1);
  });

  it.each(['pool', 'call'] as const)('is an error of the same field when the %s is strict', async (whose) => {
    await using it = await standFor(row, whose === 'pool');
    const error = await failureOf(it.pool.request(request, whose === 'call' ? { strict: true } : {}));
    expect(error).toMatchObject({ code: 'invalid_request', provider: 'anthropic' });
    // A repair is one of upstream's refusals, which then stands, and names the field in upstream's own words.
    if (!row.refused) {
      expect(error).toMatchObject({ param: row.param, reason: expect.any(String), retryable: false });
      expect(Object(error).message).toContain(`anthropic: ${row.param}: `);
    }
    expect(it.upstream.count).toBe(row.refused ? 1 : 0);
    expect(it.of('translation.warning')).toEqual([]);
  });

  it('is none when the call takes back what the pool demands', async () => {
    await using it = await standFor(row, true);
    const answer = await it.pool.request(request, { strict: false });
    expect(answer.runestone.warnings).toEqual([told]);
  });
});

/** What an answer is warned of: what the host sends, and the request that gets it. */
const ANSWERS: Readonly<
  Record<
    AnswerWarningCode,
    { readonly param?: string; readonly answer: Reply; readonly asked?: Partial<ChatRequest> }
  >
> = {
  void_tool_calls: { answer: recorded('fallback-mid-stream') },
  forced_tool_choice_unmet: {
    param: 'tool_choice',
    answer: reply.text('I would rather not.'),
    asked: { model: 'claude-opus-5-5', reasoning_effort: 'low', tools, tool_choice: 'required' },
  },
  unknown_stop_reason: { answer: reply.text('Fine.', { stopReason: 'satisfied' }) },
  missing_end: { answer: recorded('missing-end') },
};

function recorded(name: string): Reply {
  return reply.raw(readFileSync(new URL(`../fixtures/anthropic/${name}.sse`, import.meta.url)));
}

describe.each(Object.entries(ANSWERS))('the warning %s, which comes with the answer', (code, row) => {
  const request = question('Hi', row.asked);
  const told = { code, message: expect.any(String), ...(row.param && { param: row.param }) };

  it('reaches caller and telemetry', async () => {
    await using it = await stand();
    it.upstream.script(row.answer);
    const stream = await it.pool.streamRequest(request);
    const { warnings } = (await stream.completion()).runestone;
    expect(warnings.filter((warning) => warning.code === code)).toEqual([told]);
    expect(it.of('translation.warning')).toContainEqual(expect.objectContaining(told));
  });
});

describe('strict', () => {
  it.each(['void_tool_calls', 'unknown_stop_reason', 'missing_end'] as const)(
    'does not refuse an answer that has come: %s',
    async (code) => {
      await using it = await stand({ pool: { strict: true } });
      it.upstream.script(ANSWERS[code].answer);
      const answer = await (await it.pool.streamRequest(question())).completion();
      expect(answer.runestone.warnings).toMatchObject([{ code }]);
    },
  );

  it('names the first of several fields, and the message is of that one', async () => {
    await using it = await stand({ pool: { strict: true } });
    const error = await failureOf(
      it.pool.request(question('Hi', { seed: 1, wobble: 2, user: 'a@b.example' })),
    );
    expect(error).toMatchObject({ param: 'seed' });
    expect(Object(error).message).not.toContain('wobble');
  });

  it('lets a request through that needs no warning', async () => {
    await using it = await stand({ pool: { strict: true } });
    expect((await it.pool.request(question())).runestone.warnings).toEqual([]);
  });
});
