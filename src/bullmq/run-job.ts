import { isRunestoneError, type ProviderPool } from '../index.ts';
import type { OverflowJob } from './bull-queue.ts';
import { type Asked, type Content, type OverflowFinished, opened, sealed } from './overflow-data.ts';
import { isOwnRefusal, mayPass } from './own-refusal.ts';
import type { OverflowCipher } from './sealing.ts';
import { bare } from './within.ts';

/** What running a job takes. */
export interface JobParts {
  readonly pool: Pick<ProviderPool, 'request'>;
  readonly cipher: OverflowCipher | undefined;
  /** Of an answer's JSON that is kept. */
  readonly maxBytes: number;
  /** For how long a job is held without a word. */
  readonly lockMs: number;
  readonly onResult: ((id: string, result: OverflowFinished) => void | Promise<void>) | undefined;
  readonly onError: ((error: Error) => void) | undefined;
  readonly nowMs: () => number;
}

/** A request that has taken so many workers with it is not tried on another. */
const MAX_LOST_WORKERS = 3;

/** Until the next try where the pool does not say, in milliseconds. */
const PAUSE_MS = 1_000;

/** How BullMQ is told what to do with a job: it goes by the name. The message is a code and nobody's words. */
export class JobEnd extends Error {
  /** Set where a host or the pool said when to come back. */
  readonly retryAfterMs: number;

  /**
   * @param name - `UnrecoverableError`: no further attempt; `DelayedError`: has been moved; else the next attempt
   */
  constructor(name: 'UnrecoverableError' | 'DelayedError' | 'JobEnd', code: string, retryAfterMs = 0) {
    super(code);
    this.name = name;
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * Runs one job to its end: asks the pool, writes the result in place of the request, then tells it.
 *
 * In that order, so that whoever finds the job again after a crash finds the result and asks nobody: a result may be
 * told twice, and is paid for once.
 *
 * @throws JobEnd for everything but an answer; Error where Redis failed
 */
export async function runJob(job: OverflowJob, token: string, parts: JobParts): Promise<void> {
  try {
    await run(job, token, parts);
  } catch (error) {
    // BullMQ hands it to listeners, and one of Redis may carry what was to be written.
    throw error instanceof JobEnd ? error : bare(error);
  }
}

async function run(job: OverflowJob, token: string, parts: JobParts): Promise<void> {
  const { id = '' } = job;
  const content = await opened(job.data, id, parts.cipher);
  // Maybe of a newer version than this worker, so it is left as it is.
  if (!content) throw new JobEnd('JobEnd', 'unreadable');
  const result = content.status === 'asked' ? await settle(job, token, content, parts) : content;
  await tell(id, result, parts);
  if (result.status === 'failed') throw new JobEnd('UnrecoverableError', result.error.code ?? 'failed');
}

async function settle(job: OverflowJob, token: string, asked: Asked, parts: JobParts): Promise<Content> {
  const { id = '' } = job;
  const { cipher, maxBytes, lockMs } = parts;
  const { tenant } = asked;
  const result = { ...(await resultOf(job, token, asked, parts)), ...(tenant !== undefined && { tenant }) };
  const text = JSON.stringify(result);
  const isSmall = Buffer.byteLength(text) <= maxBytes;
  const kept = isSmall ? text : JSON.stringify({ ...tooLong(maxBytes), tenant });
  const data = await sealed(kept, id, cipher);
  // It may have been given to another worker meanwhile, whose result counts.
  if ((await job.extendLock(token, lockMs)) !== 1) throw new JobEnd('JobEnd', 'lost');
  await job.updateData(data);
  return result;
}

async function resultOf(
  job: OverflowJob,
  token: string,
  { request, call, expiresAtMs }: Asked,
  { pool, nowMs }: JobParts,
): Promise<OverflowFinished> {
  if (job.stalledCounter > MAX_LOST_WORKERS) {
    return failed('job_stalled', `overflow: ${MAX_LOST_WORKERS} workers were lost over this request`);
  }
  if (nowMs() >= expiresAtMs) return failed('deadline_exceeded', 'overflow: waited too long in the queue');
  try {
    return { status: 'answered', completion: await pool.request(request, call) };
  } catch (error) {
    if (!isRunestoneError(error)) return failed('internal_error', 'overflow: the request could not be run');
    // No room yet, or a worker on its way out: nothing was sent, so it is no attempt.
    if (isOwnRefusal(error) || error.code === 'pool_closed') {
      await job.moveToDelayed(nowMs() + (error.retryAfterMs ?? PAUSE_MS), token);
      throw new JobEnd('DelayedError', error.code);
    }
    const isLast = job.attemptsMade + 1 >= (job.opts.attempts ?? 1);
    if (mayPass(error) && !isLast) throw new JobEnd('JobEnd', error.code, error.retryAfterMs);
    return { status: 'failed', error: error.toOpenAI().error };
  }
}

async function tell(id: string, result: Content, { onResult, onError }: JobParts): Promise<void> {
  if (!onResult || result.status === 'asked') return;
  const { tenant: _, ...told } = result;
  try {
    await onResult(id, told);
  } catch (error) {
    onError?.(bare(error));
    throw new JobEnd('JobEnd', 'on_result_failed');
  }
}

function failed(code: string, message: string): OverflowFinished {
  return { status: 'failed', error: { message, type: 'server_error', code, param: null } };
}

function tooLong(maxBytes: number): OverflowFinished {
  return failed(
    'answer_too_large',
    `overflow: the answer has more than ${maxBytes} bytes; onResult was given it`,
  );
}
