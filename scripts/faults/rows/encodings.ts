import type { Facts } from '../facts.ts';
import type { FaultRow, RowModule } from '../row.ts';
import { linearEvents } from './many-streams.ts';

/** How a stream is written concerns streams alone. */
const STREAMS = ['stream', 'folded'] as const;

const good = (id: string, faults: readonly string[], more: Partial<FaultRow> = {}): FaultRow => ({
  id,
  faults,
  forms: STREAMS,
  expect: { caller: 'ok', cost: 'rep' },
  ...more,
});

const grewAtMost =
  (mb: number) =>
  ({ grownMb }: Facts): string | undefined =>
    grownMb <= mb ? undefined : `grew by ${Math.round(grownMb)} MiB, at most ${mb} allowed`;

/** Room for the lab, which writes what is read; what grows with the square of a size takes far more. */
const tookAtMost =
  (ms: number) =>
  ({ cpuMs }: Facts): string | undefined =>
    cpuMs <= ms ? undefined : `took ${Math.round(cpuMs)} ms of the processor, at most ${ms} allowed`;

const WIDE = 'Grüße-世界-😀';
const MIB = 1024 * 1024;

/** 2.3: encoding of the stream. */
export const encodingRows: RowModule = {
  title: 'Encoding of the stream',
  rows: [
    good('E1', ['crlf', 'cr', 'mixed-eol', 'crlf-split']),
    good('E2', ['bom']),
    good('E3', ['comments', 'id-retry-fields']),
    good('E4', ['multiline-data']),
    good('E5', ['no-space', 'no-event-names']),
    good('E6', ['event-name-mismatch']),
    good('E7', ['no-final-blank-line']),
    good('E8', ['split-bytes', 'split-bytes;size=1,2,3,4,5,6,7,8,9', 'split-bytes;size=7,1,30,2'], {
      lane: 'narrow',
    }),
    good('E9', ['one-chunk']),
    good('E10', ['utf8-split'], { lane: 'narrow', text: (nonce) => `${nonce}-${WIDE} ${nonce}-${WIDE}` }),
    good('E11', ['surrogate-split'], { text: (nonce) => `${nonce}-😀 ${nonce}` }),
    good('E12', ['lone-surrogate'], { text: (nonce) => `${nonce}-\ud83d- ${nonce}` }),
    good('E13', ['invalid-utf8'], { text: (nonce) => `${nonce}-\ufffd\ufffd ${nonce}` }),
    good('E13', ['nul-bytes'], { text: (nonce) => `${nonce}-\0 ${nonce}` }),
    good('E14', ['giant-event;mb=10'], {
      lane: 'alone',
      totalMs: 30_000,
      companies: ['alone'],
      quick: ['giant-event;mb=3'],
      text: (nonce, fault) => `${nonce}-${'x'.repeat(Number(/\d+/.exec(fault)?.[0]) * MIB)}`,
      check: tookAtMost(4_000),
    }),
    {
      id: 'E15',
      faults: ['endless-line'],
      lane: 'alone',
      companies: ['alone', 'pair'],
      forms: STREAMS,
      varies: true,
      // The cap is reached sooner than the first timer, unless the machine is very busy.
      expect: { caller: ['bad_response', 'timeout'], cost: 'in' },
      check: grewAtMost(3 * 64),
    },
    good('E16', ['many-tiny;count=400000'], {
      lane: 'alone',
      totalMs: 30_000,
      companies: ['alone'],
      quick: ['many-tiny;count=50000'],
      text: (nonce, fault) => nonce + ' a'.repeat(Number(/\d+/.exec(fault)?.[0])),
      check: tookAtMost(8_000),
    }),
    { id: 'E17', faults: ['gzip', 'br', 'deflate'], expect: { caller: 'ok', cost: 'rep' } },
    good('E17', ['gzip;gap=40', 'deflate;gap=40'], {
      check: ({ cell, got }) =>
        cell.form !== 'stream' || (got?.spreadMs ?? 0) >= 80
          ? undefined
          : `all pieces came within ${Math.round(got?.spreadMs ?? 0)} ms, not as they were flushed`,
    }),
    {
      id: 'E18',
      faults: ['gzip-truncated'],
      expect: { caller: ['stream_truncated', 'bad_response'], partial: true, cost: 'est' },
      but: { whole: { cost: 'unknown' } },
    },
    { id: 'E18', faults: ['gzip-lie'], expect: { caller: 'bad_response', cost: 'unknown' } },
    {
      id: 'E19',
      faults: ['gzip-bomb'],
      quick: ['gzip-bomb;mb=64'],
      lane: 'alone',
      companies: ['alone', 'pair'],
      varies: true,
      // It ends without an answer, unless the first timer is sooner.
      expect: { caller: ['stream_truncated', 'timeout', 'bad_response'], cost: 'unknown' },
      check: grewAtMost(64),
    },
    { id: 'E20', faults: ['encoding-chain'], expect: { caller: 'bad_response', cost: 'unknown' } },
  ],
  courses: [linearEvents],
};
