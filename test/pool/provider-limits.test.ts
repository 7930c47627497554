import { describe, expect, it } from 'vitest';
import type { Limit } from '../../src/pool/limit-options.ts';
import { type KeyLimit, ProviderLimits } from '../../src/pool/provider-limits.ts';
import { Secret } from '../../src/provider-kit/secret.ts';
import { recorder, requestContext, silent, targetOf } from '../contexts.ts';

function limitsOf(
  perProvider: Record<string, Limit>,
  keys: readonly KeyLimit[] = [],
  perTarget: Record<string, Limit> = {},
): ProviderLimits {
  const { teller } = recorder();
  const queue = { size: 10, maxWaitMs: 30_000 };
  return new ProviderLimits({ perProvider, perTarget, keys, queue, teller, waited: new WeakMap() });
}

const request = requestContext();
const target = targetOf(silent);
const keyed = (key: number, model = 'model-1') =>
  targetOf(silent, { key, model, label: `acme[${key}]/${model}` });

describe('the limit of a target', () => {
  it('is none where none is configured', () => {
    const limits = limitsOf({});
    expect([limits.areNone, limits.of(request, target), limits.roomInMs(request, target)]).toEqual([
      true,
      [],
      0,
    ]);
    const others = limitsOf({ other: { concurrency: 1 } });
    expect([others.areNone, others.of(request, target), others.all]).toEqual([false, [], []]);
  });

  it('is that of its provider, whatever the model', () => {
    const limits = limitsOf({ acme: { concurrency: 3 } });
    const [known] = limits.of(request, target);
    expect(known).toMatchObject({ name: 'acme' });
    expect(known?.limits.shared.concurrency).toBe(3);
    expect(limits.of(request, targetOf(silent, { model: 'vendor/other' }))[0]).toBe(known);
    expect(limits.all).toEqual([known]);
  });

  it('is one for each key, that of the key before that of the provider', () => {
    const limits = limitsOf({ acme: { concurrency: 3 }, 'acme[1]': { concurrency: 7 } });
    const [zero, one] = [limits.of(request, keyed(0))[0], limits.of(request, keyed(1))[0]];
    expect([zero?.name, zero?.limits.shared.concurrency]).toEqual(['acme[0]', 3]);
    expect([one?.name, one?.limits.shared.concurrency]).toEqual(['acme[1]', 7]);
    expect(limits.of(request, keyed(1, 'a/b/c'))).toEqual([one]);
  });

  it('is none for a key of the caller’s own', () => {
    const limits = limitsOf({ acme: { concurrency: 3 } });
    expect(limits.of(requestContext({ apiKey: new Secret('theirs') }), target)).toEqual([]);
  });
});

