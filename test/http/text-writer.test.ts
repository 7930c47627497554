import { describe, expect, it } from 'vitest';
import { ProviderError } from '../../src/errors/index.ts';
import { TextWriter, textFinish } from '../../src/http/text-writer.ts';
import { finish, start, text, usage } from '../contexts.ts';
import { framesIn, info } from './support.ts';

describe('textFinish', () => {
  it.each([
    ['stop', 'stop'],
    ['length', 'length'],
    ['content_filter', 'content_filter'],
    ['tool_calls', 'stop'],
    [undefined, 'stop'],
  ])('%s is told as %s', (reason, told) => {
    expect(textFinish(reason)).toBe(told);
  });
});

describe('TextWriter', () => {
  const head = { id: 'msg_1', object: 'text_completion', created: 1_700_000_000, model: 'served-model' };

  it('writes a chunk for each piece of text, and one with the reason', () => {
    const writer = new TextWriter('', false);
    const sse = writer.write([start, text('a'), text(''), text('b')], () => info);
    const last = writer.write([usage({ outputTokens: 1 }), finish], () => info);
    const choice = (value: string, reason: string | null): object => ({
      text: value,
      index: 0,
      logprobs: null,
      finish_reason: reason,
    });
    expect(framesIn(sse)).toEqual([
      { ...head, choices: [choice('a', null)] },
      { ...head, choices: [choice('b', null)] },
    ]);
    expect(framesIn(last + writer.end())).toEqual([
      { ...head, choices: [choice('', 'stop')], runestone: JSON.parse(JSON.stringify(info)) },
      '[DONE]',
    ]);
  });

  it('says null for usage until it is told, and null when it is not known', () => {
    const writer = new TextWriter('', true);
    const unknown = { ...info, usage: undefined };
    const frames = framesIn(writer.write([start, text('a'), finish], () => unknown));
    expect(frames).toMatchObject([
      { usage: null },
      { usage: null },
      { choices: [], usage: null, runestone: { requestId: 'req-1' } },
    ]);
  });

  it('tells the prompt with the end when nothing came between', () => {
    const frames = framesIn(new TextWriter('Once', false).write([start, finish], () => info));
    expect(frames).toMatchObject([{ choices: [{ text: 'Once', finish_reason: 'stop' }] }]);
  });

  it('takes a refusal for text, and leaves out what a completion has no place for', () => {
    const writer = new TextWriter('', false);
    const sse = writer.write(
      [
        { type: 'reasoning_delta', text: 'hm' },
        { type: 'refusal_delta', text: 'No.' },
      ],
      () => info,
    );
    expect(framesIn(sse)).toMatchObject([{ id: 'cmpl-req-1', model: 'model-1', choices: [{ text: 'No.' }] }]);
  });

  it('writes a failure as a frame (STR-20)', () => {
    const error = new ProviderError({ provider: 'acme', code: 'overloaded', message: 'acme: busy' });
    expect(framesIn(new TextWriter('', false).fail(error))).toEqual([error.toOpenAI()]);
  });
});
