import * as z from 'zod';

/** Whose spending adds up: everybody's, each tenant's, provider's, key's, or each value's of a label in `metadata`. */
export type BudgetScope = 'pool' | 'tenant' | 'provider' | 'key' | { readonly label: string };

/**
 * A hard cap on spending. Each attempt reserves the most that it can cost before it is sent, and gives back the rest
 * when it ends.
 *
 * Spending stays within the limit as long as hosts keep to `max_tokens` and their prices; beyond it is at most what
 * the attempts under way turn out to cost over their bounds.
 */
export interface Budget {
  /** In US dollars, > 0. A function is asked when a tenant, key or label first comes; `undefined` is no limit. */
  readonly limitUsd: number | ((of: string) => number | undefined);
  /**
   * So many milliseconds back from now, or since the last boundary in UTC: the hour, day, week (from Monday) or
   * month.
   */
  readonly window: { readonly rollingMs: number } | 'hour' | 'day' | 'week' | 'month';
  /** A tenant's, or a label's, only counts requests that name one. @default 'pool' */
  readonly per?: BudgetScope;
  /** What errors and events call it. @default its scope and window, as in `tenant per day` */
  readonly name?: string;
  /** Share of the limit at which `budget.threshold` is told, once in a window; 0 to 1. @default 0.8 */
  readonly warnAt?: number;
  /** A target without a price: not used, since it could cost anything, or used and not counted. @default 'refuse' */
  readonly unpriced?: 'refuse' | 'allow';
}

const units = z.enum(['hour', 'day', 'week', 'month']);

const limitUsd = z.number().positive().max(9_000_000);

/** One entry of `cost.budgets`. */
export const budgetShape: z.ZodType<Budget> = z.strictObject({
  limitUsd: z.union([
    limitUsd,
    z.custom<(of: string) => number | undefined>(
      (value) => typeof value === 'function',
      'must be a number or a function',
    ),
  ]),
  window: z.union([
    units,
    z.strictObject({
      rollingMs: z
        .number()
        .min(1_000)
        .max(366 * 86_400_000),
    }),
  ]),
  per: z
    .union([
      z.enum(['pool', 'tenant', 'provider', 'key']),
      z.strictObject({ label: z.string().min(1).max(256) }),
    ])
    .exactOptional(),
  name: z.string().min(1).max(256).exactOptional(),
  warnAt: z.number().min(0).max(1).exactOptional(),
  unpriced: z.enum(['refuse', 'allow']).exactOptional(),
});

/** What a function of the caller's returned, in US dollars. */
export const limitUsdShape: z.ZodType<number | undefined> = limitUsd.optional();
