import { describe, expect, it } from 'vitest';
import { policy } from '../../src/errors/index.ts';
import { billedFor } from '../../src/ledger/billed-for.ts';
import type { BillingCase, BillingPhase, BillingRule } from '../../src/ledger/billing-rule.ts';
import { billingRules } from '../../src/ledger/data.ts';
import { NOON_MS } from './rows.ts';

const caseOf = (facts: Partial<BillingCase> = {}): BillingCase => ({
  provider: { name: 'acme' },
  phase: 'refused',
  code: 'server_error',
  atMs: NOON_MS,
  ...facts,
});

const ruleOf = (facts: Partial<BillingRule>): BillingRule => ({
  phase: 'refused',
  billed: 'nothing',
  source: 'a page',
  asOf: '2026-11-25',
  ...facts,
});

describe('billedFor', () => {
  it.each([
    ['by name', { name: 'acme' }, 'nothing'],
    ['by kind', { name: 'mine', module: 'acme' }, 'nothing'],
    ['not another', { name: 'other', module: 'openai' }, 'unknown'],
  ])('a rule for a provider finds it %s', (_, provider, billed) => {
    expect(billedFor(caseOf({ provider }), [ruleOf({ providers: ['acme'] })])).toBe(billed);
  });

  it('the first rule that fits counts', () => {
    const rules = [ruleOf({ codes: ['timeout'] }), ruleOf({ billed: 'delivered' }), ruleOf({})];
    expect(billedFor(caseOf(), rules)).toBe('delivered');
    expect(billedFor(caseOf({ code: 'timeout' }), rules)).toBe('nothing');
    expect(billedFor(caseOf({ code: undefined }), rules)).toBe('delivered');
  });

  it('a rule for a status needs that status', () => {
    const rules = [ruleOf({ statuses: [501] })];
    const billed = [501, 500, undefined].map((status) => billedFor(caseOf({ status }), rules));
    expect(billed).toEqual(['nothing', 'unknown', 'unknown']);
  });

  it.each([
    ['2026-11-24', 'unknown'],
    ['2026-11-25', 'nothing'],
    ['2026-11-30', 'nothing'],
    ['2026-12-01', 'unknown'],
  ])('a dated rule holds within its dates: on %s it is %s', (day, billed) => {
    const rules = [ruleOf({ from: '2026-11-25', until: '2026-12-01' })];
    expect(billedFor(caseOf({ atMs: Date.parse(`${day}T23:59:59.999Z`) }), rules)).toBe(billed);
  });

  it('what no rule is about is unknown', () => {
    expect(billedFor(caseOf(), [])).toBe('unknown');
  });
});

describe('the rules', () => {
  const phases: readonly BillingPhase[] = ['refused', 'unanswered', 'left', 'broken'];

  it.each(phases)('end with one for everybody that is %s', (phase) => {
    const last = billingRules.findLast((rule) => rule.phase === phase);
    expect(last).toMatchObject({ phase });
    expect([last?.providers, last?.codes, last?.until]).toEqual([undefined, undefined, undefined]);
  });

  it('never call anything free without an answer of the host', () => {
    const free = billingRules.filter(({ billed }) => billed === 'nothing');
    expect(free.filter(({ phase }) => phase === 'left' || phase === 'broken')).toEqual([]);
  });

  it('each name a source and the day it was read', () => {
    for (const { source, asOf } of billingRules) {
      expect(source.length).toBeGreaterThan(20);
      expect(asOf).toMatch(/^2026-\d\d-\d\d$/);
    }
  });

  it('are each within reach of some attempt', () => {
    const names = [...new Set(billingRules.flatMap(({ providers = ['somebody'] }) => providers))];
    const codes = Object.keys(policy).filter((code): code is keyof typeof policy => code in policy);
    const used = new Set(
      names.flatMap((name) =>
        phases.flatMap((phase) =>
          codes.flatMap((code) =>
            [undefined, 501].map((status) => {
              const asked = caseOf({ provider: { name }, phase, code, status });
              return billingRules.findIndex((rule) => fitsFirst(rule, asked));
            }),
          ),
        ),
      ),
    );
    expect([...used].filter((index) => index >= 0).sort((a, b) => a - b)).toEqual([...billingRules.keys()]);
  });
});

/** Whether a rule is the one that decides: without it and those before it, the answer comes from elsewhere. */
function fitsFirst(rule: BillingRule, asked: BillingCase): boolean {
  const marked = billingRules.map((each) => ({
    ...each,
    billed: each === rule ? ('nothing' as const) : ('unknown' as const),
  }));
  return billedFor(asked, marked) === 'nothing';
}
