import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProviderError } from '../../src/errors/index.ts';
import { askProvider } from '../../src/pool/ask-provider.ts';
import { silent } from '../contexts.ts';

const never = (): Promise<never> => new Promise(() => {});

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('askProvider', () => {
  it('hands on what the provider answers, and keeps no timer', async () => {
    expect(await askProvider(silent, 'it', async () => 7)).toEqual({ ok: true, result: 7 });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('tells the code of an error of the house', async () => {
    const error = new ProviderError({ provider: 'acme', code: 'authentication', message: 'no' });
    const told = await askProvider(silent, 'it', () => Promise.reject(error));
    expect(told).toEqual({ ok: false, code: 'authentication', message: error.message });
  });

  it('says nothing of what a foreign error says: it may quote a key', async () => {
    const told = await askProvider(silent, 'the question', async () => {
      throw new Error('sk-secret');
    });
    expect(told).toEqual({ ok: false, code: 'bad_response', message: 'acme: the question failed' });
  });

  it.each([
    ['stops at its signal', true],
    ['ignores it', false],
  ])('waits no longer than it may for a provider that %s', async (_, obeys) => {
    let seen: AbortSignal | undefined;
    const asked = askProvider(
      silent,
      'it',
      (signal) => {
        seen = signal;
        if (!obeys) return never();
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      },
      300,
    );
    await vi.advanceTimersByTimeAsync(299);
    expect(seen?.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await asked).toEqual({ ok: false, code: 'timeout', message: 'acme: no answer within 300 ms' });
    expect(seen?.aborted).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('waits ten seconds when nothing else is said', async () => {
    const asked = askProvider(silent, 'it', never);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await asked).toMatchObject({ code: 'timeout' });
  });
});
