import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Emitter } from '../../src/telemetry/emitter.ts';
import type { AnyTelemetryEvent, Subscription, TelemetryEvents } from '../../src/telemetry/events.ts';
import { frozenCopy } from '../../src/telemetry/frozen-copy.ts';

const NOW = 1_790_000_000_000;
const base = { requestId: 'req_1', at: NOW } as const;
const attempt = (provider: string) => ({
  ...base,
  ...{ provider, model: 'm', target: `${provider}/m`, attempt: 1 },
});
const stop = (provider = 'anthropic'): TelemetryEvents['provider.request.stop'] => ({
  ...attempt(provider),
  ...{ outcome: 'ok', precision: 'unknown', durationMs: 5 },
});
const failover: TelemetryEvents['failover'] = { ...base, from: 'a/m', to: 'b/m', code: 'timeout' };
const failed = (emitter: Emitter): TelemetryEvents['telemetry.listener_failed'][] => {
  const heard: TelemetryEvents['telemetry.listener_failed'][] = [];
  emitter.on('telemetry.listener_failed', (event) => heard.push(event));
  return heard;
};
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

let emitter: Emitter;
const unhandled: unknown[] = [];
const note = (reason: unknown): void => void unhandled.push(reason);

beforeEach(() => {
  emitter = new Emitter(() => NOW);
  unhandled.length = 0;
  process.on('unhandledRejection', note);
});
afterEach(async () => {
  await settled();
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
});

describe('on', () => {
  it('hears the payload together with its name', () => {
    const heard: unknown[] = [];
    emitter.on('failover', (event) => heard.push(event));
    emitter.emit('failover', failover);
    expect(heard).toEqual([{ ...failover, name: 'failover' }]);
  });

  const audience: readonly (readonly [Subscription, readonly string[]])[] = [
    ['*', ['request.start', 'provider.request.stop:anthropic', 'provider.request.stop:my.host', 'failover']],
    ['failover', ['failover']],
    ['request.start', ['request.start']],
    ['provider.request.stop', ['provider.request.stop:anthropic', 'provider.request.stop:my.host']],
    ['provider.anthropic.request.stop', ['provider.request.stop:anthropic']],
    ['provider.my.host.request.stop', ['provider.request.stop:my.host']],
    ['provider.host.request.stop', []],
    ['provider.my.request.stop', []],
    ['provider.anthropic.request.start', []],
    ['circuit_breaker.open', []],
  ];

  it.each(audience)('%s hears %j', (subscription, expected) => {
    const heard: string[] = [];
    emitter.on(subscription, (event: AnyTelemetryEvent) => {
      heard.push(event.name + (event.name === 'provider.request.stop' ? `:${event.provider}` : ''));
    });
    emitter.emit('request.start', { ...base, operation: 'chat', requestedModel: undefined, stream: false });
    emitter.emit('provider.request.stop', stop('anthropic'));
    emitter.emit('provider.request.stop', stop('my.host'));
    emitter.emit('failover', failover);
    expect(heard).toEqual(expected);
  });

  it('calls listeners in the order in which they subscribed, however they did', () => {
    const order: number[] = [];
    emitter.on('provider.anthropic.request.stop', () => order.push(1));
    emitter.on('*', () => order.push(2));
    emitter.on('provider.request.stop', () => order.push(3));
    emitter.on('*', () => order.push(4));
    emitter.on('provider.anthropic.request.stop', () => order.push(5));
    emitter.emit('provider.request.stop', stop());
    expect(order).toEqual([1, 2, 3, 4, 5]);
  });

  it('takes one function twice as two subscriptions', () => {
    let calls = 0;
    const listener = (): void => void calls++;
    const off = emitter.on('failover', listener);
    emitter.on('failover', listener);
    emitter.emit('failover', failover);
    off();
    emitter.emit('failover', failover);
    expect(calls).toBe(3);
  });

  it('returns what ends the subscription, once and for all', () => {
    const heard: string[] = [];
    const off = emitter.on('failover', () => heard.push('first'));
    emitter.on('failover', () => heard.push('second'));
    off();
    off();
    emitter.emit('failover', failover);
    expect(heard).toEqual(['second']);
  });

  it('does not hand out its own parts as `this`', () => {
    let self: unknown = 'untouched';
    emitter.on('failover', function (this: unknown) {
      self = this;
    });
    emitter.emit('failover', failover);
    expect(self).toBeUndefined();
  });

  it('works when passed along without its object', () => {
    const { emit } = emitter;
    let calls = 0;
    emitter.on('failover', () => calls++);
    emit('failover', failover);
    expect([calls, emit.wants('failover')]).toEqual([1, true]);
  });
});

