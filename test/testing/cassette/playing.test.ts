import { getEventListeners } from 'node:events';
import { virtualClock } from 'runestone/testing';
import { describe, expect, it } from 'vitest';
import { played } from '../../../src/testing/cassette/playing.ts';
import type { Exchange, TapedEnd } from '../../../src/testing/cassette/tape.ts';
import { failureOf } from '../../contexts.ts';

const exchange = (end: TapedEnd, ...chunks: Exchange['chunks']): Exchange => ({
  request: { method: 'POST', path: '/', headers: {} },
  response: { status: 202, headers: { 'request-id': 'r1' } },
  chunks,
  end,
});

function player(factor = 0) {
  const clock = virtualClock();
  const controller = new AbortController();
  const init = { method: 'POST', headers: {}, signal: controller.signal, redirect: 'manual' as const };
  return { clock, controller, play: (what: Exchange) => played(what, init, { factor, wait: clock.wait }) };
}

describe('what is played', () => {
  it('is head and reads as they were', async () => {
    const { play } = player();
    const response = await play(exchange('eof', [1, 'Grü'], [2, { base64: 'w58=' }], [500, 'e']));
    expect([response.status, response.headers.get('request-id')]).toEqual([202, 'r1']);
    const reads: string[] = [];
    for await (const bytes of response.body ?? []) reads.push(new TextDecoder().decode(bytes));
    expect(reads).toEqual(['Grü', 'ß', 'e']);
  });

  it('is an answer without a body', async () => {
    const response = await player().play({ ...exchange('eof'), response: { status: 204, headers: {} } });
    expect([response.status, response.body]).toEqual([204, null]);
  });

  it.each<[TapedEnd, RegExp]>([
    ['broken', /terminated/],
    ['left', /whoever recorded this left here/],
  ])('never looks complete where it was %s', async (end, message) => {
    const response = await player().play(exchange(end, [1, 'one']));
    const reader = response.body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('one');
    await expect(reader?.read()).rejects.toThrow(message);
  });

  it('fails as Node’s `fetch` does', async () => {
    const { response: _, ...headless } = exchange({ failed: 'ECONNREFUSED' });
    const error = await failureOf(player().play(headless));
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  });

  it('is silent where it was aborted before the head, until it is again', async () => {
    const { response: _, ...headless } = exchange({ failed: 'aborted' });
    const { play, controller } = player();
    const failing = failureOf(play(headless));
    controller.abort('enough');
    expect(await failing).toBe('enough');
    expect(await failureOf(play(exchange('eof')))).toBe('enough');
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  });

  it('takes the time it took, or more, or less', async () => {
    for (const [factor, total] of [
      [1, 500],
      [2, 1_000],
    ] as const) {
      const { play, clock } = player(factor);
      let text = '';
      const reading = (await play(exchange('eof', [100, 'a'], [500, 'b']))).text().then((all) => {
        text = all;
      });
      await clock.advance(total - 1);
      expect(text).toBe('');
      await clock.advance(1);
      await reading;
      expect(text).toBe('ab');
    }
  });

  it('ends when it is aborted while it waits', async () => {
    const { play, controller, clock } = player(1);
    const reading = failureOf((await play(exchange('eof', [100, 'a'], [500, 'b']))).text());
    await clock.advance(200);
    controller.abort(new Error('enough'));
    expect(await reading).toEqual(new Error('enough'));
    expect(clock.pending).toEqual([]);
  });
});
