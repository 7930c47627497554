import { describe, expect, it } from 'vitest';
import { checkedCall, type OverflowOptions, toOverflowSettings } from '../../src/bullmq/overflow-options.ts';

function settingsOf(options: object): unknown {
  const queue = {} as OverflowOptions['queue'];
  return toOverflowSettings({ queue, ...options });
}

describe('options of an overflow', () => {
  it('have defaults', () => {
    expect(settingsOf({})).toEqual({
      queue: {},
      maxQueued: 10_000,
      maxBytes: 1_048_576,
      maxWaitMs: 86_400_000,
      keepMs: 86_400_000,
      keepCount: 10_000,
      attempts: 2,
      storeTimeoutMs: 5_000,
    });
  });

  it('stay as they are given', () => {
    const given = {
      maxQueued: 0,
      maxBytes: 1,
      maxWaitMs: 1,
      keepMs: 1,
      keepCount: 1,
      attempts: 1,
      storeTimeoutMs: 1,
    };
    const functions = { cipher: { seal: String, open: String }, onError: () => {} };
    expect(settingsOf({ ...given, ...functions })).toEqual({ queue: {}, ...given, ...functions });
  });

  it.each([
    ['maxQueued', -1],
    ['maxBytes', 0],
    ['maxWaitMs', 0],
    ['keepMs', Number.NaN],
    ['keepCount', 1.5],
    ['attempts', 101],
    ['storeTimeoutMs', 2 ** 31],
    ['keepMilliseconds', 5],
  ])('%s may not be %s', (key, value) => {
    expect(() => settingsOf({ [key]: value })).toThrow(expect.objectContaining({ code: 'config_invalid' }));
    expect(() => settingsOf({ [key]: value })).toThrow(key);
  });
});

describe('options of a call', () => {
  it('go on as they are, without what is not set', () => {
    const call = {
      ...{
        tenant: 'a',
        priority: 'low',
        requestId: 'r',
        sessionId: 's',
        maxCostUsd: 1,
        metadata: { a: 'b' },
      },
      ...{ strict: true, singleFlight: false, provider: 'p', deadlineMs: 5, idempotencyKey: 'k' },
    } as const;
    expect(checkedCall(call)).toEqual(call);
    expect(checkedCall({ tenant: undefined, apiKey: undefined })).toEqual({});
  });

  it.each([
    ['apiKey', 'sk-secret'],
    ['signal', new AbortController().signal],
    ['tenant', 7],
    ['priority', 'urgent'],
    ['idempotencyKey', ''],
    ['idempotencyKey', 'x'.repeat(1_025)],
    ['tennant', 'acme'],
  ])('%s is refused, by its name alone', (key, value) => {
    try {
      checkedCall({ [key]: value });
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: 'config_invalid', message: expect.stringContaining(key) });
      expect(String(error)).not.toMatch(/sk-secret|xxx/);
    }
  });
});
