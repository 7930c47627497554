export type { OverflowQueue, OverflowWorkerClass } from './bull-queue.ts';
export { type Overflow, type OverflowOutcome, overflow } from './overflow.ts';
export type { OverflowData, OverflowFinished, OverflowResult } from './overflow-data.ts';
export type { OverflowCall, OverflowOptions } from './overflow-options.ts';
export { type OverflowWorkerOptions, overflowWorker } from './overflow-worker.ts';
export type { OverflowCipher } from './sealing.ts';