describe('the limit of one target', () => {
  const limits = () =>
    limitsOf({ acme: { concurrency: 9 } }, [], {
      'acme/large': { concurrency: 2 },
      'acme[1]/large': { concurrency: 1 },
      'acme/a/b': { concurrency: 3 },
    });
  const rows = (of: ProviderLimits, target: ReturnType<typeof keyed>) =>
    of.of(request, target).map(({ name, limits: { shared } }) => [name, shared.concurrency]);

  it('is passed beside that of its provider, and before it', () => {
    const of = limits();
    expect(rows(of, targetOf(silent, { model: 'large' }))).toEqual([
      ['acme/large', 2],
      ['acme', 9],
    ]);
    expect(rows(of, targetOf(silent, { model: 'a/b' }))).toEqual([
      ['acme/a/b', 3],
      ['acme', 9],
    ]);
    expect(rows(of, target)).toEqual([['acme', 9]]);
  });

  it('is one for each key, that of the key before that of all', () => {
    const of = limits();
    expect(rows(of, keyed(0, 'large'))[0]).toEqual(['acme[0]/large', 2]);
    expect(rows(of, keyed(1, 'large'))[0]).toEqual(['acme[1]/large', 1]);
  });

  it('stands alone where the provider has none', () => {
    const of = limitsOf({}, [], { 'acme/large': { concurrency: 2 } });
    expect(of.areNone).toBe(false);
    expect(rows(of, targetOf(silent, { model: 'large' }))).toEqual([['acme/large', 2]]);
    expect(of.of(request, target)).toEqual([]);
  });

  it('has room when both have', () => {
    const of = limits();
    const large = targetOf(silent, { model: 'large' });
    const [own, shared] = of.of(request, large);
    own?.limits.shared.take(0);
    own?.limits.shared.take(0);
    expect(of.roomInMs(request, large)).toBeGreaterThan(0);
    expect(of.roomInMs(request, target)).toBe(0);
    for (let times = 0; times < 9; times += 1) shared?.limits.shared.take(0);
    expect(of.roomInMs(request, target)).toBeGreaterThan(0);
  });

  it('goes on as it is where it is limited as it was', () => {
    const before = limits();
    const large = targetOf(silent, { model: 'large' });
    const [own] = before.of(request, large);
    const after = limitsOf({}, before.all, { 'acme/large': { concurrency: 2 } });
    expect(after.of(request, large)).toEqual([own]);
    const other = limitsOf({}, before.all, { 'acme/large': { concurrency: 4 } });
    expect(rows(other, large)).toEqual([['acme/large', 4]]);
  });
});

describe('room', () => {
  it('is there until it is taken, and then told when it is likely to be', () => {
    const limits = limitsOf({ acme: { requestsPerMinute: 2 } });
    const shared = limits.of(request, target)[0]?.limits.shared;
    expect(limits.roomInMs(request, target)).toBe(0);
    shared?.take(0);
    expect(limits.roomInMs(request, target)).toBe(0);
    shared?.take(0);
    expect(limits.roomInMs(request, target)).toBe(30_000);
  });

  it('counts the tokens that the request is expected to take', () => {
    const limits = limitsOf({ acme: { tokensPerMinute: 6_000 } });
    limits.of(request, target)[0]?.limits.shared.take(5_000);
    const asking = (max_tokens: number) => requestContext({ request: { messages: [], max_tokens } });
    expect(limits.roomInMs(asking(1_000), target)).toBe(0);
    expect(limits.roomInMs(asking(1_500), target)).toBe(5_000);
  });

  it('is behind those who wait already', () => {
    const limits = limitsOf({ acme: { concurrency: 1 } });
    const [key] = limits.of(request, target);
    const passage = { request, target, limits: key?.limits ?? {}, tokens: 0, waitMs: 1_000 };
    void key?.gate.pass(passage);
    expect(limits.roomInMs(request, target)).toBe(1_000);
    const waiting = Promise.resolve(key?.gate.pass(passage)).catch(() => {});
    expect(limits.roomInMs(request, target)).toBe(2_000);
    request.cancellation.cancel(new Error('enough'));
    return waiting;
  });
});

describe('keys that are known from before', () => {
  it('go on as they are where they are limited as they were', () => {
    const before = limitsOf({ acme: { concurrency: 2 } });
    const key = before.of(request, target);
    expect(limitsOf({ acme: { concurrency: 2 } }, before.all).of(request, target)[0]).toBe(key[0]);
    expect(limitsOf({ acme: { concurrency: 3 } }, before.all).of(request, target)[0]).not.toBe(key[0]);
    expect(limitsOf({}, before.all).all).toEqual([]);
  });

  it('are those of their provider, and of no other of its name', () => {
    const before = limitsOf({ acme: { concurrency: 2 } });
    const [key] = before.of(request, target);
    const after = limitsOf({ acme: { concurrency: 2 } }, before.all);
    const [other] = after.of(request, targetOf({ ...silent }));
    expect([other === undefined, other === key]).toEqual([false, false]);
    expect(after.of(request, targetOf({ ...silent }))).not.toBe(key);
  });
});
