import type { OverflowJob } from './bull-queue.ts';
import { type OverflowFinished, type OverflowResult, opened, sealed } from './overflow-data.ts';
import type { OverflowSettings } from './overflow-options.ts';
import { bare, within } from './within.ts';

/** Smaller is sooner. 0 would be before all that have a priority. */
const RANKS = { high: 1, normal: 2, low: 3 } as const;

/** A request in words that can be stored. */
export interface Storable {
  readonly id: string;
  /** JSON of an `Asked`. */
  readonly text: string;
  readonly priority: keyof typeof RANKS | undefined;
}

/** The queue, as the side that fills it sees it. Every wait has its limit. */
export class OverflowStore {
  readonly #settings: OverflowSettings;

  constructor(settings: OverflowSettings) {
    this.#settings = settings;
  }

  /**
   * What is known of a job; `undefined` when nothing is, or when it is another tenant's.
   *
   * @throws Error without anything of a request on it
   */
  result(id: string, tenant?: string): Promise<OverflowResult | undefined> {
    return within(this.#look(id, tenant), this.#settings.storeTimeoutMs).catch((error: unknown) => {
      throw bare(error);
    });
  }

  /** What became of an earlier request with the same id. One that failed is forgotten: its key may be used again. */
  async earlier(id: string): Promise<Exclude<OverflowResult, { status: 'failed' }> | undefined> {
    const known = await this.#attempt(this.#look(id));
    if (known?.status !== 'failed') return known;
    await this.#attempt(this.#forget(id));
    return undefined;
  }

  /** Whether the queue has taken it. One of the same id that is there already is left as it is. */
  async add(storable: Storable): Promise<boolean> {
    if (Buffer.byteLength(storable.text) > this.#settings.maxBytes) return false;
    return (await this.#attempt(this.#add(storable))) ?? false;
  }

  async #add({ id, text, priority = 'normal' }: Storable): Promise<boolean> {
    const { queue, cipher, maxQueued, keepMs, keepCount, attempts } = this.#settings;
    const [data, waiting] = await Promise.all([sealed(text, id, cipher), queue.count()]);
    if (waiting >= maxQueued) return false;
    const keep = { age: Math.ceil(keepMs / 1_000), count: keepCount };
    await queue.add('chat', data, {
      jobId: id,
      priority: RANKS[priority],
      attempts,
      backoff: { type: 'custom' },
      removeOnComplete: keep,
      removeOnFail: keep,
      stackTraceLimit: 0,
    });
    return true;
  }

  async #look(id: string, tenant?: string): Promise<OverflowResult | undefined> {
    const { queue, cipher, keepMs } = this.#settings;
    // First the state: a job that had ended by then has its result in what is read after it.
    const state = await queue.getJobState(id);
    const job = await queue.getJob(id);
    if (!job) return undefined;
    // BullMQ itself lets go of the old only when another job ends.
    if (job.finishedOn !== undefined && job.finishedOn + keepMs <= Date.now())
      return void (await job.remove());
    const content = await opened(job.data, id, cipher);
    if (tenant !== undefined && content?.tenant !== tenant) return undefined;
    return content && content.status !== 'asked' ? finished(content) : unfinished(state, job);
  }

  async #forget(id: string): Promise<void> {
    const job = await this.#settings.queue.getJob(id);
    // Another request with the same key may have forgotten it already, and queued its own.
    if (job?.finishedOn !== undefined) await job.remove();
  }

  /** What comes of it in time; `undefined`, and a word to `onError`, when nothing does. */
  #attempt<Value>(work: Promise<Value>): Promise<Value | undefined> {
    const { storeTimeoutMs, onError } = this.#settings;
    return within(work, storeTimeoutMs).catch((error: unknown) => void onError?.(bare(error)));
  }
}

function finished({
  tenant: _,
  ...result
}: OverflowFinished & { readonly tenant?: string }): OverflowFinished {
  return result;
}

/** Of a job that holds no result: its end, if it had one, was not of the worker's making. */
function unfinished(state: string, { failedReason = 'unreadable' }: OverflowJob): OverflowResult {
  if (state === 'active') return { status: 'running' };
  if (state !== 'failed' && state !== 'completed') return { status: 'waiting' };
  const message = `overflow: the job ended without a result (${failedReason})`;
  return { status: 'failed', error: { message, type: 'server_error', code: 'job_lost', param: null } };
}
