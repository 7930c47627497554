import { describe, expect, it } from 'vitest';
import { ProviderError } from '../../src/errors/index.ts';
import { LentBody } from '../../src/provider-kit/lent-body.ts';
import { RecordHeaders, type WireResponse } from '../../src/provider-kit/wire.ts';
import { failureOf } from '../contexts.ts';
import { bodyOf } from './loopback.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** An answer whose reads bring these, one after another; an error breaks it. */
function answerOf(...reads: readonly (readonly string[] | Error)[]) {
  const seen = { reads: 0, finished: 0 };
  const answer: WireResponse = {
    status: 200,
    headers: new RecordHeaders({ 'request-id': 'req_1' }),
    async read() {
      const read = reads[seen.reads++];
      if (read instanceof Error) throw read;
      return read?.map(bytes);
    },
    finish: () => {
      seen.finished++;
    },
  };
  return { answer, seen };
}

/** What an SDK makes of the body: the same in capitals, chunk by chunk. */
function shouting(body: ReadableStream<Uint8Array>): Response {
  const shout = new TransformStream<Uint8Array, Uint8Array>({
    transform: (chunk, out) => out.enqueue(bytes(new TextDecoder().decode(chunk).toUpperCase())),
  });
  return new Response(body.pipeThrough(shout), { headers: { 'request-id': 'lost' } });
}

/** A decoder that gives up where it cannot read on, or at an end that comes too early. */
function failing(body: ReadableStream<Uint8Array>, at: 'chunk' | 'end'): Response {
  const fail = (): never => {
    throw new Error('canary');
  };
  const hooks = at === 'chunk' ? { transform: fail } : { flush: fail };
  return new Response(body.pipeThrough(new TransformStream<Uint8Array, Uint8Array>(hooks)));
}

const { signal } = new AbortController();

describe('a body that was lent', () => {
  it('is read past an SDK that left it alone', async () => {
    const { answer, seen } = answerOf(['a', 'b'], ['c']);
    const lent = new LentBody(answer);
    const back = lent.takeBack('acme', new Response(lent.stream), signal);
    expect(back).toBe(answer);
    await new Promise((resolve) => setImmediate(resolve));
    expect(seen.reads).toBe(0);
    expect(await bodyOf(back)).toBe('abc');
  });

  it('is read as an SDK has rewritten it, with status and headers as they came', async () => {
    const lent = new LentBody(answerOf(['one ', 'two '], [''], ['three']).answer);
    const back = lent.takeBack('acme', shouting(lent.stream), signal);
    expect([back.status, back.headers.get('request-id')]).toEqual([200, 'req_1']);
    expect(await bodyOf(back)).toBe('ONE TWO THREE');
  });

  it('an SDK that looked at a copy does not take anything away', async () => {
    const lent = new LentBody(answerOf(['one'], ['two']).answer);
    const response = new Response(lent.stream);
    const copy = response.clone().text();
    expect(await bodyOf(lent.takeBack('acme', response, signal))).toBe('onetwo');
    expect(await copy).toBe('onetwo');
  });

  it('is let go of together with the answer, even in the middle of a read', async () => {
    const { answer, seen } = answerOf(['one']);
    const lent = new LentBody({ ...answer, read: () => new Promise(() => {}) });
    const back = lent.takeBack('acme', shouting(lent.stream), signal);
    void back.read();
    back.finish();
    expect(seen.finished).toBe(1);
  });
});

describe('a rewritten body that breaks', () => {
  it('on the way to us: the transport’s own error comes through, whatever the SDK makes of it', async () => {
    const reset = new ProviderError({ provider: 'acme', code: 'connection', message: 'reset' });
    const lent = new LentBody(answerOf(['one'], reset).answer);
    const hidden = lent.stream.pipeThrough(new TransformStream<Uint8Array, Uint8Array>());
    const back = lent.takeBack('acme', new Response(hidden), signal);
    expect(new TextDecoder().decode((await back.read())?.[0])).toBe('one');
    expect(await failureOf(back.read())).toBe(reset);
    expect(await failureOf(back.read())).toBe(reset);
  });

  it.each([
    ['chunk', 'bad_response'],
    ['end', 'stream_truncated'],
  ] as const)('in the hands of the SDK, at the %s: %s', async (at, code) => {
    const lent = new LentBody(answerOf(['one']).answer);
    const error = await failureOf(bodyOf(lent.takeBack('acme', failing(lent.stream, at), signal)));
    expect(error).toMatchObject({ name: 'ProviderError', provider: 'acme', code });
    expect(String(Object(error).message)).not.toContain('canary');
  });

  it('because the call is over: with the reason of that', async () => {
    const controller = new AbortController();
    const lent = new LentBody({ ...answerOf().answer, read: () => new Promise(() => {}) });
    const back = lent.takeBack('acme', shouting(lent.stream), controller.signal);
    const reading = failureOf(back.read());
    const reason = new Error('enough');
    controller.abort(reason);
    expect(await reading).toBe(reason);
  });
});
