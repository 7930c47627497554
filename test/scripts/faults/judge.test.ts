import type { AttemptRecord } from 'runestone';
import { labWords } from 'runestone/testing';
import { describe, expect, it } from 'vitest';
import { PROMPT_CANARY } from '../../../scripts/faults/ask.ts';
import type { Cell } from '../../../scripts/faults/cells.ts';
import type { Facts, Failed, Got } from '../../../scripts/faults/facts.ts';
import { judge } from '../../../scripts/faults/judge.ts';
import type { FaultRow } from '../../../scripts/faults/row.ts';
import { KEY_CANARY } from '../../../scripts/faults/stand.ts';

const NONCE = 'nonce-5q';
const WHOLE = labWords(NONCE).join('');
const HALF = labWords(NONCE).slice(0, 2).join('');

const ok: FaultRow = { id: 'E0', faults: ['ok'], expect: { caller: 'ok', cost: 'rep' } };
const cut: FaultRow = {
  id: 'T0',
  faults: ['ok'],
  expect: { caller: 'connection', partial: true, cost: 'est' },
};
const reset: FaultRow = { id: 'T0', faults: ['ok'], expect: { caller: 'connection', cost: 'unknown' } };

const cellOf = (row: FaultRow, more: Partial<Cell> = {}): Cell => ({
  row,
  fault: 'ok',
  wire: 'anthropic',
  form: 'stream',
  company: 'alone',
  ...more,
});

const attempt = (more: Partial<AttemptRecord> = {}): AttemptRecord => ({
  attempt: 1,
  provider: 'faulty',
  model: 'm',
  target: 'faulty/m',
  waitedMs: 0,
  outcome: 'ok',
  durationMs: 1,
  usage: { inputTokens: 3, outputTokens: 4 },
  costUsd: 0.1,
  precision: 'reported',
  ...more,
});

const answered: Got = {
  text: WHOLE,
  finish: 'stop',
  toolCalls: [],
  model: 'm',
  usage: undefined,
  costUsd: undefined,
  warnings: [],
  attempts: [attempt()],
  roles: 1,
  finishes: 1,
  spreadMs: 0,
  error: undefined,
};

const failure: Failed = {
  code: 'connection',
  phase: undefined,
  committed: true,
  partial: HALF,
  retryAfterMs: undefined,
  message: 'faulty: connection reset',
  shown: '',
};

const broke: Got = {
  ...answered,
  text: HALF,
  finish: undefined,
  attempts: [attempt({ outcome: 'error', code: 'connection', precision: 'estimated' })],
  error: failure,
};

const facts = (cell: Cell, got: Got | undefined, more: Partial<Facts> = {}): Facts => ({
  cell,
  nonce: NONCE,
  got,
  faulty: 1,
  healthy: 0,
  tookMs: 1,
  lesson: 'none',
  cooldownMs: 0,
  leaks: [],
  told: '[]',
  standing: [],
  cpuMs: 1,
  grownMb: 0,
  ...more,
});

const complaintsOf = (each: Facts): string => judge(each).complaints.join('\n');

describe('an answer that is due', () => {
  it('passes', () => {
    expect(judge(facts(cellOf(ok), answered))).toEqual({
      complaints: [],
      hang: false,
      silentCut: false,
      foreign: false,
    });
  });

  it.each<[string, Partial<Got>, RegExp]>([
    ['other text', { text: `${WHOLE}!` }, /text ".*!", not/],
    ['no finish reason', { finish: undefined }, /no finish reason/],
    ['two roles', { roles: 2 }, /2 chunks with a role/],
    ['two finishes', { finishes: 2 }, /2 chunks with a finish/],
    ['an error', { error: failure }, /connection .*, not an answer/],
    ['a cost that is no number', { attempts: [attempt({ costUsd: Number.NaN })] }, /cost wrong/],
    ['a cost of nothing', { attempts: [attempt({ costUsd: 0, usage: undefined })] }, /cost none, not rep/],
    ['a cost that is guessed', { attempts: [attempt({ precision: 'estimated' })] }, /cost est, not rep/],
    ['an unknown cost that is a number', { attempts: [attempt({ precision: 'unknown' })] }, /cost wrong/],
  ])('fails with %s', (_, more, complaint) => {
    expect(complaintsOf(facts(cellOf(ok), { ...answered, ...more }))).toMatch(complaint);
  });

  it.each<[string, Partial<Facts>, RegExp]>([
    ['a request too many', { faulty: 2 }, /asked 2 \+ 0 times, not 1 \+ 0/],
    ['a request elsewhere', { healthy: 1 }, /asked 1 \+ 1/],
    ['a circuit that opened', { lesson: 'failure' }, /learnt failure, not none/],
    ['something left over', { standing: ['1 × timer running'] }, /timer running/],
    [
      'a redirect followed',
      { leaks: [{ method: 'GET', host: 'h', path: '/p' }] },
      /followed a redirect: GET h\/p/,
    ],
    ['the key in an event', { told: `"${KEY_CANARY}"` }, /the key in an event/],
    ['the prompt in an event', { told: PROMPT_CANARY }, /the prompt in an event/],
    ['the answer in an event', { told: NONCE }, /the answer in an event/],
  ])('fails with %s', (_, more, complaint) => {
    expect(complaintsOf(facts(cellOf(ok), answered, more))).toMatch(complaint);
  });

  it('fails by the special check of its row', () => {
    const row: FaultRow = { ...ok, check: ({ tookMs }) => (tookMs > 5 ? 'slow' : undefined) };
    expect(complaintsOf(facts(cellOf(row), answered))).toBe('');
    expect(complaintsOf(facts(cellOf(row), answered, { tookMs: 6 }))).toBe('slow');
  });
});

