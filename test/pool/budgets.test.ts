import { describe, expect, it } from 'vitest';
import { BudgetExceededError } from '../../src/errors/index.ts';
import type { AttemptContext } from '../../src/pipeline/middleware.ts';
import { Tally } from '../../src/pipeline/tally.ts';
import type { Budget } from '../../src/pool/budget-options.ts';
import { Budgets } from '../../src/pool/budgets.ts';
import { attemptContext, failureOf, recorder, requestContext, silent, targetOf } from '../contexts.ts';

const DAY: Budget = { limitUsd: 1, window: 'day' };

/** Budgets in front of attempts that cost at most 0.4 USD each. */
function setUp(budgets: readonly Budget[], bound: number | undefined = 0.4e9) {
  const told = recorder();
  return { told, budgets: new Budgets({ budgets, boundOf: () => bound, teller: told.teller }) };
}

const attemptOf = (facts: Partial<AttemptContext> = {}): AttemptContext =>
  attemptContext({ tally: new Tally(0), ...facts });

/** An attempt that is under way until its `end` is called with what it cost. */
async function begin(budgets: Budgets, attempt: AttemptContext = attemptOf()) {
  await budgets.attempt(attempt, async () => undefined);
  const observer = budgets.watch(attempt);
  return (costUsd: number | undefined): void => {
    attempt.tally.costUsd = costUsd;
    observer.onEnd({ outcome: 'ok' });
  };
}