describe('wants', () => {
  it.each<[Subscription, boolean, boolean]>([
    ['*', true, true],
    ['provider.request.stop', true, false],
    ['provider.anthropic.request.stop', true, false],
    ['failover', false, true],
    ['provider.anthropic.error', false, false],
  ])(
    'with a listener to %s is %s for provider.request.stop and %s for failover',
    (subscription, first, second) => {
      expect(emitter.emit.wants('provider.request.stop')).toBe(false);
      const off = emitter.on(subscription, () => {});
      expect(emitter.emit.wants('provider.request.stop')).toBe(first);
      expect(emitter.emit.wants('failover')).toBe(second);
      off();
      expect(emitter.emit.wants('provider.request.stop')).toBe(false);
      expect(emitter.emit.wants('failover')).toBe(false);
    },
  );

  it('spares the payload when nobody listens: it is not even read', () => {
    const untouchable = new Proxy(stop(), {
      get: () => expect.unreachable('read'),
      ownKeys: () => expect.unreachable('listed'),
    });
    emitter.emit('provider.request.stop', untouchable);
    emitter.on('failover', () => {});
    emitter.emit('provider.request.stop', untouchable);
  });

  it('spares the copy when the only listeners are those of other providers', () => {
    emitter.on('provider.groq.request.stop', () => expect.unreachable('not mine'));
    const uncopyable = new Proxy(stop(), { ownKeys: () => expect.unreachable('copied') });
    emitter.emit('provider.request.stop', uncopyable);
  });
});

describe('a payload', () => {
  const usage = frozenCopy({ inputTokens: 10, serverTools: { webSearchRequests: 1 } });

  it('cannot be changed by a listener, at any depth, when its parts are frozen (H6)', () => {
    const candidates = Object.freeze(['a/m']);
    const seen: unknown[] = [];
    emitter.on('*', (event) => {
      for (const change of [
        () => Reflect.set(event, 'at', 0),
        () => 'usage' in event && event.usage && Reflect.set(event.usage, 'inputTokens', 0),
        () =>
          'usage' in event &&
          event.usage?.serverTools &&
          Reflect.set(event.usage.serverTools, 'webSearchRequests', 0),
        () => 'candidates' in event && Reflect.set(event.candidates, 1, 'evil/m'),
        () => Reflect.deleteProperty(event, 'requestId'),
      ]) {
        expect(change()).toBe(false);
      }
    });
    emitter.on('*', (event) => seen.push(event));
    emitter.emit('provider.request.stop', { ...stop(), usage });
    emitter.emit('router.decide', {
      ...base,
      requestedModel: 'm',
      candidates,
      excluded: [],
      strategy: 'priority',
    });
    expect(seen).toEqual([
      { ...stop(), usage, name: 'provider.request.stop' },
      {
        ...base,
        requestedModel: 'm',
        candidates: ['a/m'],
        excluded: [],
        strategy: 'priority',
        name: 'router.decide',
      },
    ]);
    expect([usage.inputTokens, candidates]).toEqual([10, ['a/m']]);
    expect(emitter.listenerFailures).toBe(0);
  });

  it('is one object for all listeners', () => {
    const seen: unknown[] = [];
    emitter.on('failover', (event) => seen.push(event));
    emitter.on('*', (event) => seen.push(event));
    emitter.emit('failover', failover);
    expect(seen[0]).toBe(seen[1]);
  });
});

