import { describe, expect, it } from 'vitest';
import type { ChatEvent } from '../../../src/chat/events.ts';
import { ProviderError } from '../../../src/errors/index.ts';
import { ResponsesWriter } from '../../../src/http/responses/responses-writer.ts';
import { info, parseFrames, started, stopped, written } from '../frames.ts';

const asked = { model: 'm', input: 'hi', instructions: 'Be.' };
const reading = { writer: () => new ResponsesWriter(asked) };
const text = (said: string): ChatEvent => ({ type: 'text_delta', text: said });
const finish = (reason: 'length' | 'content_filter'): ChatEvent => ({
  type: 'finish',
  reason,
  raw: undefined,
});

describe('the frame of a response', () => {
  it('STR-2 nothing is said before there is something to say', () => {
    const writer = reading.writer();
    const silent: ChatEvent[] = [
      started,
      { type: 'usage', usage: { inputTokens: 7 } },
      { type: 'warning', warning: { code: 'c', message: 'm' } },
      { type: 'vendor', provider: 'p', data: {} },
    ];
    expect(writer.write(silent, () => info)).toBe('');
    expect(parseFrames(writer.write([text('a')], () => info)).map(({ event }) => event)).toEqual([
      ...['response.created', 'response.in_progress', 'response.output_item.added'],
      ...['response.content_part.added', 'response.output_text.delta'],
    ]);
  });

  it('is numbered without a gap, and named twice', () => {
    const frames = written(reading, [started, text('a'), text('b'), stopped]);
    expect(frames.map(({ data }) => data['sequence_number'])).toEqual(frames.map((_, index) => index));
    expect(frames.every(({ event, data }) => event === data['type'])).toBe(true);
  });

  it('begins and ends with the response', () => {
    const frames = written(reading, [started, text('a'), stopped]);
    const head = { id: 'resp_r1', created_at: 1_700_000_000, model: 'claude-up', instructions: 'Be.' };
    expect(frames[0]?.data['response']).toMatchObject({
      ...head,
      status: 'in_progress',
      output: [],
      usage: null,
    });
    expect(frames[1]?.data['response']).toEqual(frames[0]?.data['response']);
    expect(frames.at(-1)).toMatchObject({
      event: 'response.completed',
      data: {
        response: {
          ...{ ...head, status: 'completed', runestone: { requestId: 'r1' } },
          output: [{ id: 'msg_r1_0', content: [{ text: 'a' }] }],
          usage: { input_tokens: 7, output_tokens: 5 },
        },
      },
    });
  });

  it('RES-18 an answer of no words is a response too', () => {
    const frames = written(reading, [started, stopped]);
    expect(frames.map(({ event }) => event)).toEqual([
      'response.created',
      'response.in_progress',
      'response.completed',
    ]);
  });

  it('names itself where no host did', () => {
    const [first] = written(reading, [text('a'), stopped]);
    expect(first?.data['response']).toMatchObject({
      id: 'resp_r1',
      model: 'claude-test',
      created_at: expect.any(Number),
    });
  });

  it.each([
    ['length', 'max_output_tokens'],
    ['content_filter', 'content_filter'],
  ] as const)('FIN %s ends it incomplete', (reason, word) => {
    const last = written(reading, [text('a'), finish(reason)]).at(-1);
    expect(last).toMatchObject({
      event: 'response.incomplete',
      data: { response: { status: 'incomplete', incomplete_details: { reason: word } } },
    });
    expect(Object(last?.data).response.output[0].status).toBe('incomplete');
  });

  it('hands out the whole of it', () => {
    const writer = reading.writer();
    expect(writer.response).toEqual({});
    writer.write([started, text('a'), stopped], () => info);
    expect(writer.response).toMatchObject({ id: 'resp_r1', status: 'completed' });
  });
});

describe('a failure', () => {
  it('STR-20 is an event in both of OpenAI’s forms, and nothing follows it', () => {
    const writer = reading.writer();
    writer.write([text('a')], () => info);
    const error = new ProviderError({ code: 'overloaded', provider: 'p', message: 'busy' });
    const words = { message: 'p: busy', type: 'server_error', code: 'overloaded', param: null };
    expect(parseFrames(writer.fail(error))).toEqual([
      {
        event: 'error',
        data: {
          ...{ type: 'error', sequence_number: 5, code: 'overloaded', message: 'p: busy', param: null },
          error: words,
        },
      },
    ]);
    expect(writer.end()).toBe('');
  });
});
