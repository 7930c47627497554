import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Batch, ProviderError } from '../../../src/provider-kit/index.ts';
import { messageReader } from '../../../src/providers/anthropic/message-reader.ts';
import { failureOf } from '../../contexts.ts';
import { cutAt, type Read, responseOf, utf8 } from '../../provider-kit/script-response.ts';
import { streamedMessage } from './decode/arbitrary-message.ts';
import { reducerWith, told, type WireEvent, wire } from './wire.ts';

const context = { provider: 'claude', model: 'claude-test', created: 1_700_000_000 };

const sse = (...events: readonly WireEvent[]): string =>
  events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');

const answer = [wire.start(), ...wire.text(0, 'Once ', 'upon'), ...wire.end('end_turn')];
const whole = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-test',
  content: [{ type: 'text', text: 'Once upon' }],
  stop_reason: 'end_turn',
  usage: { input_tokens: 3, output_tokens: 7 },
};

/** A reader over given network reads. */
function readerOf(reads: readonly Read[], ending: 'end' | 'silence' | Error = 'end') {
  const response = responseOf(reads, ending);
  const reader = messageReader(response, reducerWith(context), context);
  const read = async (): Promise<Batch | undefined> => {
    const { value, done } = await reader.next();
    return done ? undefined : value;
  };
  return { read, response };
}

/** Reads to the end, or to whatever breaks. */
async function readAll(
  reads: readonly Read[],
  ending: 'end' | Error = 'end',
): Promise<{ batches: Batch[]; text: string; finish: string | undefined; error: unknown }> {
  const { read } = readerOf(reads, ending);
  const batches: Batch[] = [];
  let error: unknown;
  try {
    for (let batch = await read(); batch; batch = await read()) batches.push(batch);
  } catch (thrown) {
    error = thrown;
  }
  const { text, finish } = told(batches.flat());
  return { batches, text, finish, error };
}