describe('a failing listener', () => {
  const boom = new Error('boom');
  const fail = (error: unknown): never => {
    throw error;
  };
  /** A promise of some other library. */
  const foreign = (then: PropertyDescriptor): object => Object.defineProperty({}, 'then', then);

  const throwables: readonly (readonly [string, unknown, string])[] = [
    ['an Error', new Error('boom'), 'boom'],
    ['a string', 'boom', 'boom'],
    ['undefined', undefined, 'undefined'],
    ['a null-prototype object', Object.create(null), 'an error without a readable message'],
    [
      'an Error whose message throws',
      Object.defineProperty(new Error('x'), 'message', {
        get: () => {
          throw new Error('y');
        },
      }),
      'an error without a readable message',
    ],
    [
      'an Error whose message is no text',
      Object.defineProperty(new Error('x'), 'message', { value: 7 }),
      'an error without a readable message',
    ],
    ['a very long message', new Error('x'.repeat(5_000)), 'x'.repeat(200)],
  ];

  it.each(throwables)('that throws %s is told about, and nobody else notices (H1)', (_, thrown, message) => {
    const told = failed(emitter);
    const heard: string[] = [];
    emitter.on('failover', () => heard.push('before'));
    emitter.on('failover', () => {
      throw thrown;
    });
    emitter.on('failover', () => heard.push('after'));
    expect(() => emitter.emit('failover', failover)).not.toThrow();
    expect(heard).toEqual(['before', 'after']);
    expect(told).toEqual([{ name: 'telemetry.listener_failed', at: NOW, event: 'failover', message }]);
  });

  it.each<[string, () => unknown]>([
    ['a rejecting promise', () => Promise.reject(new Error('boom'))],
    [
      'an async function',
      async () => {
        throw new Error('boom');
      },
    ],
    [
      'a rejecting thenable',
      () => foreign({ value: (_: unknown, reject: (error: Error) => void) => reject(boom) }),
    ],
    ['a thenable that throws', () => foreign({ value: () => fail(boom) })],
    ['a throwing `then`', () => foreign({ get: () => fail(boom) })],
  ])('that returns %s causes no unhandled rejection (H2)', async (_, listener) => {
    const told = failed(emitter);
    emitter.on('failover', listener);
    emitter.emit('failover', failover);
    await settled();
    expect(told.map(({ message }) => message)).toEqual(['boom']);
    expect(emitter.listenerFailures).toBe(1);
  });

  it('that never settles is not waited for (H4)', async () => {
    emitter.on('failover', () => new Promise(() => {}));
    for (let turn = 0; turn < 1_000; turn++) emitter.emit('failover', failover);
    await settled();
    expect(emitter.listenerFailures).toBe(0);
  });

  it('is counted each time, and told once for each event name', () => {
    const told = failed(emitter);
    emitter.on('*', (event) => {
      if (event.name !== 'telemetry.listener_failed') throw new Error(event.name);
    });
    for (let turn = 0; turn < 3; turn++) {
      emitter.emit('failover', failover);
      emitter.emit('provider.request.stop', stop());
    }
    expect(told.map(({ event }) => event)).toEqual(['failover', 'provider.request.stop']);
    expect(emitter.listenerFailures).toBe(6);
  });

  it('is told for each listener', () => {
    const told = failed(emitter);
    for (const message of ['first', 'second']) {
      emitter.on('failover', () => {
        throw new Error(message);
      });
    }
    emitter.emit('failover', failover);
    expect(told.map(({ message }) => message)).toEqual(['first', 'second']);
  });

  it('does not start a new count by subscribing again', () => {
    const told = failed(emitter);
    const bad = (): void => {
      throw new Error('boom');
    };
    for (let turn = 0; turn < 5; turn++) {
      const off = emitter.on('failover', bad);
      emitter.emit('failover', failover);
      off();
    }
    expect([told.length, emitter.listenerFailures]).toEqual([1, 5]);
  });

  it('is told later when nobody was there to be told', () => {
    emitter.on('failover', () => {
      throw new Error('boom');
    });
    emitter.emit('failover', failover);
    const told = failed(emitter);
    emitter.emit('failover', failover);
    emitter.emit('failover', failover);
    expect([told.length, emitter.listenerFailures]).toEqual([1, 3]);
  });

  it('of failures is silent: telling of it would never end', async () => {
    let calls = 0;
    emitter.on('telemetry.listener_failed', () => {
      calls++;
      throw new Error('again');
    });
    emitter.on('telemetry.listener_failed', async () => {
      calls++;
      throw new Error('again');
    });
    emitter.on('*', () => {
      calls++;
      throw new Error('always');
    });
    emitter.emit('failover', failover);
    await settled();
    // `*` hears failover and the report of its own failure; the other two hear the report.
    expect(calls).toBe(4);
    expect(emitter.listenerFailures).toBe(4);
  });
});