describe('the three that are counted', () => {
  it('a hang is a request of which nothing came', () => {
    expect(judge(facts(cellOf(ok), undefined))).toMatchObject({
      hang: true,
      complaints: [expect.any(String)],
    });
  });

  it.each(['', HALF, WHOLE.slice(0, -1)])(
    'a silent cut is a beginning that calls itself whole: %j',
    (text) => {
      const verdict = judge(facts(cellOf(ok), { ...answered, text }));
      expect(verdict).toMatchObject({ silentCut: true, hang: false });
      expect(verdict.complaints.length).toBeGreaterThan(0);
      expect(judge(facts(cellOf(cut), { ...answered, text })).silentCut).toBe(true);
    },
  );

  it('an error with a beginning is none', () => {
    expect(judge(facts(cellOf(cut), broke, { lesson: 'failure' })).silentCut).toBe(false);
  });

  it.each<[string, Partial<Got>]>([
    ['in the answer', { text: WHOLE.replace('nonce-5q.2', 'nonce-6q.2') }],
    ['in a tool call', { toolCalls: [{ id: 'a', name: 'f', arguments: '{"city":"nonce-6q"}' }] }],
    ['in a partial answer', { error: { ...failure, partial: 'nonce-6q.0' } }],
  ])('foreign text is the nonce of another request, %s', (_, more) => {
    const verdict = judge(facts(cellOf(ok), { ...answered, ...more }));
    expect(verdict).toMatchObject({ foreign: true });
    expect(verdict.complaints.join()).toContain('nonce-6q');
  });
});

describe('an error that is due', () => {
  const due = (got: Got, more: Partial<Facts> = {}): Facts =>
    facts(cellOf(cut), got, { lesson: 'failure', ...more });

  it('passes', () => {
    expect(complaintsOf(due(broke))).toBe('');
  });

  it.each<[string, Partial<Failed>, RegExp]>([
    ['another code', { code: 'timeout' }, /timeout .*, not connection/],
    ['no mark', { committed: false }, /not marked as committed/],
    ['no partial', { partial: undefined }, /no partial answer/],
    ['a partial of its own', { partial: 'something' }, /the caller saw .* the error "something"/],
    ['a partial that is no beginning', { partial: 'something' }, /no beginning of the answer/],
    ['the prompt in it', { shown: PROMPT_CANARY }, /the prompt in the error/],
    ['the key in it', { shown: KEY_CANARY }, /the key in the error/],
    ['the answer in it', { shown: NONCE }, /the answer in the error/],
  ])('fails with %s', (_, more, complaint) => {
    expect(complaintsOf(due({ ...broke, error: { ...failure, ...more } }))).toMatch(complaint);
  });

  it('fails where an answer came instead', () => {
    expect(complaintsOf(due(answered))).toMatch(/an answer \(.*\), not connection/);
  });

  it('fails by the phase', () => {
    const row: FaultRow = {
      ...reset,
      expect: { caller: 'timeout', phase: 'idle', partial: true, cost: 'est' },
    };
    const error: Failed = { ...failure, code: 'timeout', phase: 'progress' };
    const timed = facts(cellOf(row), { ...broke, error }, { lesson: 'failure' });
    expect(complaintsOf(timed)).toBe('phase progress, not idle');
  });

  it('may be estimated, or unknown where nothing was reported, but never free', () => {
    const cost = (more: Partial<AttemptRecord>): string =>
      complaintsOf(due({ ...broke, attempts: [{ ...(broke.attempts[0] ?? attempt()), ...more }] }));
    expect(cost({ precision: 'unknown', costUsd: undefined })).toBe('');
    expect(cost({ precision: 'reported', costUsd: 0, usage: undefined })).toMatch(/cost none, not est/);
  });

  it('is that of the attempts that met the fault, not of the one that was repeated well', () => {
    const cell = cellOf(reset, { company: 'recovers' });
    const failedFirst = attempt({ outcome: 'error', precision: 'unknown', costUsd: undefined });
    const got = { ...answered, attempts: [failedFirst, attempt()] };
    expect(complaintsOf(facts(cell, got, { faulty: 2 }))).toBe('');
    expect(
      complaintsOf(
        facts(cell, { ...got, attempts: [attempt({ outcome: 'error' }), attempt()] }, { faulty: 2 }),
      ),
    ).toMatch(/cost rep, not unknown/);
  });
});

describe('of several endings', () => {
  const either: FaultRow = {
    ...ok,
    expect: { caller: ['ok', 'connection'], partial: true, cost: ['rep', 'est'] },
  };

  it('any will do', () => {
    expect(complaintsOf(facts(cellOf(either), answered))).toBe('');
    expect(complaintsOf(facts(cellOf(either), broke, { lesson: 'failure' }))).toBe('');
  });

  it('but none in between', () => {
    expect(complaintsOf(facts(cellOf(either), { ...answered, text: HALF }))).toMatch(/text/);
  });
});
