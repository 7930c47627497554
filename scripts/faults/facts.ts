import type { AttemptRecord, ErrorCode, TimeoutPhase, Usage } from 'runestone';
import type { Leak } from 'runestone/testing';
import type { Cell } from './cells.ts';
import type { Lesson } from './row.ts';

/** What the caller of a request got. */
export interface Got {
  /** The text of the answer, or what had come of it. */
  readonly text: string;
  /** `undefined` when an error came instead of the end. */
  readonly finish: string | undefined;
  readonly toolCalls: readonly { readonly id: string; readonly name: string; readonly arguments: string }[];
  readonly model: string;
  readonly usage: Usage | undefined;
  readonly costUsd: number | undefined;
  readonly warnings: readonly string[];
  readonly attempts: readonly AttemptRecord[];
  /** Chunks with a role, and with a finish reason; 0 where nothing was streamed to the caller. */
  readonly roles: number;
  readonly finishes: number;
  /** From the first piece of a stream to its last, in milliseconds. */
  readonly spreadMs: number;
  readonly error: Failed | undefined;
}

/** An error, as far as anybody can look into it. */
export interface Failed {
  readonly code: ErrorCode;
  readonly phase: TimeoutPhase | undefined;
  readonly committed: boolean;
  /** What had come, by the error itself; `undefined` when it knows of nothing. */
  readonly partial: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly message: string;
  /** All that can be printed of it. */
  readonly shown: string;
}

/** Everything that is known of a cell when it is over. */
export interface Facts {
  readonly cell: Cell;
  readonly nonce: string;
  /** `undefined` when nothing came of the request in time. */
  readonly got: Got | undefined;
  readonly faulty: number;
  readonly healthy: number;
  readonly tookMs: number;
  /** What the faulty target has learnt. */
  readonly lesson: Lesson;
  /** How long it is left alone now. */
  readonly cooldownMs: number;
  readonly leaks: readonly Leak[];
  /** All that listeners were told, as JSON. */
  readonly told: string;
  /** What the standing check found. */
  readonly standing: readonly string[];
  /** Time of the processor, the lab's included, in milliseconds; tells of one run only where it ran alone. */
  readonly cpuMs: number;
  /** By how much the process grew, in MiB, where it ran alone. */
  readonly grownMb: number;
}
