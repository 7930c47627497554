import { describe, expect, it } from 'vitest';
import { countedMessages, countedTokens, messagesDialect } from '../../../src/http/messages/index.ts';
import { info, parseFrames } from '../frames.ts';

const body = { model: 'm', max_tokens: 10, messages: [{ role: 'user', content: 'hi' }] };

describe('the dialect', () => {
  it.each([
    [{}, false],
    [{ stream: true }, true],
    [{ stream: false }, false],
    [{ stream: null }, false],
  ])('streams for %j: %s', (more, stream) => {
    expect(messagesDialect.read({ ...body, ...more }, new Headers()).stream).toBe(stream);
  });

  it.each([
    ['2026-10-21', null],
    ['2023-06-01', undefined],
  ])('writes both forms as version %s does', (version, expected) => {
    const reading = messagesDialect.read(body, new Headers({ 'anthropic-version': version }));
    const choices = [
      {
        index: 0,
        message: { role: 'assistant' as const, content: 'Hi', refusal: null },
        finish_reason: 'stop' as const,
        logprobs: null,
      },
    ];
    const completion = {
      id: 'x',
      object: 'chat.completion' as const,
      created: 1,
      model: 'm',
      choices,
      runestone: info,
    };
    expect(Object(reading.whole(completion)).container).toBe(expected);
    const [start] = parseFrames(reading.writer().write([{ type: 'text_delta', text: 'a' }], () => info));
    expect(Object(start?.data['message']).container).toBe(expected);
  });
});

describe('counting', () => {
  it('asks for the prompt and tells a number', () => {
    const { max_tokens: _, ...counted } = body;
    expect(countedMessages(counted, new Headers())).toMatchObject(counted);
    expect(countedTokens({ tokens: 12 })).toEqual({ input_tokens: 12 });
  });
});
