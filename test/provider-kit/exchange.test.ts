import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import type { Dispatcher } from 'undici';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProviderError } from '../../src/errors/index.ts';
import { Exchange, StaleConnection } from '../../src/provider-kit/exchange.ts';

/** undici's side of an exchange, in the hands of the test. */
class Wire implements Dispatcher.DispatchController {
  paused = false;
  aborted = false;
  reason: Error | null = null;
  rawHeaders = null;
  rawTrailers = null;
  onResume: () => void = () => {};
  readonly exchange: Exchange;

  constructor(exchange: Exchange) {
    this.exchange = exchange;
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    if (!this.paused) return;
    this.paused = false;
    this.onResume();
  }

  /** Like undici's: the handler hears of its own abort. */
  abort(reason: Error): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    this.exchange.onResponseError(this, reason);
  }

  start(): this {
    this.exchange.onRequestStart(this);
    return this;
  }

  head(status = 200, headers: Record<string, string> = {}): this {
    this.exchange.onResponseStarted();
    this.exchange.onResponseStart(this, status, headers);
    return this;
  }

  data(bytes: number | string): this {
    const chunk = typeof bytes === 'string' ? new TextEncoder().encode(bytes) : new Uint8Array(bytes);
    this.exchange.onResponseData(this, chunk);
    return this;
  }

  end(): void {
    this.exchange.onResponseEnd();
  }

  fail(error: Error): void {
    this.exchange.onResponseError(this, error);
  }
}

const KIB = 1024;
const CANCELLED = new Error('cancelled by the test');

const exchangeWith = (signal: AbortSignal): Exchange =>
  new Exchange('acme', { url: 'http://x/', method: 'POST', headers: {}, signal });

function begin(): { controller: AbortController; exchange: Exchange; wire: Wire } {
  const controller = new AbortController();
  const exchange = exchangeWith(controller.signal);
  // Each test says what it expects of the head; the others must not trip over its rejection.
  exchange.head.catch(() => {});
  return { controller, exchange, wire: new Wire(exchange) };
}

const broken = (code: string, bytesRead?: number): Error =>
  Object.assign(new Error('broken'), { code }, bytesRead === undefined ? {} : { socket: { bytesRead } });

const sizes = (read: readonly Uint8Array[] | undefined): number[] | undefined =>
  read?.map(({ length }) => length);

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('the head', () => {
  it('resolves with status and headers as soon as they are in', async () => {
    const { exchange, wire } = begin();
    wire.start().head(429, { 'retry-after': '2' });
    const response = await exchange.head;
    expect(response.status).toBe(429);
    expect(response.headers.get('Retry-After')).toBe('2');
    wire.end();
  });

  it('T18: any number of interim responses before it count for nothing', async () => {
    const { exchange, wire } = begin();
    wire.start();
    for (let nth = 0; nth < 50; nth++) wire.head(103, { link: 'x' });
    wire.head(200).end();
    const response = await exchange.head;
    expect(response.status).toBe(200);
    expect(response.headers.get('link')).toBeNull();
  });

  it('rejects with what the network threw, in the house’s words', async () => {
    const { exchange, wire } = begin();
    wire.start().fail(broken('ECONNRESET'));
    await expect(exchange.head).rejects.toMatchObject({ code: 'connection', provider: 'acme' });
  });

  it('rejects when the request could not even start', async () => {
    const { exchange, wire } = begin();
    wire.fail(broken('ECONNREFUSED'));
    await expect(exchange.head).rejects.toMatchObject({ code: 'connection', retryable: false });
  });
});

