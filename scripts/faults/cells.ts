import type { ErrorCode } from 'runestone';
import { labFaults, type WireName } from 'runestone/testing';
import { consequenceOf, triesBeforeFailover } from './codes.ts';
import type { Company, Cost, Expect, FaultRow, Form, Lesson } from './row.ts';

/** One run of the matrix: a fault, in one form, on one wire, in one company. */
export interface Cell {
  readonly row: FaultRow;
  readonly fault: string;
  readonly wire: WireName;
  readonly form: Form;
  readonly company: Company;
}

/** How a cell may end. */
export interface Ending {
  readonly caller: 'ok' | ErrorCode;
  readonly phase: Expect['phase'];
  readonly partial: boolean;
  readonly faulty: number;
  readonly healthy: number;
  /** Of each attempt that met the fault. */
  readonly costs: readonly Cost[];
  /** What the faulty target has learnt; `undefined` where a success may have come after it. */
  readonly lesson: Lesson | undefined;
}

const WIRES: readonly WireName[] = ['anthropic', 'openai'];
const FORMS: readonly Form[] = ['stream', 'folded', 'whole'];

/** All cells of a row, or of a quick run those that say most. */
export function cellsOf(row: FaultRow, quick = false): Cell[] {
  const cells = allCells(row, quick ? (row.quick ?? row.faults) : row.faults);
  if (!quick) return cells;
  // What needs much of the machine is run once on each wire.
  const [first] = cells;
  if (row.lane) return cells.filter(({ form, company }) => form === first?.form && company === first.company);
  return cells.filter(
    ({ form, company }) =>
      form === 'stream' || company === 'pair' || (form === 'whole' && company === 'alone'),
  );
}

function allCells(row: FaultRow, faults: readonly string[]): Cell[] {
  return faults.flatMap((fault) => {
    const outside = fault.startsWith('@');
    const name = /^[^;?]*/.exec(fault)?.[0] ?? '';
    const wires = row.wires ?? labFaults[name]?.wires ?? WIRES;
    const companies: readonly Company[] = outside ? ['alone', 'pair'] : ['alone', 'recovers', 'pair'];
    return wires.flatMap((wire) =>
      (row.forms ?? FORMS).flatMap((form) =>
        (row.companies ?? companies).map((company) => ({ row, fault, wire, form, company })),
      ),
    );
  });
}

/** How to name a cell: `T33 reset-mid-stream openai stream pair`. */
export function nameOf({ row, fault, wire, form, company }: Cell): string {
  return [row.id, fault, wire, form, company].join(' ');
}

/** What a row expects of a cell, before it is worked out. */
export function expectOf({ row, wire, form }: Cell): Expect {
  return { ...row.expect, ...row.but?.[form], ...row.but?.[wire] };
}

/** Every way in which a cell may end. */
export function endingsOf(cell: Cell): Ending[] {
  const expect = expectOf(cell);
  const callers = typeof expect.caller === 'string' ? [expect.caller] : expect.caller;
  return callers.map((caller) => {
    const ending = caller === 'ok' ? wellEnding(expect) : badEnding(cell, expect, caller);
    const { asked, varies } = cell.row;
    // A sequence of its own mixes what a target learns.
    if (asked) return { ...ending, faulty: asked[0], healthy: asked[1], lesson: undefined };
    return varies ? { ...ending, lesson: undefined } : ending;
  });
}

/** The first that a row names: what the pool is set up for. */
export function mainEnding(cell: Cell): Ending {
  const [first] = endingsOf(cell);
  if (!first) throw new RangeError(`${nameOf(cell)} expects nothing`);
  return first;
}

function wellEnding(expect: Expect): Ending {
  return { ...NOTHING, caller: 'ok', faulty: 1, costs: costsOf(expect), lesson: 'none' };
}

/** The fault shows: as an error, or as further attempts and an answer from whoever is well. */
function badEnding({ company, form }: Cell, expect: Expect, code: ErrorCode): Ending {
  const { next = consequenceOf(code).next } = expect;
  // A success at the first content goes before each failure, so that none of them is the second in a row.
  const isMixed = expect.partial && form === 'folded';
  const lesson = isMixed ? undefined : (expect.lesson ?? consequenceOf(code).lesson);
  const failed = (faulty: number): Ending => ({
    ...NOTHING,
    caller: code,
    phase: code === 'timeout' ? expect.phase : undefined,
    faulty,
    lesson,
    costs: costsOf(expect),
  });
  // What the caller has seen is never repeated.
  if (expect.partial && form === 'stream') return { ...failed(1), partial: true };
  const repeats = next === 'R' || next === 'W' || next === 'again';
  if (company === 'alone') return failed(repeats ? 2 : 1);
  if (company === 'recovers') {
    if (!repeats) return failed(1);
    return { ...failed(2), caller: 'ok', phase: undefined, lesson: undefined };
  }
  const faulty = triesBeforeFailover(code, next);
  if (next === 'no' || next === 'again') return failed(faulty);
  const ending: Ending = { ...failed(faulty), caller: 'ok', phase: undefined, healthy: 1 };
  // With somebody else left the attempt is ended before the request is, which is another code.
  return code === 'deadline_exceeded' ? { ...ending, lesson: undefined } : ending;
}

const NOTHING: Ending = {
  caller: 'ok',
  phase: undefined,
  partial: false,
  faulty: 0,
  healthy: 0,
  costs: [],
  lesson: undefined,
};

function costsOf({ cost }: Expect): readonly Cost[] {
  return typeof cost === 'string' ? [cost] : cost;
}
