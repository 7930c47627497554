import { describe, expect, it } from 'vitest';
import { type Cell, cellsOf, endingsOf, nameOf } from '../../../scripts/faults/cells.ts';
import { consequenceOf, triesBeforeFailover } from '../../../scripts/faults/codes.ts';
import type { Company, FaultRow, Form } from '../../../scripts/faults/row.ts';
import { modules } from '../../../scripts/faults/rows/index.ts';
import type { ProviderErrorCode } from '../../../src/errors/codes.ts';
import { isProviderErrorCode } from '../../../src/errors/is-runestone-error.ts';
import { policy } from '../../../src/errors/policy.ts';

const row = (expect: FaultRow['expect'], more: Partial<FaultRow> = {}): FaultRow => ({
  id: 'T0',
  faults: ['ok'],
  expect,
  ...more,
});
const cell = (form: Form, company: Company, of: FaultRow): Cell => ({
  row: of,
  fault: 'ok',
  wire: 'anthropic',
  form,
  company,
});
const ending = (form: Form, company: Company, of: FaultRow) => {
  const [first] = endingsOf(cell(form, company, of));
  return first && [first.caller, first.partial, first.faulty, first.healthy, first.lesson];
};

describe('cells', () => {
  it('are every wire, form and company of every fault', () => {
    expect(cellsOf(row({ caller: 'ok', cost: 'rep' }, { faults: ['ok', 'stall;ms=5'] }))).toHaveLength(
      2 * 2 * 3 * 3,
    );
  });

  it('are on the wires that the lab has a fault on, unless a row says otherwise', () => {
    const one = row({ caller: 'ok', cost: 'rep' }, { faults: ['spliced-message'] });
    expect(new Set(cellsOf(one).map(({ wire }) => wire))).toEqual(new Set(['anthropic']));
    expect(cellsOf({ ...one, wires: ['openai'] })[0]?.wire).toBe('openai');
  });

  it('recover nowhere outside of the lab', () => {
    const outside = row({ caller: 'connection', cost: 'none' }, { faults: ['@refused'] });
    expect(new Set(cellsOf(outside).map(({ company }) => company))).toEqual(new Set(['alone', 'pair']));
  });

  it('of a quick run are fewer, and of what needs the machine one for each wire', () => {
    const usual = row({ caller: 'ok', cost: 'rep' }, { quick: ['stall;ms=5'] });
    expect(cellsOf(usual, true)).toHaveLength(2 * (3 + 1 + 2));
    expect(cellsOf(usual, true)[0]?.fault).toBe('stall;ms=5');
    expect(cellsOf({ ...usual, lane: 'alone' }, true)).toHaveLength(2);
  });

  it('have a name to be run again by', () => {
    const [first] = cellsOf(row({ caller: 'ok', cost: 'rep' }));
    expect(first && nameOf(first)).toBe('T0 ok anthropic stream alone');
  });
});

