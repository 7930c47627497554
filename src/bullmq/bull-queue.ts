import type { Job, Queue, Worker } from 'bullmq';

// BullMQ's types are imported, its code is not: queue and worker come from the hands of whoever made them. So this
// sub-path loads without the package, never loads a second copy of it, and knows neither driver nor backend.

/** What is used of BullMQ's `Queue`. */
export type OverflowQueue = Pick<Queue, 'name' | 'opts' | 'add' | 'count' | 'getJob' | 'getJobState'>;

/** What is used of BullMQ's `Job`. */
export type OverflowJob = Pick<
  Job,
  | ('id' | 'data' | 'opts' | 'attemptsMade' | 'stalledCounter' | 'finishedOn' | 'failedReason')
  | ('updateData' | 'moveToDelayed' | 'extendLock' | 'remove')
>;

/** BullMQ's class `Worker`, or one made from it. */
export type OverflowWorkerClass = typeof Worker;
