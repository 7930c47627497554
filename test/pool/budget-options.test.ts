import { ProviderPool } from 'runestone';
import { replies, scriptedProvider } from 'runestone/testing';
import { expect, it } from 'vitest';

const poolOf = (budget: object) =>
  new ProviderPool({
    providers: [scriptedProvider('a', [replies('x')])],
    cost: { budgets: [{ limitUsd: 1, window: 'day', ...budget } as never] },
  });

it.each([
  [{ limitUsd: 0 }, 'cost.budgets[0].limitUsd'],
  [{ limitUsd: Number.NaN }, 'cost.budgets[0].limitUsd'],
  [{ window: 'year' }, 'cost.budgets[0].window'],
  [{ window: { rollingMs: 10 } }, 'cost.budgets[0].window.rollingMs'],
  [{ per: 'model' }, 'cost.budgets[0].per'],
  [{ warnAt: 2 }, 'cost.budgets[0].warnAt'],
  [{ surprise: 1 }, 'cost.budgets[0].surprise'],
])('a budget with %j is refused by its path', (budget, path) => {
  expect(() => poolOf(budget)).toThrow(expect.objectContaining({ code: 'config_invalid' }));
  expect(() => poolOf(budget)).toThrow(path);
});

it('a budget of every kind is taken', () => {
  const all = {
    per: { label: 'team' },
    name: 'n',
    warnAt: 0,
    unpriced: 'allow',
    window: { rollingMs: 1_000 },
  };
  expect(poolOf({ ...all, limitUsd: () => 1 }).stats().budgets).toEqual([]);
});
