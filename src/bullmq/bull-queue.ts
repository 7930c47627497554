import type { OverflowData } from './overflow-data.ts';

// BullMQ is taken by its shape, from the hands of whoever has it: this sub-path loads without the package, never loads a
// second copy of it, and says nothing about its driver, its cluster or its backend.

/** The part of BullMQ's `Job` that is used. */
export interface OverflowJob {
  readonly id?: string | undefined;
  /** What Redis holds, from whomever. */
  readonly data: unknown;
  readonly attemptsMade: number;
  /** How many workers were lost over it. */
  readonly stalledCounter?: number;
  /** Epoch milliseconds. */
  readonly finishedOn?: number | undefined;
  readonly failedReason?: string | undefined;
  readonly opts: { readonly attempts?: number | undefined };
  updateData(data: OverflowData): Promise<void>;
  /** Does not count as an attempt. */
  moveToDelayed(atMs: number, token?: string): Promise<void>;
  /** 0 where another worker has the job. */
  extendLock(token: string, durationMs: number): Promise<number>;
  remove(): Promise<void>;
}

/** The part of BullMQ's `Queue` that is used. */
export interface OverflowQueue {
  readonly name: string;
  readonly opts: { readonly connection?: unknown; readonly prefix?: string | undefined };
  add(name: string, data: OverflowData, options: object): Promise<unknown>;
  count(): Promise<number>;
  getJob(id: string): Promise<OverflowJob | undefined>;
  getJobState(id: string): Promise<string>;
}

/** The part of BullMQ's `Worker` that is used. */
export interface OverflowWorker {
  on(event: 'error', listener: (error: Error) => void): unknown;
  close(): Promise<void>;
}

/** BullMQ's class `Worker`, or one made from it. */
export type OverflowWorkerClass<Worker extends OverflowWorker> = new (
  name: string,
  run: (job: OverflowJob, token?: string) => Promise<void>,
  options: object,
) => Worker;