describe('reading', () => {
  it('hands over what came since the last read, in one array', async () => {
    const { exchange, wire } = begin();
    wire.start().head().data(1).data(2).data(3);
    expect(sizes(await exchange.read())).toEqual([1, 2, 3]);
    wire.data(4);
    expect(sizes(await exchange.read())).toEqual([4]);
    wire.end();
    expect(await exchange.read()).toBeUndefined();
  });

  it('waits when nothing has come, and takes all of the network read that ends the wait', async () => {
    const { exchange, wire } = begin();
    wire.start().head();
    const read = exchange.read();
    wire.data(1).data(2);
    expect(sizes(await read)).toEqual([1, 2]);
    wire.end();
  });

  it('delivers what came before the end, and before a break', async () => {
    const ended = begin();
    ended.wire.start().head().data(1).end();
    expect(sizes(await ended.exchange.read())).toEqual([1]);
    expect(await ended.exchange.read()).toBeUndefined();
    expect(await ended.exchange.read()).toBeUndefined();

    const cut = begin();
    cut.wire.start().head().data(1).fail(broken('UND_ERR_SOCKET'));
    expect(sizes(await cut.exchange.read())).toEqual([1]);
    await expect(cut.exchange.read()).rejects.toMatchObject({ code: 'stream_truncated' });
  });

  it('a broken body stays broken, however often it is read', async () => {
    const { exchange, wire } = begin();
    wire.start().head().fail(broken('ECONNRESET'));
    await expect(exchange.read()).rejects.toMatchObject({ code: 'connection' });
    await expect(exchange.read()).rejects.toMatchObject({ code: 'connection' });
  });

  it.each([
    ['its end', (wire: Wire) => wire.end(), 'undefined'],
    ['a break', (wire: Wire) => wire.fail(broken('ECONNRESET')), 'connection'],
  ])('a waiting read hears of %s', async (_, happen, outcome) => {
    const { exchange, wire } = begin();
    wire.start().head();
    const read = exchange.read().then(String, (error: ProviderError) => error.code);
    happen(wire);
    expect(await read).toBe(outcome);
  });

  it('ignores what comes after the end', async () => {
    const { exchange, wire } = begin();
    wire.start().head().end();
    wire.fail(broken('ECONNRESET'));
    expect(await exchange.read()).toBeUndefined();
  });
});

describe('backpressure (E9)', () => {
  it('pauses the socket at 64 KiB unread, and goes on once they are taken', async () => {
    const { exchange, wire } = begin();
    wire
      .start()
      .head()
      .data(63 * KIB);
    expect(wire.paused).toBe(false);
    wire.data(KIB);
    expect(wire.paused).toBe(true);
    expect(sizes(await exchange.read())).toEqual([63 * KIB, KIB]);
    expect(wire.paused).toBe(false);
    wire.end();
  });

  it('does not pause for a reader that waits', async () => {
    const { exchange, wire } = begin();
    wire.start().head();
    const read = exchange.read();
    wire.data(80 * KIB);
    expect(wire.paused).toBe(false);
    expect(sizes(await read)).toEqual([80 * KIB]);
    wire.end();
  });

  it('keeps the order when the socket pushes at once as it resumes', async () => {
    const { exchange, wire } = begin();
    wire
      .start()
      .head()
      .data(64 * KIB);
    wire.onResume = () => wire.data(70 * KIB);
    expect(sizes(await exchange.read())).toEqual([64 * KIB]);
    expect(wire.paused).toBe(true);
    wire.onResume = () => {};
    expect(sizes(await exchange.read())).toEqual([70 * KIB]);
    wire.end();
    expect(await exchange.read()).toBeUndefined();
  });

  it('delivers every byte once and in order, and holds no more than the mark and one chunk', async () => {
    const steps = fc.array(fc.oneof(fc.integer({ min: 1, max: 40 * KIB }), fc.constant('read' as const)));
    await fc.assert(
      fc.asyncProperty(steps, async (plan) => {
        const { exchange, wire } = begin();
        wire.start().head();
        const sent: number[] = [];
        const got: number[] = [];
        let held = 0;
        for (const step of plan) {
          if (step !== 'read') {
            // A paused socket pushes nothing.
            if (wire.paused) continue;
            wire.data(step);
            sent.push(step);
            held += step;
            expect(held).toBeLessThan(64 * KIB + 40 * KIB);
          } else if (held > 0) {
            got.push(...(sizes(await exchange.read()) ?? []));
            held = 0;
          }
        }
        wire.end();
        for (let read = await exchange.read(); read; read = await exchange.read())
          got.push(...(sizes(read) ?? []));
        expect(got).toEqual(sent);
      }),
      { numRuns: 200 },
    );
  });
});