describe('a stream', () => {
  it('STR-17 BUG-90: is understood without event names', async () => {
    const unnamed = answer.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');
    expect(await readAll([[unnamed]])).toMatchObject({ text: 'Once upon', finish: 'stop', error: undefined });
  });

  it('STR-17: is kept alive by pings, also where nothing else comes', async () => {
    const ping = sse({ type: 'ping' });
    const { batches, text } = await readAll([
      [ping],
      [sse(...answer.slice(0, 2))],
      [ping],
      [sse(...answer.slice(2))],
    ]);
    expect(batches.map(({ length }) => length > 0)).toEqual([false, true, false, true]);
    expect(text).toBe('Once upon');
  });

  it.each([
    ['a bare text', 'upstream gone', 'server_error'],
    ['a bare text that means an overload', 'The model is overloaded.', 'overloaded'],
    ['an error without its type', '{"error":{"type":"rate_limit_error","message":"x"}}', 'rate_limited'],
    ['the API’s own', '{"type":"error","error":{"type":"overloaded_error","message":"x"}}', 'overloaded'],
  ])('ERR-36: breaks at an event that is named error, whatever its data: %s', async (_, data, code) => {
    const { text, finish, error } = await readAll([
      [sse(...answer.slice(0, 3)), `event: error\ndata: ${data}\n\n`],
    ]);
    expect([text, finish]).toEqual(['Once ', undefined]);
    expect(error).toMatchObject({ name: 'ProviderError', code });
  });

  it('STR-26: is read no further than it is asked for', async () => {
    const pieces = answer.map((event): Read => [sse(event)]);
    const { read, response } = readerOf(pieces, 'silence');
    for (let reads = 1; reads <= 4; reads++) {
      await read();
      await new Promise((resolve) => setImmediate(resolve));
      expect(response.pulls()).toBe(reads);
    }
  });

  it('BUG-92: is the same where lines end in CR LF and are cut in between', async () => {
    const bytes = utf8(sse(...answer).replaceAll('\n', '\r\n'));
    for (let at = 1; at < bytes.length; at++) {
      const { text, finish } = await readAll(cutAt(bytes, [at]).map((piece) => [piece]));
      expect([at, text, finish]).toEqual([at, 'Once upon', 'stop']);
    }
  });

  it('BUG-92: tells nothing of events that are not known yet', async () => {
    const future = sse({ type: 'message_pause', until: 'later' }, { type: 'telemetry' });
    const reads: Read[] = [[sse(...answer.slice(0, 3)) + future], [future + sse(...answer.slice(3))]];
    expect(await readAll(reads)).toMatchObject({ text: 'Once upon', finish: 'stop', error: undefined });
  });

  it('is told read by read', async () => {
    const [first, second] = [sse(...answer.slice(0, 3)), sse(...answer.slice(3))];
    const { batches, text, finish } = await readAll([[first], [second]]);
    expect(batches.map((batch) => told(batch).text)).toEqual(['Once ', 'upon']);
    expect([text, finish]).toEqual(['Once upon', 'stop']);
  });

  it('is told as an empty batch where a read completed no event: it keeps the idle timer quiet', async () => {
    const all = sse(...answer);
    const { batches } = await readAll([
      [': hello\n\n'],
      [all.slice(0, 20)],
      [all.slice(20, 40)],
      [all.slice(40)],
    ]);
    expect(batches.slice(0, 3)).toEqual([[], [], []]);
    expect(told(batches.flat()).text).toBe('Once upon');
  });

  it('TH-18 has a batch for each read of hidden reasoning between tools, so that silence is no stall', async () => {
    const reads = [
      [wire.start(), ...wire.tool(0, 'toolu_1', 'look', '{}')],
      [wire.block(1, { type: 'thinking', thinking: '', signature: '' })],
      [wire.delta(1, { type: 'thinking_delta', thinking: 'hm' })],
      [wire.delta(1, { type: 'signature_delta', signature: 'sig' })],
      [wire.stopBlock(1), ...wire.tool(2, 'toolu_2', 'look', '{}'), ...wire.end('tool_use')],
    ];
    const { batches, finish, error } = await readAll(reads.map((events) => [sse(...events)]));
    expect(batches.map((batch) => told(batch).reasoning)).toEqual(['', '', '', '', '']);
    expect(batches.slice(1, 4)).toEqual([[], [], []]);
    expect(told(batches.flat()).blocks).toEqual([{ type: 'thinking', thinking: 'hm', signature: 'sig' }]);
    expect([finish, error]).toEqual(['tool_calls', undefined]);
  });

  it.each([
    ['white space', '\n \n'],
    ['a byte order mark', '\uFEFF'],
    ['a comment', ':\n\n'],
  ])('may begin with %s', async (_, first) => {
    expect(await readAll([[first], [sse(...answer)]])).toMatchObject({ text: 'Once upon', error: undefined });
  });

  it('INV-1: is the same however its bytes are cut', async () => {
    const bytes = utf8(sse(...answer));
    for (let at = 1; at < bytes.length; at++) {
      const cut = await readAll(cutAt(bytes, [at]).map((piece) => [piece]));
      expect([at, cut.text, cut.finish]).toEqual([at, 'Once upon', 'stop']);
    }
  });

  it('is over with its end event: nothing more is read (T39)', async () => {
    const { read, response } = readerOf([[sse(...answer)]], 'silence');
    expect(told((await read()) ?? []).finish).toBe('stop');
    expect(await read()).toBeUndefined();
    expect(response.pulls()).toBe(1);
    expect(response.finished()).toBe(1);
  });

  it('that ends before its stop reason just ends: the pool says what that means', async () => {
    const cut = await readAll([[sse(...answer.slice(0, 3))]]);
    expect(cut).toMatchObject({ text: 'Once ', finish: undefined, error: undefined });
  });

  it('STR-19: that ends after its stop reason is complete', async () => {
    expect(await readAll([[sse(...answer.slice(0, -1))]])).toMatchObject({ finish: 'stop' });
  });
});

