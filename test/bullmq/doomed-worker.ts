/**
 * A process that runs queued requests until somebody ends it. Says `telling` when it has a result to tell, and never
 * gets round to telling it.
 *
 * Its arguments: the server's socket, the prefix of the queue, the upstream.
 */
import { writeSync } from 'node:fs';
import { Queue, Worker } from 'bullmq';
import { overflowWorker } from '../../src/bullmq/index.ts';
import { ProviderPool } from '../../src/index.ts';
import { anthropic } from '../../src/providers/anthropic/index.ts';

const [, , path = '', prefix = '', baseURL = ''] = process.argv;
const queue = new Queue('overflow', { connection: { path }, prefix });
overflowWorker(new ProviderPool({ providers: [anthropic({ apiKey: 'k', baseURL })] }), {
  queue,
  Worker,
  // On a busy machine it must not take its own job for one of a lost worker.
  worker: { lockDuration: 1_000, skipStalledCheck: true },
  onResult: () => {
    writeSync(1, 'telling\n');
    return new Promise(() => {});
  },
});
