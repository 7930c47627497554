import type { ErrorCode, TimeoutPhase } from 'runestone';
import type { WireName } from 'runestone/testing';
import type { Facts } from './facts.ts';
import type { Places } from './places.ts';

/** How an answer is asked for: as a stream; as a whole over a stream; as a whole over JSON. */
export type Form = 'stream' | 'folded' | 'whole';

/** Who else is there: nobody; nobody, but the host is well at the second request; a healthy second provider. */
export type Company = 'alone' | 'recovers' | 'pair';

/**
 * What happens before the commit point: `R` another try at the same target, then elsewhere; `F` elsewhere at once;
 * `W` wait as told, or elsewhere; `again` another try, but nowhere else; `no` neither.
 */
export type Next = 'R' | 'F' | 'W' | 'again' | 'no';

/** What the target's memory learns. */
export type Lesson = 'failure' | 'cooldown' | 'key_out' | 'none';

/**
 * What an attempt cost: `none`, because the host refused or nothing left; `unknown`; `in`, its input as reported;
 * `est`, input and delivered output; `rep`, as reported.
 */
export type Cost = 'none' | 'unknown' | 'in' | 'est' | 'rep';

/** How a fault must end. Lists are alternatives. */
export interface Expect {
  readonly caller: 'ok' | ErrorCode | readonly ('ok' | ErrorCode)[];
  readonly phase?: TimeoutPhase;
  /** Content comes before the fault: what reaches a stream's caller is an error with it, and nothing is repeated. */
  readonly partial?: boolean;
  /** @default by the code */
  readonly next?: Next;
  /** @default by the code */
  readonly lesson?: Lesson;
  readonly cost: Cost | readonly Cost[];
}

/** What a request of a row has in addition. */
export interface Asking {
  readonly tools?: boolean;
  /** Size of the prompt. */
  readonly mb?: number;
}

/** One row of the catalogue: a fault, or several of one kind, and how each must end on both wires. */
export interface FaultRow {
  readonly id: string;
  /** Selectors of the lab, or a place outside of it: `@refused`. */
  readonly faults: readonly string[];
  /** @default those that the lab has the fault on */
  readonly wires?: readonly WireName[];
  /** @default all three */
  readonly forms?: readonly Form[];
  /** @default all three, and for a place outside of the lab those in which nothing recovers */
  readonly companies?: readonly Company[];
  readonly expect: Expect;
  /** What is different in a form or on a wire. The wire goes before the form. */
  readonly but?: Partial<Record<Form | WireName, Partial<Expect>>>;
  /** Requests that the faulty and the healthy host must have seen. @default by the expectation */
  readonly asked?: readonly [faulty: number, healthy: number];
  /** Endings differ in how many attempts they take, so that what the target learns is not looked at. */
  readonly varies?: boolean;
  readonly asking?: Asking;
  /** The text of a complete answer. @default the lab's four words */
  readonly text?: (nonce: string, fault: string) => string;
  /** Shortens a constant of the library's in this row, in milliseconds: what cannot be set is not waited for. */
  readonly hurry?: { readonly from: number; readonly to: number };
  /** What it takes: `alone` much memory or time of a processor, `narrow` some. @default next to nothing but time */
  readonly lane?: 'narrow' | 'alone';
  /** Multiplies the timers of an attempt, for requests that take long to send. @default 1 */
  readonly patience?: number;
  /** The whole of a request, in milliseconds. @default 4_000 */
  readonly totalMs?: number;
  /** The host of this fault is blind, and cannot see that its client has left. */
  readonly blindHost?: boolean;
  /** The faults of a quick run, smaller or fewer. @default the same */
  readonly quick?: readonly string[];
  /** The special check of the row: what is wrong, in words. */
  readonly check?: (facts: Facts) => string | undefined;
}

/** A row with a course of its own. Returns what is wrong. */
export interface Course {
  readonly id: string;
  readonly about: string;
  readonly wires?: readonly WireName[];
  readonly slow?: boolean;
  /** Needs root and network namespaces: run with `--host`. */
  readonly host?: boolean;
  /** It waits more than it works, so that others may run beside it. @default false */
  readonly waits?: boolean;
  /** A quick run plays it on one wire. @default false */
  readonly once?: boolean;
  /** Shortens a constant of the library's in this course, in milliseconds. */
  readonly hurry?: { readonly from: number; readonly to: number };
  run(wire: WireName, options: CourseOptions): Promise<readonly string[]>;
}

/** What a course gets. */
export interface CourseOptions {
  readonly quick: boolean;
  readonly places: Places;
  /** Timers of the library that it has running. */
  readonly timers: () => number;
}

/** What a module of rows exports. */
export interface RowModule {
  readonly title: string;
  readonly rows?: readonly FaultRow[];
  readonly courses?: readonly Course[];
}
