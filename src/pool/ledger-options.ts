import * as z from 'zod';
import { Ledger } from '../ledger/ledger.ts';
import type { LedgerSink } from '../ledger/ledger-sink.ts';
import { labelName } from '../ledger/spend-query.ts';
import type { Teller } from '../middleware/telemetry.ts';

/** The account of every attempt. Sums are always kept in memory; rows go to a sink if there is one. */
export interface LedgerOptions {
  /** Where rows are kept beyond the process, such as `sqliteLedger`. The pool closes it. @default none */
  readonly sink?: LedgerSink;
  /** Labels of a call's `metadata` that rows carry, by name: letters, digits, `_` and `-`. @default none */
  readonly labels?: readonly string[];
  /** Longest time until a row is written to the sink, in milliseconds. @default the sink's own, or 100 */
  readonly flushMs?: number;
  /** Rows in one write. Integer ≥ 1. @default 500 */
  readonly maxBatch?: number;
  /** Rows that may wait while the sink fails; further ones are lost, and `ledger.failed` says so. @default 10_000 */
  readonly maxBuffer?: number;
}

const aFunction = z.custom<(...args: never[]) => unknown>(
  (value) => typeof value === 'function',
  'must be a function',
);

/** The section `ledger` of a pool's options. */
export const ledgerShape: z.ZodType<object> = z.strictObject({
  // Loose, because a sink is an object of the user's own, with a prototype perhaps.
  sink: z
    .looseObject({
      write: aFunction,
      flush: aFunction.optional(),
      spend: aFunction.optional(),
      close: aFunction.optional(),
    })
    .optional(),
  labels: z
    .array(z.string().regex(labelName, 'must be up to 64 letters, digits, `_` or `-`'))
    .max(32)
    .optional(),
  flushMs: z
    .number()
    .min(1)
    .max(2 ** 31 - 1)
    .optional(),
  maxBatch: z.int().min(1).optional(),
  maxBuffer: z.int().min(1).optional(),
});

/** The ledger of a pool, which tells of its failures. */
export function ledgerOf(options: LedgerOptions | undefined, { emit, epochMs }: Teller): Ledger {
  return new Ledger({
    ...options,
    epochMs,
    onFailure: (failure) => {
      if (emit.wants('ledger.failed')) emit('ledger.failed', { at: epochMs(), ...failure });
    },
  });
}