describe('what is due', () => {
  const reset = row({ caller: 'connection', cost: 'unknown' });
  const cut = row({ caller: 'connection', partial: true, cost: 'est' });
  const silent = row({ caller: 'timeout', cost: 'unknown' });
  const refused = row({ caller: 'invalid_request', cost: 'none' });
  const busy = row({ caller: 'overloaded', cost: 'none' });
  const limited = row({ caller: 'rate_limited', cost: 'none' });
  const asked = row({ caller: 'invalid_request', next: 'again', cost: 'none' });
  const late = row({ caller: 'deadline_exceeded', cost: 'unknown' });

  it.each<[string, Form, Company, FaultRow, unknown]>([
    ['a reset is tried twice', 'stream', 'alone', reset, ['connection', false, 2, 0, 'failure']],
    ['… and works the second time', 'stream', 'recovers', reset, ['ok', false, 2, 0, undefined]],
    ['… and then elsewhere', 'stream', 'pair', reset, ['ok', false, 2, 1, 'failure']],
    ['after content nothing is', 'stream', 'alone', cut, ['connection', true, 1, 0, 'failure']],
    ['… nor elsewhere', 'stream', 'pair', cut, ['connection', true, 1, 0, 'failure']],
    ['… unless the caller waits for the whole', 'whole', 'pair', cut, ['ok', false, 2, 1, 'failure']],
    [
      '… of which the first content is a success',
      'folded',
      'alone',
      cut,
      ['connection', false, 2, 0, undefined],
    ],
    ['silence is tried elsewhere alone', 'stream', 'pair', silent, ['ok', false, 1, 1, 'failure']],
    ['… and not again', 'stream', 'recovers', silent, ['timeout', false, 1, 0, 'failure']],
    ['a bad request nowhere', 'stream', 'pair', refused, ['invalid_request', false, 1, 0, 'none']],
    ['… unless the host asks for it', 'stream', 'pair', asked, ['invalid_request', false, 2, 0, 'none']],
    ['an overload at a free equal first', 'stream', 'pair', busy, ['ok', false, 1, 1, 'failure']],
    ['a limit is waited for', 'stream', 'alone', limited, ['rate_limited', false, 2, 0, 'cooldown']],
    ['… or passed by', 'stream', 'pair', limited, ['ok', false, 1, 1, 'cooldown']],
    ['a deadline leaves others their time', 'whole', 'pair', late, ['ok', false, 1, 1, undefined]],
  ])('%s', (_, form, company, of, due) => {
    expect(ending(form, company, of)).toEqual(due);
  });

  it('may be one of several, and differ by wire and form, the wire last', () => {
    const either = row({ caller: ['ok', 'bad_response'], cost: ['rep', 'est'] });
    expect(endingsOf(cell('stream', 'alone', either)).map(({ caller }) => caller)).toEqual([
      'ok',
      'bad_response',
    ]);
    const but = row(
      { caller: 'ok', cost: 'rep' },
      { but: { whole: { caller: 'timeout' }, anthropic: { caller: 'redirect' } } },
    );
    expect(ending('stream', 'alone', but)?.[0]).toBe('redirect');
    expect(endingsOf({ ...cell('whole', 'alone', but), wire: 'openai' })[0]?.caller).toBe('timeout');
  });

  it('is what a row with a course of its own says', () => {
    const own = row({ caller: 'ok', cost: 'rep' }, { asked: [2, 0] });
    expect(ending('stream', 'alone', own)).toEqual(['ok', false, 2, 0, undefined]);
  });
});

describe('the error table', () => {
  const codes = Object.keys(policy).filter(
    (code): code is ProviderErrorCode => isProviderErrorCode(code) && code !== 'content_filtered',
  );

  it.each(codes)('written twice says the same of %s', (code) => {
    const { next, lesson } = consequenceOf(code);
    const { retry, failover, breaker } = policy[code];
    expect(lesson).toBe(breaker);
    // Timers of our own are never repeated at the same target; a 408 says so in its row.
    if (code !== 'timeout') expect(next === 'R' || next === 'W').toBe(retry);
    expect(next !== 'no').toBe(failover === true);
  });

  it('tries twice at most', () => {
    expect(triesBeforeFailover('server_error', 'R')).toBe(2);
    expect(triesBeforeFailover('overloaded', 'R')).toBe(1);
    expect(triesBeforeFailover('invalid_request', 'again')).toBe(2);
    expect(triesBeforeFailover('timeout', 'F')).toBe(1);
  });
});

describe('the rows', () => {
  const ids = modules.flatMap(({ rows = [], courses = [] }) => [...rows, ...courses].map(({ id }) => id));
  const section = (letter: string, last: number, from = 1): string[] =>
    Array.from({ length: last - from + 1 }, (_, at) => `${letter}${from + at}`);

  it('are those of the catalogue, each of them', () => {
    const due = [
      ...section('T', 26),
      ...section('T', 49, 30),
      ...[section('E', 20), section('N', 9), section('V', 17), section('B', 7), section('G', 6)].flat(),
      ...[section('U', 6), section('S', 22), section('X', 3)].flat(),
    ];
    expect(due.filter((id) => !ids.includes(id))).toEqual([]);
  });
});
