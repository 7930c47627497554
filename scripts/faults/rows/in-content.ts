import type { Expect, FaultRow, RowModule } from '../row.ts';
import { timeouts } from '../stand.ts';
import { halfOpen } from './half-open.ts';
import { manyPauses, manyStalls } from './many-streams.ts';

const broken = (caller: 'connection' | 'stream_truncated'): Expect => ({
  caller,
  partial: true,
  cost: 'est',
});

/** Nothing of an answer in JSON counts before all of it is there. */
const wholeUnknown = { whole: { cost: 'unknown' } } as const;
const cut = (id: string, fault: string, caller: 'connection' | 'stream_truncated'): FaultRow => ({
  id,
  faults: [fault],
  expect: broken(caller),
  but: wholeUnknown,
});

/** A complete answer on a stream, whatever comes then; JSON has nothing behind its end. */
const complete = (id: string, faults: readonly string[], withinMs = 1_000): FaultRow => ({
  id,
  faults,
  forms: ['stream', 'folded'],
  expect: { caller: 'ok', cost: 'rep' },
  // There the usage comes behind the finish reason, and may be lost with what is.
  but: { openai: { cost: ['rep', 'unknown'] } },
  check: ({ tookMs }) => (tookMs <= withinMs ? undefined : `took ${Math.round(tookMs)} ms`),
});

const silent = (id: string, fault: string, phase: 'idle' | 'progress'): FaultRow => ({
  id,
  faults: [fault],
  expect: { caller: 'timeout', phase, partial: true, cost: 'est' },
  but: { whole: { caller: 'deadline_exceeded', cost: 'unknown' } },
  check: ({ cell, got, tookMs }) => {
    const dueMs = phase === 'idle' ? timeouts.idleMs : timeouts.progressMs;
    const isTimed = cell.form === 'stream' && got?.error?.phase === phase;
    // Late it may be, on a busy machine; early never.
    return isTimed && tookMs < dueMs * 0.95
      ? `fired after ${Math.round(tookMs)} ms, due at ${dueMs}`
      : undefined;
  },
});

/** 2.2: connections that go wrong in and after the content. */
export const inContentRows: RowModule = {
  title: 'Transport in and after the content',
  rows: [
    cut('T30', 'reset-mid-event', 'connection'),
    cut('T31', 'close-mid-event', 'stream_truncated'),
    cut('T32', 'eof-mid-event', 'stream_truncated'),
    cut('T33', 'reset-mid-stream', 'connection'),
    cut('T34', 'close-mid-stream', 'stream_truncated'),
    cut('T35', 'eof-mid-stream', 'stream_truncated'),
    cut('T35', 'eof-mid-stream-close', 'stream_truncated'),
    cut('T36', 'eof-before-finish', 'stream_truncated'),
    {
      ...complete('T37', ['eof-before-stop']),
      // On OpenAI's wire many hosts never send the marker, and a warning of each answer would say nothing.
      check: ({ cell, got }) =>
        cell.wire === 'openai' || got?.warnings.includes('missing_end') ? undefined : 'nothing is told of it',
    },
    complete('T38', ['reset-before-stop', 'reset-after-stop']),
    // 50 ms by the catalogue; the rest is for a machine that runs many of these at once.
    complete('T39', ['hang-after-stop'], 300),
    silent('T40', 'stall', 'idle'),
    silent('T41', 'stall-mid-event', 'idle'),
    silent('T42', 'keepalive-only', 'progress'),
    { id: 'T43', faults: ['stall;ms=120'], expect: { caller: 'ok', cost: 'rep' } },
    {
      id: 'T44',
      faults: ['drip;ms=60;n=12'],
      expect: { caller: 'ok', cost: 'rep' },
      companies: ['alone', 'pair'],
      text: (nonce) => Array.from({ length: 12 }, (_, at) => `${at === 0 ? '' : ' '}${nonce}.${at}`).join(''),
    },
    cut('T45', 'content-length-short', 'stream_truncated'),
    {
      id: 'T46',
      faults: ['content-length-long'],
      expect: { caller: 'ok', cost: 'rep' },
      check: ({ got }) =>
        got?.text.includes('PLANTED') ? 'the planted response reached the caller' : undefined,
    },
    {
      id: 'T47',
      faults: ['bad-chunk-size'],
      expect: { caller: 'bad_response', partial: true, cost: 'est' },
      but: wholeUnknown,
    },
    { id: 'T48', faults: ['trailers'], expect: { caller: 'ok', cost: 'rep' } },
  ],
  courses: [manyStalls, manyPauses, halfOpen],
};
