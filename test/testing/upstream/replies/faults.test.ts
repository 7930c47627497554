import { describe, expect, it } from 'vitest';
import type { Reply } from '../../../../src/testing/upstream/index.ts';
import { text } from '../../../../src/testing/upstream/replies/answers.ts';
import {
  cut,
  dropBeforeHeaders,
  errorEvent,
  hangBeforeHeaders,
  pings,
  stall,
} from '../../../../src/testing/upstream/replies/faults.ts';

describe('faults of an answer', () => {
  it.each<{ name: string; made: Reply; fault: object }>([
    { name: 'cut()', made: cut(), fault: { kind: 'end', after: 1, how: 'eof', midEvent: false } },
    {
      name: 'cut({ after, how, midEvent })',
      made: cut({ after: 'finish', how: 'reset', midEvent: true }),
      fault: { kind: 'end', after: 'finish', how: 'reset', midEvent: true },
    },
    {
      name: 'stall()',
      made: stall(),
      fault: { kind: 'stall', after: 1, ms: Number.POSITIVE_INFINITY, midEvent: false },
    },
    {
      name: 'stall({ after, ms })',
      made: stall({ after: 0, ms: 40 }),
      fault: { kind: 'stall', after: 0, ms: 40, midEvent: false },
    },
    {
      name: 'pings()',
      made: pings(),
      fault: { kind: 'pings', after: 1, everyMs: 20, ms: Number.POSITIVE_INFINITY },
    },
    {
      name: 'errorEvent()',
      made: errorEvent(),
      fault: { kind: 'error_event', after: 1, type: 'overloaded_error', message: 'Overloaded', how: 'eof' },
    },
    {
      name: 'errorEvent({ after: 0, type, how })',
      made: errorEvent({ after: 0, type: 'rate_limit_error', message: 'slow', how: 'hang' }),
      fault: { kind: 'error_event', after: 0, type: 'rate_limit_error', message: 'slow', how: 'hang' },
    },
  ])('$name', ({ made, fault }) => {
    expect(made).toEqual({ kind: 'answer', faults: [fault] });
  });

  it('strike the answer they are given, which keeps its pace and its own faults', () => {
    const answer = text('one two', { delayMs: 4 });
    const made = cut({ after: 1, answer: stall({ after: 0, ms: 9, answer }) });
    expect(made).toMatchObject({ ...answer, pace: { delayMs: 4 } });
    expect(made.faults?.map((fault) => fault.kind)).toEqual(['stall', 'end']);
  });

  it('leave the answer they are given as it was', () => {
    const answer = text('one');
    cut({ answer });
    expect(answer.faults).toBeUndefined();
  });
});

describe('no response at all', () => {
  it('hangs, resets or closes', () => {
    expect(hangBeforeHeaders()).toEqual({ kind: 'silent', how: 'hang' });
    expect(dropBeforeHeaders()).toEqual({ kind: 'silent', how: 'reset', firstMs: 0 });
    expect(dropBeforeHeaders('close', 30)).toEqual({ kind: 'silent', how: 'close', firstMs: 30 });
  });
});
