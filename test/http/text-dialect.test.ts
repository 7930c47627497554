import { describe, expect, it } from 'vitest';
import { textDialect } from '../../src/http/text-dialect.ts';
import { finish, start, text } from '../contexts.ts';
import { completion, framesIn, info } from './support.ts';

const read = (body: unknown) => textDialect.read(body, new Headers());

describe('textDialect', () => {
  it('asks a prompt as one user message, and hands all else on', () => {
    const fields = { model: 'm', max_tokens: 5, temperature: 0, stop: ['x'], user: 'u', seed: 1 };
    const asked = { ...fields, messages: [{ role: 'user', content: 'Once' }] };
    expect(read({ ...fields, prompt: 'Once' }).request).toEqual(asked);
    expect(read({ ...fields, prompt: ['Once'], n: 1, best_of: 1, suffix: '', echo: false }).request).toEqual({
      ...asked,
      n: 1,
    });
  });

  it.each([
    [{ logprobs: 3 }, true],
    [{ logprobs: 0 }, undefined],
    [{ logprobs: null }, undefined],
    [{}, undefined],
  ])('%o asks a chat for logprobs: %s', (more, asked) => {
    expect(read({ prompt: 'a', ...more }).request['logprobs']).toBe(asked);
  });

  it.each([
    [{}, 'prompt'],
    [{ prompt: '' }, 'prompt'],
    [{ prompt: [] }, 'prompt'],
    [{ prompt: ['a', 'b'] }, 'prompt'],
    [{ prompt: [1, 2, 3] }, 'prompt'],
    [{ prompt: [[1]] }, 'prompt[0]'],
    [{ prompt: 'a', suffix: 'z' }, 'suffix'],
    [{ prompt: 'a', n: 2 }, 'n'],
    [{ prompt: 'a', best_of: 3 }, 'best_of'],
    [{ prompt: 'a', echo: 'yes' }, 'echo'],
    [{ prompt: 'a', logprobs: true }, 'logprobs'],
  ])('refuses %o by its field', (body, param) => {
    expect(() => read(body)).toThrow(expect.objectContaining({ code: 'invalid_request', param }));
  });

  it.each([null, 'text', []])('refuses %o, which is no request', (body) => {
    expect(() => read(body)).toThrow('the request must be an object with `prompt`');
  });

  it('writes a whole answer as a text completion', () => {
    const { usage, runestone } = completion;
    expect(read({ prompt: 'Hello' }).whole(completion)).toEqual({
      id: 'msg_1',
      object: 'text_completion',
      created: 1_700_000_000,
      model: 'model-1',
      choices: [{ text: 'Good day.', index: 0, logprobs: null, finish_reason: 'stop' }],
      usage,
      runestone,
    });
  });

  it('repeats the prompt for `echo`, whole and streamed', () => {
    const reading = read({ prompt: 'Hello. ', echo: true, stream: true });
    expect(reading.whole(completion)).toMatchObject({ choices: [{ text: 'Hello. Good day.' }] });
    expect(reading.stream).toBe(true);
    const frames = framesIn(reading.writer().write([start, text('Good '), text('day.')], () => info));
    expect(frames).toMatchObject([{ choices: [{ text: 'Hello. Good ' }] }, { choices: [{ text: 'day.' }] }]);
  });

  it('lets a refusal stand where there is no text', () => {
    const [choice] = completion.choices;
    const refused = { ...choice!, message: { role: 'assistant' as const, content: null, refusal: 'No.' } };
    expect(read({ prompt: 'a' }).whole({ ...completion, choices: [refused] })).toMatchObject({
      choices: [{ text: 'No.' }],
    });
  });

  it('writes usage in a last chunk for whoever asks for it', () => {
    const writer = read({ prompt: 'a', stream_options: { include_usage: true } }).writer();
    const frames = framesIn(writer.write([start, text('b'), finish], () => info));
    expect(frames.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: 5 } });
  });
});