describe('the connect timer', () => {
  it('T2, T4: ends the wait for a connection, whatever it hangs on', async () => {
    const { exchange } = begin();
    exchange.armConnectTimer(5_000);
    await vi.advanceTimersByTimeAsync(4_999);
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    await expect(exchange.head).rejects.toMatchObject({ code: 'timeout', phase: 'connect' });
  });

  it('gives the request up that a late connection would still send', async () => {
    const { exchange, wire } = begin();
    exchange.armConnectTimer(5_000);
    await vi.advanceTimersByTimeAsync(5_000);
    wire.start();
    expect(wire.aborted).toBe(true);
    await expect(exchange.head).rejects.toMatchObject({ code: 'timeout' });
  });

  it('is off once the request is on its way', async () => {
    const { exchange, wire } = begin();
    exchange.armConnectTimer(5_000);
    wire.start();
    expect(vi.getTimerCount()).toBe(0);
    await vi.advanceTimersByTimeAsync(60_000);
    wire.head().end();
    await expect(exchange.head).resolves.toBe(exchange);
  });

  it('is never armed when a connection was free, or the request refused', () => {
    const free = begin();
    free.wire.start();
    free.exchange.armConnectTimer(5_000);
    expect(vi.getTimerCount()).toBe(0);
    free.wire.end();

    const refused = begin();
    refused.wire.fail(broken('UND_ERR_INVALID_ARG'));
    refused.exchange.armConnectTimer(5_000);
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([
    ['the connection fails', (wire: Wire) => wire.fail(broken('ECONNREFUSED'))],
    ['the signal fires', (_: Wire, controller: AbortController) => controller.abort(CANCELLED)],
  ])('is off once %s', (_, happen) => {
    const { controller, exchange, wire } = begin();
    exchange.armConnectTimer(5_000);
    happen(wire, controller);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('the signal', () => {
  it('before a connection stands: rejects with the reason, and sends nothing later', async () => {
    const { controller, exchange, wire } = begin();
    controller.abort(CANCELLED);
    await expect(exchange.head).rejects.toBe(CANCELLED);
    wire.start();
    expect(wire.aborted).toBe(true);
  });

  it('before the head: rejects with the reason, and cuts the connection', async () => {
    const { controller, exchange, wire } = begin();
    wire.start();
    controller.abort(CANCELLED);
    expect(wire.aborted).toBe(true);
    await expect(exchange.head).rejects.toBe(CANCELLED);
  });

  it('in the body: a waiting read rejects with the reason, and so does every other', async () => {
    const { controller, exchange, wire } = begin();
    wire.start().head();
    const read = exchange.read();
    controller.abort(CANCELLED);
    await expect(read).rejects.toBe(CANCELLED);
    await expect(exchange.read()).rejects.toBe(CANCELLED);
    expect(wire.aborted).toBe(true);
  });

  it('in the body: what lies unread is not delivered any more', async () => {
    const { controller, exchange, wire } = begin();
    wire.start().head().data(1);
    controller.abort(CANCELLED);
    await expect(exchange.read()).rejects.toBe(CANCELLED);
  });

  it('keeps its reason when that is no error', async () => {
    const { controller, exchange } = begin();
    controller.abort('gone');
    await expect(exchange.head).rejects.toBe('gone');
  });

  it('after the end: changes nothing', async () => {
    const { controller, exchange, wire } = begin();
    wire.start().head().data(1).end();
    controller.abort(CANCELLED);
    expect(sizes(await exchange.read())).toEqual([1]);
    expect(await exchange.read()).toBeUndefined();
    expect(wire.aborted).toBe(false);
  });

  it.each<[string, (wire: Wire, controller: AbortController) => void]>([
    ['an end', (wire) => wire.start().head().end()],
    ['a break', (wire) => wire.start().fail(broken('ECONNRESET'))],
    ['an abort', (_, controller) => controller.abort(CANCELLED)],
    [
      'finish',
      (wire) => {
        wire.start().head();
        wire.exchange.finish();
        wire.end();
      },
    ],
  ])('has no listener left after %s (S0)', (_, happen) => {
    const { controller, wire } = begin();
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
    happen(wire, controller);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  });
});

describe('finish', () => {
  it('leaves a body that ends within the grace its connection', async () => {
    const { exchange, wire } = begin();
    wire.start().head().data(1);
    exchange.finish();
    await vi.advanceTimersByTimeAsync(90);
    wire.data(2).end();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(wire.aborted).toBe(false);
  });

  it('T39: cuts a body that does not', async () => {
    const { exchange, wire } = begin();
    wire.start().head();
    exchange.finish();
    await vi.advanceTimersByTimeAsync(99);
    expect(wire.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(wire.aborted).toBe(true);
  });

  it('drops what still comes, without ever pausing for it', async () => {
    const { exchange, wire } = begin();
    wire.start().head();
    exchange.finish();
    for (let nth = 0; nth < 100; nth++) wire.data(64 * KIB);
    expect(wire.paused).toBe(false);
    wire.end();
    expect(await exchange.read()).toBeUndefined();
  });

  it('resumes a paused socket, for only then can the body end', () => {
    const { exchange, wire } = begin();
    wire
      .start()
      .head()
      .data(64 * KIB);
    wire.onResume = () => wire.end();
    exchange.finish();
    expect(wire.paused).toBe(false);
    expect(wire.aborted).toBe(false);
  });

  it('ends a read that waits, and every later one', async () => {
    const { exchange, wire } = begin();
    wire.start().head();
    const read = exchange.read();
    exchange.finish();
    expect(await read).toBeUndefined();
    expect(await exchange.read()).toBeUndefined();
    wire.end();
  });

  it('does nothing the second time, and nothing after an end, a break or an abort', () => {
    const { exchange, wire } = begin();
    wire.start().head();
    exchange.finish();
    exchange.finish();
    expect(vi.getTimerCount()).toBe(1);
    wire.end();
    exchange.finish();

    const failed = begin();
    failed.wire.start().head().fail(broken('ECONNRESET'));
    failed.exchange.finish();

    const aborted = begin();
    aborted.wire.start().head();
    aborted.controller.abort(CANCELLED);
    aborted.exchange.finish();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is not interrupted by the signal: the connection may still be of use', () => {
    const { controller, exchange, wire } = begin();
    wire.start().head();
    exchange.finish();
    controller.abort(CANCELLED);
    expect(wire.aborted).toBe(false);
    wire.end();
  });
});

describe('T25: a stale connection', () => {
  it.each([
    ['closed by a FIN', broken('UND_ERR_SOCKET', 4_096)],
    ['closed by a RST', broken('ECONNRESET', 1)],
  ])('is one that had served others and died before a byte of this answer: %s', async (_, error) => {
    const { exchange, wire } = begin();
    wire.start().fail(error);
    const failure = await exchange.head.catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(StaleConnection);
    // Should it ever get out, it is an ordinary failure.
    expect(failure).toBeInstanceOf(ProviderError);
    expect(failure).toMatchObject({ code: 'connection', provider: 'acme' });
  });

  it.each<[string, (wire: Wire) => void]>([
    ['a new connection', (wire) => wire.start().fail(broken('UND_ERR_SOCKET', 0))],
    ['an error that tells no socket', (wire) => wire.start().fail(broken('ECONNRESET'))],
    [
      'a socket that tells nothing',
      (wire) => wire.start().fail(Object.assign(broken('X'), { socket: null })),
    ],
    [
      'a socket that tells nonsense',
      (wire) => wire.start().fail(Object.assign(broken('X'), { socket: { bytesRead: '9' } })),
    ],
    [
      'T15: half a head',
      (wire) => {
        wire.start().exchange.onResponseStarted();
        wire.fail(broken('UND_ERR_SOCKET', 30));
      },
    ],
    ['an interim response', (wire) => wire.start().head(103).fail(broken('UND_ERR_SOCKET', 30))],
  ])('is not: %s', async (_, happen) => {
    const { exchange, wire } = begin();
    happen(wire);
    const failure = await exchange.head.catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(ProviderError);
    expect(failure).not.toBeInstanceOf(StaleConnection);
  });

  it('nor is an answer that breaks after its head', async () => {
    const { exchange, wire } = begin();
    wire.start().head().fail(broken('UND_ERR_SOCKET', 4_096));
    await expect(exchange.read()).rejects.toMatchObject({ code: 'stream_truncated' });
  });
});
