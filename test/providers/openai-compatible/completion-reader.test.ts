import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Batch, ProviderError } from '../../../src/provider-kit/index.ts';
import { completionReader } from '../../../src/providers/openai-compatible/completion-reader.ts';
import { cutAt, type Read, responseOf, utf8 } from '../../provider-kit/script-response.ts';
import { told } from '../anthropic/wire.ts';
import { chunk, completion, reading } from './chat.ts';

const sse = (...events: readonly unknown[]): string =>
  events.map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`).join('');

const hello = [
  chunk({ role: 'assistant', content: '' }),
  chunk({ content: 'Hel' }),
  chunk({ content: 'lo, 世界' }),
];
const end = chunk({}, 'stop');
const usage = {
  ...chunk({}),
  choices: [],
  usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
};
const answer = [...hello, end, usage, '[DONE]'];

/** A reader over given network reads. */
function readerOf(reads: readonly Read[], ending: 'end' | 'silence' | Error = 'end') {
  const response = responseOf(reads, ending);
  const reader = completionReader(response, reading);
  const read = async (): Promise<Batch | undefined> => {
    const { value, done } = await reader.next();
    return done ? undefined : value;
  };
  return { read, response };
}

/** Reads to the end, or to whatever breaks. */
async function readAll(reads: readonly Read[], ending: 'end' | 'silence' | Error = 'end') {
  const { read, response } = readerOf(reads, ending);
  const batches: Batch[] = [];
  let error: unknown;
  try {
    for (let batch = await read(); batch; batch = await read()) batches.push(batch);
  } catch (thrown) {
    error = thrown;
  }
  return { batches, error, response, ...told(batches.flat()) };
}

const reset = new ProviderError({ provider: 'acme', code: 'connection', message: 'reset' });

describe('a stream', () => {
  it('is told read by read', async () => {
    const { batches, text, finish, response } = await readAll([
      [sse(...answer.slice(0, 2))],
      [sse(...answer.slice(2, 3)), sse(...answer.slice(3))],
    ]);
    expect(batches.map((batch) => told(batch).text)).toEqual(['Hel', 'lo, 世界']);
    expect([text, finish]).toEqual(['Hello, 世界', 'stop']);
    expect(response.finished()).toBe(1);
  });

  it('is told as an empty batch where a read completed no event: it keeps the idle timer quiet', async () => {
    const all = sse(...answer);
    const { batches, text } = await readAll([
      [': keep-alive\n\n'],
      ['\n'],
      [all.slice(0, 20)],
      [all.slice(20)],
    ]);
    expect(batches.slice(0, 3)).toEqual([[], [], []]);
    expect(text).toBe('Hello, 世界');
  });

  it('E1: comes out the same however its bytes are cut', async () => {
    const bytes = utf8(sse(...answer));
    const whole = await readAll([[bytes]]);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length)), async (cuts) => {
        const { batches, error } = await readAll(cutAt(bytes, cuts).map((piece) => [piece]));
        expect(error).toBeUndefined();
        expect(told(batches.flat())).toEqual(told(whole.batches.flat()));
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ['CRLF', (text: string) => text.replaceAll('\n', '\r\n')],
    ['CR', (text: string) => text.replaceAll('\n', '\r')],
    ['no space after the colon', (text: string) => text.replaceAll('data: ', 'data:')],
    ['names of events', (text: string) => text.replaceAll('data: ', 'event: message\ndata: ')],
    ['comments between', (text: string) => text.replaceAll('data: ', ': OPENROUTER PROCESSING\n\ndata: ')],
    ['a byte order mark', (text: string) => `\uFEFF${text}`],
    ['events of nothing', (text: string) => text.replaceAll('data: ', 'data:\n\ndata: ')],
  ])('is read in any style: %s', async (_, style) => {
    expect(await readAll([[style(sse(...answer))]])).toMatchObject({
      text: 'Hello, 世界',
      finish: 'stop',
      error: undefined,
    });
  });

  it('T39: is over at [DONE], whether or not the connection is closed', async () => {
    const { text, finish, response } = await readAll([[sse(...answer)]], 'silence');
    expect([text, finish]).toEqual(['Hello, 世界', 'stop']);
    expect(response.finished()).toBe(1);
  });

  it('V9: says nothing after [DONE]', async () => {
    const { text } = await readAll([[sse(...answer, chunk({ content: ' more' }))]]);
    expect(text).toBe('Hello, 世界');
  });

  it('V10: is not ended by anything like it', async () => {
    const fake = [...hello, chunk({ content: '\n\ndata: [DONE]\n\n' }), end, '[DONE]'];
    expect(await readAll([[sse(...fake)]])).toMatchObject({
      text: 'Hello, 世界\n\ndata: [DONE]\n\n',
      finish: 'stop',
    });
  });

  it('ERR-56: is complete without [DONE], if it has a finish reason', async () => {
    expect(await readAll([[sse(...hello, end)]])).toMatchObject({
      text: 'Hello, 世界',
      finish: 'stop',
      error: undefined,
    });
  });

  it.each([
    ['with [DONE]', [...hello, '[DONE]']],
    ['without [DONE]', hello],
  ])('ERR-56: only ends, and finishes never, without a finish reason: %s', async (_, events) => {
    expect(await readAll([[sse(...events)]])).toMatchObject({
      text: 'Hello, 世界',
      finish: undefined,
      error: undefined,
    });
  });

  it('ERR-56: drops half an event at its end', async () => {
    const half = sse(chunk({ content: ' more' })).slice(0, -1);
    expect(await readAll([[sse(...hello), half]])).toMatchObject({ text: 'Hello, 世界', finish: undefined });
  });

  it.each([
    ['a reset', [[sse(...hello, end)]], reset],
    ['an error of the host', [[sse(...hello, end, { error: { message: 'x' } })]], 'end'],
    ['what is no JSON', [[sse(...hello, end, '[DONE')]], 'end'],
  ] as const)(
    'T38: is complete after its finish reason, whatever comes then: %s',
    async (_, reads, ending) => {
      expect(await readAll(reads, ending)).toMatchObject({
        text: 'Hello, 世界',
        finish: 'stop',
        error: undefined,
      });
    },
  );

  it.each([
    ['a reset', [[sse(...hello)]], reset, { code: 'connection' }],
    [
      'an error of the host (ERR-54)',
      [[sse(...hello, { error: { message: 'x', code: 'rate_limit_exceeded' } })]],
      'end',
      { code: 'rate_limited' },
    ],
    ['V11: what is no JSON', [[sse(...hello, '{"choices":[{"delta"')]], 'end', { code: 'bad_response' }],
    [
      'a nameless call',
      [[sse(...hello, chunk({ tool_calls: [{ index: 0, id: 'a' }] }), end, '[DONE]')]],
      'end',
      { code: 'bad_response' },
    ],
  ] as const)('delivers what came before it breaks: %s', async (_, reads, ending, error) => {
    const read = await readAll(reads, ending);
    expect(read).toMatchObject({ text: 'Hello, 世界', finish: undefined });
    expect(read.error).toMatchObject({ name: 'ProviderError', ...error });
    expect(read.response.finished()).toBe(1);
  });

  const failing = (data: string): string => `event: error\ndata: ${data}\n\n`;

  it.each([
    ['a bare text', 'CUDA out of memory', 'server_error', /CUDA out of memory/],
    ['a bare text that means an overload', 'Service temporarily unavailable', 'overloaded', /unavailable/],
    ['a text in JSON', '"boom"', 'server_error', /internal error/],
    ['an object that is no error otherwise', '{"code":429,"reason":"busy"}', 'rate_limited', /rate limited/],
    ['OpenAI’s envelope', '{"error":{"message":"x","code":"overloaded"}}', 'overloaded', /x/],
    ['nothing', '', 'server_error', /internal error/],
  ])('ERR-54: breaks at an event that is named error: %s', async (_, data, code, message) => {
    const first = await readAll([[failing(data)]]);
    expect(first.error).toMatchObject({ name: 'ProviderError', code });
    expect(Object(first.error).message).toMatch(message);
    const later = await readAll([[sse(...hello), failing(data), sse(end)]]);
    expect(later).toMatchObject({ text: 'Hello, 世界', finish: undefined });
    expect(later.error).toMatchObject({ code });
    expect(later.response.finished()).toBe(1);
  });

  it('T38: an event that is named error takes nothing from an answer that is complete', async () => {
    expect(await readAll([[sse(...hello, end), failing('CUDA out of memory')]])).toMatchObject({
      text: 'Hello, 世界',
      finish: 'stop',
      error: undefined,
    });
  });

  it('V11: shows nothing of what is no JSON', async () => {
    const { error } = await readAll([[sse('{"secret-canary')]]);
    expect(error).toMatchObject({ code: 'bad_response', message: 'acme: the answer is not valid JSON' });
    expect(JSON.stringify(error)).not.toContain('canary');
  });

  it('B1: throws at once when there is nothing before it', async () => {
    const { read, response } = readerOf([[sse({ error: { message: 'x', code: 'overloaded' } })]], 'silence');
    await expect(read()).rejects.toMatchObject({ code: 'overloaded' });
    expect(response.finished()).toBe(1);
    expect(await read()).toBeUndefined();
  });

  it('B6: says nothing after an error', async () => {
    const { text, error } = await readAll([
      [sse(...hello, { error: 'x' }, chunk({ content: ' more' }), end)],
    ]);
    expect(text).toBe('Hello, 世界');
    expect(error).toBeDefined();
  });
});

describe('a body that is no stream', () => {
  it('is read as a whole answer', async () => {
    const text = JSON.stringify(completion({ content: 'Hello' }));
    const { batches, finish, response } = await readAll([[text.slice(0, 30)], [text.slice(30)]]);
    expect(batches).toHaveLength(1);
    expect([told(batches.flat()).text, finish]).toEqual(['Hello', 'stop']);
    expect(response.finished()).toBeGreaterThan(0);
  });

  it.each([
    ['N1: a page', '<!doctype html><title>502</title>', { code: 'bad_response', retryable: false }],
    ['N4: an error', '{"error":{"message":"x","code":"insufficient_quota"}}', { code: 'quota_exhausted' }],
    ['ERR-55: an error nobody knows', '{"error":{"message":"x"}}', { code: 'bad_response', retryable: true }],
    ['an error in a list', '[{"error":{"code":429,"message":"x"}}]', { code: 'rate_limited' }],
    ['T35: half of an answer', '{"id":"x","choices":[', { code: 'stream_truncated' }],
    ['V11: no JSON at all', '{"id":"x"}}', { code: 'bad_response' }],
    ['something else', '{"hello":"world"}', { code: 'bad_response' }],
  ])('is what it is: %s', async (_, body, error) => {
    const read = await readAll([[body]]);
    expect(read.error).toMatchObject({ name: 'ProviderError', ...error });
    expect(read.batches).toEqual([]);
    expect(read.response.finished()).toBeGreaterThan(0);
  });

  it('N7: is worth another call when it is empty', async () => {
    expect((await readAll([])).error).toMatchObject({ code: 'bad_response', retryable: true });
  });

  it('ends without a finish when it says nothing that anybody could read', async () => {
    expect(await readAll([['upstream connect error\n\n']])).toMatchObject({
      finish: undefined,
      error: undefined,
    });
  });

  it('breaks with its connection', async () => {
    expect((await readAll([['{"id":']], reset)).error).toBe(reset);
  });
});
