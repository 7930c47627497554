import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProviderError } from '../../src/errors/index.ts';
import { checkProvider, providerNamed } from '../../src/pool/check-provider.ts';
import type { CheckCall, Provider } from '../../src/provider-kit/provider.ts';
import { silent } from '../contexts.ts';

const now = (): number => performance.now();

/** A provider whose check is the given one. */
function checking(check: (call: CheckCall) => Promise<void>): { provider: Provider; calls: CheckCall[] } {
  const calls: CheckCall[] = [];
  return {
    calls,
    provider: {
      ...silent,
      check: (call) => {
        calls.push(call);
        return check(call);
      },
    },
  };
}

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('checkProvider', () => {
  it('is unknown when the provider has no check: nothing is sent just to find out', async () => {
    expect(await checkProvider(silent, 1_000, now)).toEqual({ status: 'unknown' });
  });

  it('is healthy, and says how long that took', async () => {
    const { provider, calls } = checking(() => later(234));
    const checked = checkProvider(provider, 10_000, now);
    await vi.advanceTimersByTimeAsync(234);
    expect(await checked).toEqual({ status: 'healthy', latencyMs: 234 });
    expect(calls).toEqual([{ signal: calls[0]?.signal, key: 0, connectMs: 10_000 }]);
    expect(calls[0]?.signal.aborted).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is down with the code of what the provider threw', async () => {
    const { provider } = checking(async () => {
      await later(20);
      throw new ProviderError({ provider: 'acme', code: 'authentication', message: 'the key was refused' });
    });
    const checked = checkProvider(provider, 10_000, now);
    await vi.advanceTimersByTimeAsync(20);
    expect(await checked).toEqual({
      status: 'down',
      latencyMs: 20,
      code: 'authentication',
      message: 'acme: the key was refused',
    });
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each(['rejects', 'throws'])(
    'is down without the words of a foreign error when the check %s',
    async (how) => {
      const { provider } = checking(() => {
        const foreign = new Error('sk-canary in a message');
        if (how === 'throws') throw foreign;
        return Promise.reject(foreign);
      });
      expect(await checkProvider(provider, 10_000, now)).toEqual({
        status: 'down',
        latencyMs: 0,
        code: 'bad_response',
        message: 'acme: the check failed',
      });
      expect(vi.getTimerCount()).toBe(0);
    },
  );

  it.each([
    ['ends when its signal fires', (call: CheckCall) => aborted(call.signal)],
    ['ignores its signal', () => new Promise<void>(() => undefined)],
  ])('is down after its time also when the check %s', async (_, check) => {
    const { provider, calls } = checking(check);
    const checked = checkProvider(provider, 10_000, now, 3_000);
    await vi.advanceTimersByTimeAsync(2_999);
    expect(calls[0]?.signal.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await checked).toEqual({
      status: 'down',
      latencyMs: 3_000,
      code: 'timeout',
      message: 'acme: no answer within 3000 ms',
    });
    expect(calls[0]?.signal.aborted).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('takes ten seconds at most unless told otherwise', async () => {
    const { provider } = checking(({ signal }) => aborted(signal));
    const checked = checkProvider(provider, 10_000, now);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await checked).toMatchObject({ status: 'down', latencyMs: 10_000 });
  });

  it('does not let a late failure of the check disturb anybody', async () => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    const { provider } = checking(async () => {
      await later(5_000);
      throw new Error('late');
    });
    const checked = checkProvider(provider, 10_000, now, 3_000);
    await vi.advanceTimersByTimeAsync(6_000);
    expect(await checked).toMatchObject({ code: 'timeout' });
    vi.useRealTimers();
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });
});

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
}

describe('providerNamed', () => {
  it('finds a provider, or says whom there is', () => {
    const two = { ...silent, name: 'two' };
    expect(providerNamed([silent, two], 'two')).toBe(two);
    expect(() => providerNamed([silent, two], 'three')).toThrow(
      expect.objectContaining({
        code: 'config_invalid',
        message: expect.stringContaining('(have: acme, two)'),
      }),
    );
  });
});