describe('a budget', () => {
  it('reserves the most an attempt can cost, and settles what it did cost', async () => {
    const { budgets } = setUp([DAY]);
    const end = await begin(budgets);
    expect(budgets.rows()).toEqual([
      { budget: 'pool per day', of: '', limitUsd: 1, spentUsd: 0, reservedUsd: 0.4 },
    ]);
    end(0.15);
    expect(budgets.rows()).toMatchObject([{ spentUsd: 0.15, reservedUsd: 0 }]);
  });

  it('refuses before anything is sent what could pass it, and says how much is left and until when', async () => {
    const { budgets, told } = setUp([DAY]);
    await begin(budgets);
    await begin(budgets);
    let sent = 0;
    const error = await failureOf(budgets.attempt(attemptOf(), async () => (sent += 1)));
    expect(error).toBeInstanceOf(BudgetExceededError);
    expect(error).toMatchObject({ code: 'budget_exceeded', spentUsd: 0.8, limitUsd: 1 });
    expect(error).toMatchObject({
      message: expect.stringContaining(
        '"pool per day" has 0.20 USD left of 1.00 USD, and this may cost 0.40 USD',
      ),
    });
    expect(sent).toBe(0);
    expect(told.of('budget.exceeded')).toMatchObject([{ spentUsd: 0.8, limitUsd: 1, wantedUsd: 0.4 }]);
    expect(told.of('budget.reserved')).toHaveLength(2);
  });

  it('gives all of it back where nobody saw the attempt begin', async () => {
    const { budgets } = setUp([DAY]);
    const boom = new Error('refused by a layer above');
    expect(await failureOf(budgets.attempt(attemptOf(), () => Promise.reject(boom)))).toBe(boom);
    expect(budgets.rows()).toMatchObject([{ spentUsd: 0, reservedUsd: 0 }]);
  });

  it('books the most it can have cost where nobody knows the cost', async () => {
    const { budgets } = setUp([DAY]);
    (await begin(budgets))(undefined);
    expect(budgets.rows()).toMatchObject([{ spentUsd: 0.4, reservedUsd: 0 }]);
  });

  it('counts an end once', async () => {
    const { budgets } = setUp([DAY]);
    const end = await begin(budgets);
    end(0.1);
    end(0.1);
    expect(budgets.rows()).toMatchObject([{ spentUsd: 0.1, reservedUsd: 0 }]);
  });

  it('reserves in all that are concerned, or in none', async () => {
    const { budgets } = setUp([DAY, { limitUsd: 0.3, window: 'hour', per: 'tenant', name: 'small' }]);
    const attempt = attemptOf({ request: requestContext({ tenant: 'acme' }) });
    expect(await failureOf(begin(budgets, attempt))).toMatchObject({ limitUsd: 0.3 });
    expect(budgets.rows()).toMatchObject([
      { of: '', reservedUsd: 0 },
      { budget: 'small', of: 'acme', reservedUsd: 0 },
    ]);
  });

  it.each([
    ['tenant', { request: requestContext({ tenant: 'acme' }) }, 'acme'],
    ['provider', {}, 'acme'],
    ['key', { target: targetOf(silent, { key: 1, label: 'acme[1]/model-1' }) }, 'acme[1]'],
    [{ label: 'team' }, { request: requestContext({ metadata: { team: 'red' } }) }, 'red'],
  ] as const)('may be one for each %s', async (per, facts, of) => {
    const { budgets } = setUp([{ ...DAY, per }]);
    await begin(budgets, attemptOf(facts));
    expect(budgets.rows()).toMatchObject([{ of, reservedUsd: 0.4 }]);
  });

  it('is about nothing that names no tenant or label', async () => {
    const { budgets } = setUp([
      { ...DAY, per: 'tenant' },
      { ...DAY, per: { label: 'team' } },
    ]);
    await begin(budgets);
    expect(budgets.rows()).toEqual([]);
  });

  it('29: tenants have each their own, whatever they are named', async () => {
    const { budgets } = setUp([{ ...DAY, per: 'tenant' }]);
    for (const tenant of ['a:b', 'a', 'a:b', '__proto__']) {
      await begin(budgets, attemptOf({ request: requestContext({ tenant }) }));
    }
    expect(budgets.rows().map(({ of, reservedUsd }) => [of, reservedUsd])).toEqual([
      ['a:b', 0.8],
      ['a', 0.4],
      ['__proto__', 0.4],
    ]);
  });

  it('asks a function for the limit of each, once; none is no limit', async () => {
    const asked: string[] = [];
    const limitUsd = (of: string): number | undefined => {
      asked.push(of);
      return of === 'free' ? undefined : 0.5;
    };
    const { budgets } = setUp([{ limitUsd, window: 'day', per: 'tenant' }]);
    const by = (tenant: string) => begin(budgets, attemptOf({ request: requestContext({ tenant }) }));
    await by('paid');
    expect(await failureOf(by('paid'))).toMatchObject({ code: 'budget_exceeded' });
    await by('free');
    await by('free');
    expect(asked).toEqual(['paid', 'free']);
  });

  it('names the option where the function returns no number', async () => {
    const { budgets } = setUp([{ limitUsd: () => Number.NaN, window: 'day', name: 'mine' }]);
    const error = await failureOf(begin(budgets));
    expect(error).toMatchObject({ code: 'config_invalid', message: expect.stringContaining('"mine"') });
  });

  it('tells once in a window that it comes to its threshold', async () => {
    const { budgets, told } = setUp([{ limitUsd: 1, window: { rollingMs: 60_000 }, warnAt: 0.5 }]);
    const ends = [await begin(budgets), await begin(budgets)];
    expect(told.of('budget.threshold')).toMatchObject([
      { spentUsd: 0.8, limitUsd: 1, budget: 'pool per 60000 ms' },
    ]);
    for (const end of ends) end(0.3);
    (await begin(budgets))(0);
    expect(told.of('budget.threshold')).toHaveLength(1);
    told.pass(200_000);
    await begin(budgets);
    expect(told.of('budget.threshold')).toHaveLength(1);
    await begin(budgets);
    expect(told.of('budget.threshold')).toHaveLength(2);
  });

  it('30: refuses a target without a price, unless it is told to let it pass uncounted', async () => {
    const noPrice = (unpriced: 'refuse' | 'allow') => {
      const told = recorder();
      const terms = [{ ...DAY, unpriced }];
      return new Budgets({ budgets: terms, boundOf: () => undefined, teller: told.teller });
    };
    expect(await failureOf(begin(noPrice('refuse')))).toMatchObject({
      code: 'budget_exceeded',
      message: expect.stringContaining('acme/model-1: its price or its length is not known'),
    });
    const lenient = noPrice('allow');
    (await begin(lenient))(undefined);
    expect(lenient.rows()).toMatchObject([{ spentUsd: 0, reservedUsd: 0 }]);
  });
});
