import type { RowModule } from '../row.ts';
import { connectionStorm, keptConnections } from './connections.ts';

/** On the JSON wire nothing comes before the whole answer, so that only the total of the request ends silence. */
const overdue = { whole: { caller: 'deadline_exceeded' } } as const;

/** 2.1: connections that go wrong before any content. */
export const before: RowModule = {
  title: 'Transport before any content',
  rows: [
    { id: 'T1', faults: ['@notfound'], expect: { caller: 'connection', next: 'F', cost: 'none' } },
    // No answer of a name server is worth another try, unlike its answer that there is no such name.
    { id: 'T1', faults: ['@again'], expect: { caller: 'connection', cost: 'none' } },
    { id: 'T2', faults: ['@slow'], expect: { caller: 'timeout', phase: 'connect', cost: 'none' } },
    { id: 'T3', faults: ['@refused'], expect: { caller: 'connection', next: 'F', cost: 'none' } },
    { id: 'T4', faults: ['@blackhole'], expect: { caller: 'timeout', phase: 'connect', cost: 'none' } },
    // Whether a byte had left by then is up to the kernel.
    { id: 'T5', faults: ['@acceptReset'], expect: { caller: 'connection', cost: ['none', 'unknown'] } },
    { id: 'T6', faults: ['@acceptClose'], expect: { caller: 'connection', cost: ['none', 'unknown'] } },
    {
      id: 'T7',
      faults: ['@acceptHang'],
      expect: { caller: 'timeout', phase: 'first_token', cost: 'unknown' },
      but: overdue,
    },
    { id: 'T8', faults: ['@plainForTls'], expect: { caller: 'connection', next: 'F', cost: 'none' } },
    { id: 'T9', faults: ['reset-before-headers'], expect: { caller: 'connection', cost: 'unknown' } },
    { id: 'T10', faults: ['close-before-headers'], expect: { caller: 'connection', cost: 'unknown' } },
    {
      id: 'T11',
      faults: ['reset-on-request'],
      forms: ['stream'],
      asking: { mb: 5 },
      patience: 5,
      lane: 'narrow',
      expect: { caller: 'connection', cost: 'unknown' },
    },
    {
      id: 'T12',
      faults: ['hang-before-headers'],
      expect: { caller: 'timeout', phase: 'first_token', cost: 'unknown' },
      but: overdue,
    },
    {
      id: 'T13',
      faults: ['no-read'],
      forms: ['stream'],
      companies: ['alone', 'pair'],
      asking: { mb: 20 },
      patience: 5,
      expect: { caller: 'timeout', phase: 'first_token', cost: 'unknown' },
      lane: 'alone',
      blindHost: true,
    },
    {
      id: 'T14',
      faults: ['slow-headers;ms=40'],
      expect: { caller: 'timeout', phase: 'first_token', cost: 'unknown' },
      but: overdue,
    },
    { id: 'T15', faults: ['partial-headers-close'], expect: { caller: 'connection', cost: 'unknown' } },
    { id: 'T16', faults: ['bad-status-line'], expect: { caller: 'bad_response', cost: 'unknown' } },
    { id: 'T17', faults: ['header-overflow'], expect: { caller: 'bad_response', cost: 'unknown' } },
    { id: 'T18', faults: ['informational-flood'], expect: { caller: 'ok', cost: 'rep' } },
    {
      id: 'T19',
      faults: ['early-413'],
      forms: ['stream'],
      asking: { mb: 5 },
      patience: 5,
      lane: 'narrow',
      expect: { caller: 'request_too_large', cost: 'none' },
    },
    { id: 'T20', faults: ['reset-after-headers'], expect: { caller: 'connection', cost: 'unknown' } },
    { id: 'T21', faults: ['close-after-headers'], expect: { caller: 'stream_truncated', cost: 'unknown' } },
    {
      id: 'T22',
      faults: ['hang-after-headers'],
      expect: { caller: 'timeout', phase: 'first_token', cost: 'unknown' },
      but: overdue,
    },
    {
      id: 'T23',
      faults: ['reset-before-content'],
      expect: { caller: 'connection', cost: 'in' },
    },
    {
      id: 'T24',
      faults: ['stall-before-content'],
      expect: { caller: 'timeout', phase: 'first_token', cost: 'in' },
      but: overdue,
    },
  ],
  courses: [keptConnections, connectionStorm],
};
