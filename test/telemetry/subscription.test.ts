import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scopeOf } from '../../src/telemetry/subscription.ts';

const EVERYONE = { provider: undefined };

describe('scopeOf', () => {
  it.each([
    ['*', 'request.start', EVERYONE],
    ['*', 'provider.error', EVERYONE],
    ['request.stop', 'request.stop', EVERYONE],
    ['provider.request.stop', 'provider.request.stop', EVERYONE],
    ['provider.anthropic.request.stop', 'provider.request.stop', { provider: 'anthropic' }],
    ['provider.anthropic.error', 'provider.error', { provider: 'anthropic' }],
    ['provider.anthropic.stream.chunk', 'provider.stream.chunk', { provider: 'anthropic' }],
    ['provider.my.own.host.request.stop', 'provider.request.stop', { provider: 'my.own.host' }],
    ['provider.request.request.stop', 'provider.request.stop', { provider: 'request' }],
    ['provider.request.stop.request.stop', 'provider.request.stop', { provider: 'request.stop' }],
    ['provider.error.error', 'provider.error', { provider: 'error' }],
  ])('%s hears %s', (subscription, event, scope) => {
    expect(scopeOf(subscription, event)).toEqual(scope);
  });

  it.each([
    ['request.stop', 'request.start'],
    ['request.stop', 'provider.request.stop'],
    ['provider.request.stop', 'request.stop'],
    ['provider.anthropic.request.stop', 'request.stop'],
    ['provider.anthropic.request.stop', 'provider.request.start'],
    ['provider..request.stop', 'provider.request.stop'],
    ['provider.anthropicrequest.stop', 'provider.request.stop'],
    ['provider.anthropic.request.stop.', 'provider.request.stop'],
    ['provider.', 'provider.error'],
    ['provider.error', 'provider.request.stop'],
    ['xprovider.anthropic.error', 'provider.error'],
    ['', 'failover'],
    ['anthropic.failover', 'failover'],
  ])('%s does not hear %s', (subscription, event) => {
    expect(scopeOf(subscription, event)).toBeUndefined();
  });

  it('reads back any provider name, dots and event words included', () => {
    const word = fc.constantFrom(
      'anthropic',
      'request',
      'stop',
      'provider',
      'stream',
      'error',
      'a',
      'ß',
      ' ',
    );
    const name = fc.array(word, { minLength: 1, maxLength: 5 }).map((words) => words.join('.'));
    const event = fc.constantFrom('provider.request.stop', 'provider.error', 'provider.stream.chunk');
    fc.assert(
      fc.property(name, event, (provider, full) => {
        const subscription = `provider.${provider}.${full.slice('provider.'.length)}`;
        expect(scopeOf(subscription, full)).toEqual({ provider });
      }),
      { numRuns: 200 },
    );
  });
});