describe('during a delivery', () => {
  it('a listener may leave: it and those it takes away hear nothing more', () => {
    const heard: string[] = [];
    emitter.on('failover', () => {
      heard.push('first');
      offFirst();
      offSecond();
    });
    const offFirst = emitter.on('failover', () => heard.push('own'));
    const offSecond = emitter.on('failover', () => heard.push('second'));
    emitter.on('failover', () => heard.push('third'));
    emitter.emit('failover', failover);
    expect(heard).toEqual(['first', 'third']);
  });

  it('a listener that takes itself away is heard this time and no more', () => {
    let calls = 0;
    const off = emitter.on('failover', () => {
      calls++;
      off();
    });
    emitter.emit('failover', failover);
    emitter.emit('failover', failover);
    expect(calls).toBe(1);
  });

  it('a new listener hears from the next event on', () => {
    const heard: string[] = [];
    const off = emitter.on('failover', () => {
      off();
      emitter.on('failover', () => heard.push('new'));
    });
    emitter.emit('failover', failover);
    expect(heard).toEqual([]);
    emitter.emit('failover', failover);
    expect(heard).toEqual(['new']);
  });

  it('another event may be told, and is delivered in between (H5)', () => {
    const heard: string[] = [];
    emitter.on('failover', () => {
      heard.push('failover 1');
      emitter.emit('provider.request.stop', stop());
    });
    emitter.on('provider.request.stop', () => heard.push('stop'));
    emitter.on('failover', () => heard.push('failover 2'));
    emitter.emit('failover', failover);
    expect(heard).toEqual(['failover 1', 'stop', 'failover 2']);
  });

  it('a listener that answers with its own event is followed 32 deep, then dropped (H5)', () => {
    let calls = 0;
    emitter.on('failover', () => {
      calls++;
      emitter.emit('failover', failover);
    });
    emitter.emit('failover', failover);
    expect(calls).toBe(32);
    expect(emitter.listenerFailures).toBe(0);
  });

  it('depth is given back, also after throws', () => {
    let calls = 0;
    emitter.on('failover', () => {
      calls++;
      throw new Error('boom');
    });
    for (let turn = 0; turn < 100; turn++) emitter.emit('failover', failover);
    expect(calls).toBe(100);
  });
});

describe('any mixture of subscriptions and events', () => {
  const names: readonly Subscription[] = [
    '*',
    'failover',
    'provider.request.stop',
    'provider.a.request.stop',
    'provider.b.c.request.stop',
  ];
  const step = fc.oneof(
    fc.record({ do: fc.constant('on'), what: fc.constantFrom(...names) }),
    fc.record({ do: fc.constant('off'), which: fc.nat(9) }),
    fc.record({ do: fc.constant('emit'), from: fc.constantFrom(undefined, 'a', 'b', 'b.c') }),
  );

  /** What each living subscription must hear, by the plainest reading of the rules. */
  const hears = (name: Subscription, from: string | undefined): boolean => {
    if (name === '*') return true;
    if (from === undefined) return name === 'failover';
    return name === 'provider.request.stop' || name === `provider.${from}.request.stop`;
  };

  it('is heard as the plain rules say, in order of subscription', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const fresh = new Emitter();
        const living: { id: number; name: Subscription; off: () => void }[] = [];
        const heard: number[] = [];
        const expected: number[] = [];
        for (const [id, each] of steps.entries()) {
          if ('what' in each)
            living.push({ id, name: each.what, off: fresh.on(each.what, () => heard.push(id)) });
          else if ('which' in each) living.splice(each.which, 1)[0]?.off();
          else {
            expected.push(...living.filter(({ name }) => hears(name, each.from)).map((one) => one.id));
            if (each.from === undefined) fresh.emit('failover', failover);
            else fresh.emit('provider.request.stop', stop(each.from));
          }
        }
        expect(heard).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  });
});
