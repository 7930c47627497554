import { describe, expect, it } from 'vitest';
import type { ReasoningEffort } from '../../../../src/chat/request.ts';
import {
  budgetOfEffort,
  effortOfBudget,
  effortPlan,
} from '../../../../src/providers/anthropic/encode/effort-plan.ts';
import type { ModelClass } from '../../../../src/providers/anthropic/models/claude-model.ts';

/** The table of section 1.8, one line a class: none, minimal, low, medium, high, xhigh, max; `!` marks a notice. */
const TABLE: Readonly<Record<ModelClass, string>> = {
  A: 'low! low! low medium high xhigh max',
  A_preview: 'low! low! low medium high xhigh max',
  B: 'between_tools low low medium high xhigh max',
  C: 'disabled low low medium high xhigh max',
  D: 'disabled low low medium high xhigh max',
  E: '- adaptive+low adaptive+low adaptive+medium adaptive+high adaptive+xhigh adaptive+max',
  F: '- adaptive+low adaptive+low adaptive+medium adaptive+high adaptive+high! adaptive+max',
  G: '- 1024 1024 4096 16000 32000 32000',
  H: '- 1024 1024 4096 16000 32000 32000',
  I: '- -! -! -! -! -! -!',
};
const EFFORTS: readonly ReasoningEffort[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];
const CLASSES: readonly ModelClass[] = ['A', 'A_preview', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I'];

describe('effortPlan', () => {
  it.each(CLASSES)('TH-2 TH-3 TH-4 TH-5 TH-6 TH-7 TH-8 on class %s', (modelClass) => {
    const row = EFFORTS.map((asked) => {
      const { thinking, budgetTokens, effort, notice } = effortPlan(modelClass, asked);
      const what = [thinking, budgetTokens, effort].filter((piece) => piece !== undefined).join('+');
      return `${what || '-'}${notice ? '!' : ''}`;
    });
    expect(row.join(' ')).toBe(TABLE[modelClass]);
  });

  it('TH-7 says that 4.6 has no xhigh', () => {
    expect(effortPlan('F', 'xhigh').notice?.code).toBe('clamped');
  });
});

describe('effortOfBudget and budgetOfEffort', () => {
  it.each([
    [1024, 'low'],
    [2048, 'low'],
    [2049, 'medium'],
    [8192, 'medium'],
    [8193, 'high'],
    [24_000, 'high'],
    [24_001, 'xhigh'],
  ])('TH-19 takes %d tokens for effort %s', (budget, effort) => {
    expect(effortOfBudget(budget)).toBe(effort);
  });

  it('takes efforts for the budgets of the table', () => {
    expect(budgetOfEffort('medium')).toBe(4096);
  });
});
