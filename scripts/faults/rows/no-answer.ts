import type { Facts } from '../facts.ts';
import type { RowModule } from '../row.ts';

const STREAMS = ['stream', 'folded'] as const;

const noPage = ({ got }: Facts): string | undefined =>
  got?.error && /<html|<body|Welcome back/.test(got.error.shown) ? 'the page stands in the error' : undefined;

/** 2.4: a 200 that is no answer. */
export const noAnswerRows: RowModule = {
  title: 'A 200 that is no answer',
  rows: [
    { id: 'N1', faults: ['html-200'], expect: { caller: 'bad_response', cost: 'unknown' }, check: noPage },
    { id: 'N2', faults: ['html-as-sse'], expect: { caller: 'bad_response', cost: 'unknown' }, check: noPage },
    {
      id: 'N3',
      faults: ['json-error-200', 'json-error-as-sse'],
      expect: { caller: 'overloaded', cost: 'none' },
    },
    { id: 'N4', faults: ['json-for-stream'], forms: STREAMS, expect: { caller: 'ok', cost: 'rep' } },
    {
      id: 'N5',
      faults: ['sse-for-json'],
      forms: ['whole'],
      expect: { caller: 'ok', cost: 'rep' },
      // A stream tells its usage only where it was asked to, and nobody asks that of JSON.
      but: { openai: { cost: 'unknown' } },
    },
    { id: 'N6', faults: ['wrong-content-type', 'no-content-type'], expect: { caller: 'ok', cost: 'rep' } },
    {
      id: 'N7',
      faults: ['empty-200', 'status-204'],
      expect: { caller: 'bad_response', next: 'R', cost: 'unknown' },
    },
    {
      id: 'N8',
      faults: ['zero-events', 'only-pings'],
      expect: { caller: ['stream_truncated', 'bad_response'], next: 'R', cost: 'unknown' },
    },
    { id: 'N9', faults: ['no-content'], expect: { caller: 'ok', cost: 'rep' }, text: () => '' },
  ],
};
