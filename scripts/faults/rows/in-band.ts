import type { RowModule } from '../row.ts';

/** 2.6: errors inside a stream that began with a 200. A whole answer gets the status instead. */
export const inBandRows: RowModule = {
  title: 'Errors inside a 200 stream',
  rows: [
    { id: 'B1', faults: ['error-first'], expect: { caller: 'overloaded', cost: 'none' } },
    {
      id: 'B2',
      faults: ['error-before-content'],
      expect: { caller: 'overloaded', cost: 'in' },
      but: { whole: { cost: 'none' } },
    },
    {
      id: 'B3',
      faults: ['error-mid-stream', 'error-unnamed'],
      expect: { caller: 'overloaded', partial: true, cost: 'est' },
      but: { whole: { cost: 'none' } },
    },
    {
      id: 'B4',
      faults: ['error-mid-hang'],
      expect: { caller: 'overloaded', partial: true, cost: 'est' },
      but: { whole: { cost: 'none' } },
      check: ({ cell, tookMs }) =>
        cell.form === 'stream' && tookMs > 250 ? `waited ${Math.round(tookMs)} ms for the end` : undefined,
    },
    { id: 'B5', faults: ['error-bad-request-first'], expect: { caller: 'invalid_request', cost: 'none' } },
    {
      id: 'B6',
      faults: ['error-then-success'],
      expect: { caller: 'overloaded', partial: true, cost: 'est' },
      but: { whole: { cost: 'none' } },
    },
    {
      id: 'B7',
      faults: ['error-first;type=rate_limit_error'],
      expect: { caller: 'rate_limited', cost: 'none' },
    },
  ],
};
