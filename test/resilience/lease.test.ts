import { describe, expect, it, vi } from 'vitest';
import { Lease } from '../../src/resilience/lease.ts';

describe('Lease', () => {
  it('gives back what it holds when it ends', () => {
    const giveBack = vi.fn();
    const lease = new Lease(giveBack);
    expect(giveBack).not.toHaveBeenCalled();
    lease.end({ tokens: 12, verdict: 'ok' });
    expect(giveBack.mock.calls).toEqual([[{ tokens: 12, verdict: 'ok' }]]);
  });

  it('does so once: the first end counts (INV-28)', () => {
    const giveBack = vi.fn();
    const lease = new Lease(giveBack);
    lease.end({ tokens: 3 });
    lease.end({ unused: true });
    lease.end({ tokens: 9 });
    expect(giveBack.mock.calls).toEqual([[{ tokens: 3 }]]);
  });

  it('does so once also when it is ended again while it gives back', () => {
    let calls = 0;
    const lease: Lease = new Lease(() => {
      calls += 1;
      lease.end({});
    });
    lease.end({});
    expect(calls).toBe(1);
  });
});
