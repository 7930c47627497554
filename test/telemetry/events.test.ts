import { describe, expect, expectTypeOf, it } from 'vitest';
import type { ErrorCode, Outcome } from '../../src/errors/index.ts';
import { Emitter } from '../../src/telemetry/emitter.ts';
import type { AnyTelemetryEvent, EventName, EventOf, TelemetryEvents } from '../../src/telemetry/events.ts';

const emitter = new Emitter();

describe('a subscription', () => {
  it('to a name of the table gets that payload and the name as a literal', () => {
    emitter.on('request.stop', (event) => {
      expectTypeOf(event.name).toEqualTypeOf<'request.stop'>();
      expectTypeOf(event.outcome).toEqualTypeOf<Outcome>();
      expectTypeOf(event.attempts).toEqualTypeOf<number>();
      expectTypeOf(event.costUsd).toEqualTypeOf<number | undefined>();
      expectTypeOf(event.code).toEqualTypeOf<ErrorCode | undefined>();
    });
    expectTypeOf<EventOf<'failover'>['from']>().toEqualTypeOf<string>();
  });

  it('narrowed to one provider gets the payload of the event behind it', () => {
    emitter.on('provider.anthropic.request.stop', (event) => {
      expectTypeOf(event.name).toEqualTypeOf<'provider.request.stop'>();
      expectTypeOf(event.attempt).toEqualTypeOf<number>();
    });
    emitter.on('provider.anthropic.error', ({ name, retryable }) => {
      expectTypeOf(name).toEqualTypeOf<'provider.error'>();
      expectTypeOf(retryable).toEqualTypeOf<boolean>();
    });
    expectTypeOf<EventOf<'provider.anthropic.stream.chunk'>['chars']>().toEqualTypeOf<number>();
  });

  it('narrowed to a provider with dots in its name does so too', () => {
    expectTypeOf<
      EventOf<'provider.my.own.host.request.stop'>['name']
    >().toEqualTypeOf<'provider.request.stop'>();
    expectTypeOf<EventOf<'provider.my.own.host.stream.first_token'>['ttftMs']>().toEqualTypeOf<number>();
  });

  it('to everything gets a union that `name` narrows', () => {
    emitter.on('*', (event) => {
      expectTypeOf(event).toEqualTypeOf<AnyTelemetryEvent>();
      if (event.name === 'retry.scheduled') expectTypeOf(event.delayMs).toEqualTypeOf<number>();
      // @ts-expect-error not every event has a delay
      event.delayMs;
    });
  });

  it('to a name that does not exist does not compile', () => {
    // @ts-expect-error no such event
    emitter.on('request.end', () => {});
    // @ts-expect-error no such event of a provider
    emitter.on('provider.anthropic.request.end', () => {});
    // @ts-expect-error a scope is for events of providers only
    emitter.on('anthropic.failover', () => {});
    // @ts-expect-error no patterns but `*`
    emitter.on('request.*', () => {});
    // @ts-expect-error a listener of another payload
    emitter.on('request.start', (event: TelemetryEvents['failover']) => event.from);
    expect(emitter.emit.wants('request.start')).toBe(true);
  });

  it('cannot change what it hears', () => {
    emitter.on('cost.recorded', (event) => {
      // @ts-expect-error read-only
      event.costUsd = 0;
      // @ts-expect-error read-only
      if (event.usage) event.usage.inputTokens = 0;
    });
  });
});

describe('emit', () => {
  it('takes a name of the table with its payload, and nothing else', () => {
    const wellTyped = (): void => {
      emitter.emit('failover', { requestId: 'r', at: 0, from: 'a/x', to: 'b/x', code: 'timeout' });
      // @ts-expect-error no such event
      emitter.emit('request.end', { requestId: 'r', at: 0 });
      // @ts-expect-error the payload of another event
      emitter.emit('failover', { requestId: 'r', at: 0, stream: true });
      // @ts-expect-error no such code
      emitter.emit('failover', { requestId: 'r', at: 0, from: 'a/x', to: 'b/x', code: 'gremlins' });
      // @ts-expect-error scoped names are for listening
      emitter.emit('provider.anthropic.error', { requestId: 'r', at: 0 });
    };
    expectTypeOf(wellTyped).returns.toBeVoid();
    expectTypeOf<Parameters<typeof emitter.emit.wants>[0]>().toEqualTypeOf<EventName>();
  });
});

describe('no payload', () => {
  it('has a field for prompt, answer, key or header', () => {
    type Fields = AnyTelemetryEvent extends infer E ? (E extends unknown ? keyof E : never) : never;
    type Leaky =
      | 'content'
      | 'messages'
      | 'text'
      | 'prompt'
      | 'apiKey'
      | 'headers'
      | 'body'
      | 'request'
      | 'response';
    expectTypeOf<Extract<Fields, Leaky>>().toBeNever();
  });
});
