import { describe, expect, it, vi } from 'vitest';
import { Cancellation } from '../../src/pipeline/cancellation.ts';
import { watchedCancellation } from '../contexts.ts';

const reason = new Error('over');

describe('Cancellation', () => {
  it('runs until it is cancelled', () => {
    const cancellation = new Cancellation();
    expect(cancellation.isCancelled).toBe(false);
    expect(cancellation.reason).toBeUndefined();
    cancellation.cancel(reason);
    expect(cancellation.isCancelled).toBe(true);
    expect(cancellation.reason).toBe(reason);
  });

  it('keeps the first reason, and tells nobody twice', () => {
    const cancellation = new Cancellation();
    const listener = vi.fn();
    cancellation.onCancel(listener);
    cancellation.cancel(reason);
    cancellation.cancel(new Error('later'));
    expect(cancellation.reason).toBe(reason);
    expect(cancellation.signal.reason).toBe(reason);
    expect(listener.mock.calls).toEqual([[reason]]);
  });

  it('tells all who listen, in order, before cancel returns', () => {
    const cancellation = new Cancellation();
    const log: string[] = [];
    cancellation.onCancel(() => log.push('a'));
    cancellation.onCancel(() => log.push('b'));
    cancellation.cancel(reason);
    expect(log).toEqual(['a', 'b']);
  });

  it('tells one who comes late at once', () => {
    const cancellation = new Cancellation();
    cancellation.cancel(reason);
    const listener = vi.fn();
    const stop = cancellation.onCancel(listener);
    expect(listener.mock.calls).toEqual([[reason]]);
    stop();
    expect(listener).toHaveBeenCalledTimes(1);
  });

  it('does not tell one who stopped listening, also while others are told', () => {
    const cancellation = new Cancellation();
    const gone = vi.fn();
    const stops: (() => void)[] = [];
    stops.push(cancellation.onCancel(gone));
    stops[0]?.();
    stops[0]?.();
    const next = vi.fn();
    cancellation.onCancel(() => stops[1]?.());
    stops.push(cancellation.onCancel(next));
    cancellation.cancel(reason);
    expect(gone).not.toHaveBeenCalled();
    expect(next).not.toHaveBeenCalled();
  });

  describe('as a part of another', () => {
    it('ends with the whole, for the same reason, and tells once', () => {
      const whole = new Cancellation();
      const part = new Cancellation(whole);
      const listener = vi.fn();
      part.onCancel(listener);
      whole.cancel(reason);
      part.cancel(new Error('later'));
      expect([part.isCancelled, part.reason, listener.mock.calls]).toEqual([true, reason, [[reason]]]);
    });

    it('ends by itself, and leaves the whole running', () => {
      const whole = new Cancellation();
      const part = new Cancellation(whole);
      const listener = vi.fn();
      part.onCancel(listener);
      part.cancel(reason);
      whole.cancel(new Error('later'));
      expect([whole.reason, part.reason, listener.mock.calls]).toEqual([
        expect.objectContaining({ message: 'later' }),
        reason,
        [[reason]],
      ]);
    });

    it('is made of what has ended already: then it has ended too', () => {
      const whole = new Cancellation();
      whole.cancel(reason);
      const part = new Cancellation(whole);
      const listener = vi.fn();
      part.onCancel(listener)();
      expect([part.isCancelled, listener.mock.calls, part.signal.reason]).toEqual([true, [[reason]], reason]);
    });

    it('leaves no listener with the whole, however it goes', () => {
      const { cancellation: whole, listeners } = watchedCancellation();
      const stopped = new Cancellation(whole);
      stopped.onCancel(() => {})();
      const ended = new Cancellation(whole);
      ended.onCancel(() => {});
      ended.onCancel(() => {});
      expect(listeners()).toBe(2);
      ended.cancel(reason);
      expect(listeners()).toBe(0);
    });

    it('has a signal of its own, which follows both', () => {
      const whole = new Cancellation();
      const [one, other] = [new Cancellation(whole), new Cancellation(whole)];
      const signals = [one.signal, other.signal];
      one.cancel(reason);
      expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
      whole.cancel(new Error('all'));
      expect(signals.map((signal) => String(signal.reason))).toEqual(['Error: over', 'Error: all']);
    });
  });

  describe('as a signal', () => {
    it('is one signal, however often it is asked for', () => {
      const cancellation = new Cancellation();
      expect(cancellation.signal).toBe(cancellation.signal);
      expect(cancellation.signal.aborted).toBe(false);
    });

    it('fires with the reason, before the listeners hear', () => {
      const cancellation = new Cancellation();
      const { signal } = cancellation;
      const log: string[] = [];
      signal.addEventListener('abort', () => log.push('signal'));
      cancellation.onCancel(() => log.push('listener'));
      cancellation.cancel(reason);
      expect(signal.reason).toBe(reason);
      expect(log).toEqual(['signal', 'listener']);
    });

    it('has fired already when it is first asked for after the end', () => {
      const cancellation = new Cancellation();
      cancellation.cancel(reason);
      expect(cancellation.signal.aborted).toBe(true);
      expect(cancellation.signal.reason).toBe(reason);
    });
  });
});
