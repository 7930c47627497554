import { describe, expect, it } from 'vitest';
import { Budgets } from '../../src/pool/budgets.ts';
import { ledgerOf } from '../../src/pool/ledger-options.ts';
import { Limits } from '../../src/pool/limits.ts';
import { poolStats } from '../../src/pool/pool-stats.ts';
import { silent, targetOf } from '../contexts.ts';
import { statesOf } from './states.ts';

const statsOf = ({ states, settings, told: { teller } }: ReturnType<typeof statesOf>) =>
  poolStats(
    states,
    new Limits({ settings, states, teller }),
    new Budgets({ budgets: [], boundOf: () => 0, teller }),
    ledgerOf({}, teller),
  );

describe('poolStats', () => {
  it('counts nothing before the first attempt', () => {
    const { total, targets, limits, budgets, spend, ledger } = statsOf(statesOf());
    expect(budgets).toEqual([]);
    expect(spend.total).toMatchObject({ attempts: 0, nanoUsd: 0, precision: 'reported' });
    expect(ledger).toEqual({ rows: 0, pending: 0, lost: 0 });
    expect(limits).toEqual({ waiting: 0, providers: {} });
    expect(total).toMatchObject({ requests: 0, inFlight: 0 });
    expect(targets).toEqual({});
  });

  it('counts each target by its label, and all of them together', () => {
    const made = statesOf();
    const { states } = made;
    states.of(targetOf(silent, { model: 'm' })).began(0);
    states.of(targetOf(silent, { model: 'n' }));
    const { total, targets } = statsOf(made);
    expect(total.inFlight).toBe(1);
    expect(Object.keys(targets)).toEqual(['acme/m', 'acme/n']);
    expect(targets['acme/m']).toMatchObject({ inFlight: 1, circuit: 'closed' });
    expect(targets['acme/n']).toMatchObject({ inFlight: 0, circuit: 'closed' });
  });
});