describe('a stream that breaks', () => {
  const broken = new ProviderError({ provider: 'claude', code: 'connection', message: 'reset' });

  it('rejects with what broke it', async () => {
    const cut = await readAll([[sse(...answer.slice(0, 3))]], broken);
    expect(cut).toMatchObject({ text: 'Once ', finish: undefined });
    expect(cut.error).toBe(broken);
  });

  it('T38: after its stop reason it is complete', async () => {
    const cut = await readAll([[sse(...answer.slice(0, -1))]], broken);
    expect(cut).toMatchObject({ text: 'Once upon', finish: 'stop', error: undefined });
  });

  it('STR-20: delivers what came before the fault in the same read, then throws, once, and lets go', async () => {
    const error = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
    const { read, response } = readerOf([[sse(...answer.slice(0, 3)) + sse(error)]], 'silence');
    expect(told((await read()) ?? []).text).toBe('Once ');
    expect(await failureOf(read())).toMatchObject({ code: 'overloaded' });
    expect(await read()).toBeUndefined();
    expect(response.pulls()).toBe(1);
    expect(response.finished()).toBeGreaterThan(0);
  });

  it('throws at once when nothing came before the fault', async () => {
    const error = { type: 'error', error: { type: 'api_error', message: 'oops' } };
    const { read, response } = readerOf([[sse(error)]], 'silence');
    expect(await failureOf(read())).toMatchObject({
      code: 'server_error',
      provider: 'claude',
      model: 'claude-test',
    });
    expect(response.finished()).toBe(1);
    expect(await read()).toBeUndefined();
  });

  it('V11: does not quote what cannot be parsed', async () => {
    const { error, text } = await readAll([[sse(...answer.slice(0, 3)), 'data: {"canary\n\n']]);
    expect(error).toMatchObject({ code: 'bad_response', message: expect.stringContaining('not valid JSON') });
    expect(`${error} ${JSON.stringify(error)}`).not.toContain('canary');
    expect(text).toBe('Once ');
  });

  it('fails for good when one event is larger than any', async () => {
    const { read } = readerOf([[sse(...answer.slice(0, 3))], [`data: ${'x'.repeat(65 * 1024 * 1024)}`]]);
    await read();
    expect(await failureOf(read())).toMatchObject({ code: 'bad_response' });
  });
});

describe('a body that is no stream', () => {
  const json = JSON.stringify(whole);

  it.each([
    ['in one read', [[json]]],
    ['in many', cutAt(utf8(json), [1, 5, 30, 31]).map((piece) => [piece])],
    ['behind white space', [[`\n ${json}\n`]]],
    ['behind a byte order mark', [[`\uFEFF${json}`]]],
  ] as [string, Read[]][])('is a whole message: %s', async (_, reads) => {
    const { batches, text, finish, error } = await readAll(reads);
    expect(error).toBeUndefined();
    expect([batches.length, text, finish]).toEqual([1, 'Once upon', 'stop']);
    expect(told(batches.flat()).usage).toMatchObject({ inputTokens: 3, outputTokens: 7 });
  });

  it('is read once: then it is over', async () => {
    const { read, response } = readerOf([[json]]);
    await read();
    const pulls = response.pulls();
    expect(await read()).toBeUndefined();
    expect(response.pulls()).toBe(pulls);
  });

  it.each([
    ['N1 a web page', [['<!doctype html><p>canary']], 'bad_response', 'a web page', undefined],
    ['N7 STR-17 nothing', [], 'bad_response', 'the answer is empty', true],
    ['T35 half a message', [[json.slice(0, 50)]], 'stream_truncated', 'ends in the middle', undefined],
    ['V11 no JSON at all', [[`${json}}`]], 'bad_response', 'not valid JSON', undefined],
    ['N3 another JSON', [['{"canary":1}']], 'bad_response', 'not a message', undefined],
    ['FIN-11 a message without an end', [[JSON.stringify({ ...whole, stop_reason: null })]], 'bad_response'],
    [
      'ERR-55 an error',
      [[JSON.stringify({ type: 'error', error: { type: 'overloaded_error', message: 'busy' } })]],
      'overloaded',
    ],
    [
      'N4 an error of another house',
      [[JSON.stringify({ error: { message: 'oops', type: 'server_error' } })]],
      'server_error',
    ],
  ] as [string, Read[], string, string?, boolean?][])(
    '%s is what it is',
    async (_, reads, code, message = '', retryable) => {
      const { batches, error } = await readAll(reads);
      expect(batches).toEqual([]);
      expect(error).toMatchObject({ code, message: expect.stringContaining(message) });
      expect(`${error} ${JSON.stringify(error)}`).not.toContain('canary');
      if (retryable !== undefined) expect(error).toMatchObject({ retryable });
    },
  );

  it('that breaks is no message', async () => {
    const broken = new ProviderError({ provider: 'claude', code: 'connection', message: 'reset' });
    expect((await readAll([[json.slice(0, 50)]], broken)).error).toBe(broken);
  });
});

it('T-8, INV-4: tells the same of a message whole and streamed, cut anywhere', async () => {
  await fc.assert(
    fc.asyncProperty(streamedMessage, fc.array(fc.nat(5_000)), async ({ message, events }, places) => {
      const streamed = await readAll(cutAt(utf8(sse(...events)), places).map((piece) => [piece]));
      const json = await readAll(cutAt(utf8(JSON.stringify(message)), places).map((piece) => [piece]));
      expect(streamed.error).toBeUndefined();
      const [one, other] = [streamed, json].map(({ batches }) => told(batches.flat()));
      expect(one).toEqual(other);
    }),
    { numRuns: 200 },
  );
});
