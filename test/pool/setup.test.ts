import { describe, expect, it } from 'vitest';
import { realEnvironment } from '../../src/pool/environment.ts';
import { Lifecycle } from '../../src/pool/lifecycle.ts';
import type { PoolOptions } from '../../src/pool/options.ts';
import { type Ground, setUp } from '../../src/pool/setup.ts';
import { recorder, silent } from '../contexts.ts';

const ground = (): Ground => ({
  environment: realEnvironment,
  emit: recorder().teller.emit,
  lifecycle: new Lifecycle(),
});
const options: PoolOptions = { providers: [silent], models: { fast: ['acme/m'] } };

describe('a setup', () => {
  it('keeps a copy of its options', () => {
    const providers = [silent];
    const models = { fast: ['acme/m'] };
    const { options: kept } = setUp({ providers, models }, ground());
    providers.length = 0;
    models.fast.push('acme/n');
    expect(kept).toMatchObject({ providers: [silent], models: { fast: ['acme/m'] } });
    expect(kept.models?.['fast']).toHaveLength(1);
  });

  it('takes over the memory of the one before, and what is limited as before', () => {
    const all = ground();
    const limits = { pool: { concurrency: 3 } };
    const one = setUp({ ...options, limits }, all);
    const two = setUp({ ...options, limits: structuredClone(limits) }, all, one);
    expect(two.states).toBe(one.states);
    expect(two.retryBudget).toBe(one.retryBudget);
    expect(two.limits.requests).toBe(one.limits.requests);
    expect([two.routes === one.routes, two.desk === one.desk]).toEqual([false, false]);
  });

  it('begins anew where options are others', () => {
    const all = ground();
    const one = setUp({ ...options, limits: { pool: { concurrency: 3 } } }, all);
    const two = setUp(
      { ...options, retry: { budget: { ratio: 0.5 } }, limits: { pool: { concurrency: 4 } } },
      all,
      one,
    );
    expect(two.retryBudget).not.toBe(one.retryBudget);
    expect(two.limits.requests).not.toBe(one.limits.requests);
  });

  it('that cannot be made leaves the one before as it was', () => {
    const all = ground();
    const one = setUp(options, all);
    const state = one.states.of({ provider: silent, key: 0, model: 'm', label: 'acme/m', spec: undefined });
    const wrong = { ...options, breaker: { failureThreshold: 1 }, models: { fast: ['nobody/m'] } };
    expect(() => setUp(wrong, all, one)).toThrow('models.fast[0]: no provider is named "nobody"');
    for (let n = 0; n < 4; n++) state.admit(false)?.release();
    expect([state.circuit, one.settings.breaker]).toMatchObject(['closed', { failureThreshold: 5 }]);
  });
});
