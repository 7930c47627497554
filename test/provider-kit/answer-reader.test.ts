import { describe, expect, it } from 'vitest';
import type { ChatEvent } from '../../src/chat/events.ts';
import { ProviderError } from '../../src/errors/index.ts';
import { type AnswerParser, AnswerReader } from '../../src/provider-kit/answer-reader.ts';
import { type Read, responseOf } from './script-response.ts';

/** A wire whose data is text, with `stop` for the reason of the end and `end` for the end. */
class Words implements AnswerParser {
  stopped = false;

  push(data: string, out: ChatEvent[]): boolean {
    if (data === 'end') return true;
    if (data === 'stop') this.stopped = true;
    else if (data === 'break')
      throw new ProviderError({ provider: 'acme', code: 'overloaded', message: 'busy' });
    else out.push({ type: 'text_delta', text: JSON.parse(data) });
    return false;
  }

  failure(data: string): Error {
    return new ProviderError({ provider: 'acme', code: 'server_error', message: data });
  }

  end(out: ChatEvent[]): void {
    if (this.stopped) out.push({ type: 'finish', reason: 'stop', raw: 'stop' });
  }

  readWhole(text: string, out: ChatEvent[]): void {
    out.push({ type: 'text_delta', text: JSON.parse(text).text });
  }
}

const sse = (...data: readonly string[]): string => data.map((each) => `data: ${each}\n\n`).join('');

async function read(reads: readonly Read[], ending: 'end' | Error = 'end') {
  const response = responseOf(reads, ending);
  const reader = new AnswerReader(response, { provider: 'acme', model: 'm' }, new Words());
  const told: string[] = [];
  let error: unknown;
  try {
    for (let next = await reader.next(); !next.done; next = await reader.next()) {
      told.push(...next.value.map((event) => ('text' in event ? event.text : event.type)));
    }
  } catch (thrown) {
    error = thrown;
  }
  return { told, error, finished: response.finished() };
}

const reset = new ProviderError({ provider: 'acme', code: 'connection', message: 'reset' });

describe('an answer', () => {
  it('is read to its mark, and its connection let go', async () => {
    expect(await read([[sse('"a"')], [sse('"b"', 'stop', 'end', '"never"')]])).toEqual({
      told: ['a', 'b', 'finish'],
      error: undefined,
      finished: 1,
    });
  });

  it('may come whole', async () => {
    expect((await read([['{"text":"all"}']])).told).toEqual(['all']);
  });

  it.each([
    ['a reset', [sse('"a"', 'stop')], reset],
    ['an error', [sse('"a"', 'stop'), sse('break')], 'end' as const],
    ['nonsense', [sse('"a"', 'stop'), sse('{')], 'end' as const],
    ['nothing', [sse('"a"', 'stop')], 'end' as const],
  ])(
    'T38: is complete once the reason of its end is known, whatever comes then: %s',
    async (_, parts, ending) => {
      expect(
        await read(
          parts.map((part): Read => [part]),
          ending,
        ),
      ).toMatchObject({
        told: ['a', 'finish'],
        error: undefined,
      });
    },
  );

  it.each([
    ['an error', [sse('"a"', 'break')], 'end' as const, 'overloaded'],
    ['nonsense', [sse('"a"', '{')], 'end' as const, 'bad_response'],
    ['a reset', [sse('"a"')], reset, 'connection'],
  ])('tells what came before %s, then breaks', async (_, parts, ending, code) => {
    const { told, error } = await read(
      parts.map((part): Read => [part]),
      ending,
    );
    expect(told).toEqual(['a']);
    expect(error).toMatchObject({ code });
  });

  const failing = (data: string): string => `event: error\ndata: ${data}\n\n`;

  it.each([
    ['a text that is no JSON', 'the GPU is gone', { code: 'server_error', message: 'acme: the GPU is gone' }],
    ['data of which nothing is made', '"b"', { code: 'server_error', message: 'acme: "b"' }],
    ['no text at all', '', { code: 'server_error' }],
    ['data that is an error itself', 'break', { code: 'overloaded' }],
  ])('breaks at an event that is named error: %s', async (_, data, error) => {
    const broken = await read([[sse('"a"'), failing(data), sse('"never"', 'stop')]]);
    expect(broken.told.slice(0, 1)).toEqual(['a']);
    expect(broken.told).not.toContain('never');
    expect(broken.error).toMatchObject(error);
    expect(broken.finished).toBe(1);
  });

  it('T38: and does not when its reason of the end is known', async () => {
    expect(await read([[sse('"a"', 'stop'), failing('too late')]])).toMatchObject({
      told: ['a', 'finish'],
      error: undefined,
    });
  });

  it('without a reason of the end just ends: the pool reports the cut', async () => {
    expect(await read([[sse('"a"')]])).toMatchObject({ told: ['a'], error: undefined });
  });

  it.each(['{"text":"secr', '{"text":"secret"', '{"text":"secret', '{"text":"\\"}', '{"a":{"text":"}]"}'])(
    'T35: that ends in the middle of JSON was cut: %s',
    async (part) => {
      const { error, finished } = await read([[part]]);
      expect(error).toMatchObject({ code: 'stream_truncated', model: 'm' });
      expect(Object(error).message).not.toContain('secr');
      expect(finished).toBe(1);
    },
  );

  it.each([
    ['a page', ['<!doctype html><p>secret'], { retryable: false }],
    ['nothing', [], { retryable: true }],
    ['JSON that is none', ['{"text":"secret"} and more'], { retryable: false }],
  ])('is none: %s', async (_, parts, facts) => {
    const { error } = await read(parts.map((part): Read => [part]));
    expect(error).toMatchObject({ code: 'bad_response', model: 'm', ...facts });
    expect(Object(error).message).not.toContain('secr');
  });
});
