import { type ChatRequest, LimitExceededError, ProviderPool } from 'runestone';
import { fails, replies, type Scripted, scriptedProvider } from 'runestone/testing';
import { describe, expect, it } from 'vitest';
import type { OverflowJob } from '../../src/bullmq/bull-queue.ts';
import { opened, sealed } from '../../src/bullmq/overflow-data.ts';
import { type JobParts, runJob } from '../../src/bullmq/run-job.ts';

const NOW = 1_000_000;
const asked = {
  status: 'asked',
  tenant: 'acme',
  request: { messages: [{ role: 'user', content: 'the prompt' }], model: 'p/m' },
  call: {
    tenant: 'acme',
    priority: 'low',
    requestId: 'r-1',
    sessionId: 's',

    metadata: { team: 'red' },
  },
  expiresAtMs: NOW + 1,
};

interface Fake extends OverflowJob {
  /** What was done to it, in order. */
  readonly log: string[];
}

/** A job that remembers. */
async function jobOf(content: object, members: Partial<OverflowJob> = {}): Promise<Fake> {
  const log: string[] = [];
  const job: Fake = {
    id: 'job-1',
    data: await sealed(JSON.stringify(content), 'job-1'),
    opts: { attempts: 2 },
    attemptsMade: 0,
    stalledCounter: 0,
    failedReason: '',
    log,
    async updateData(data) {
      log.push('data');
      job.data = data;
    },
    async moveToDelayed(atMs, token) {
      log.push(`delayed to ${atMs - NOW} with ${token}`);
    },
    async extendLock(token, lockMs) {
      log.push(`lock ${token} ${lockMs}`);
      return 1;
    },
    async remove() {},
    ...members,
  };
  return job;
}

interface Ran {
  readonly error: unknown;
  readonly told: unknown[];
  readonly problems: string[];
  readonly calls: readonly { readonly request: ChatRequest }[];
}

async function run(job: OverflowJob, steps: Scripted[], parts: Partial<JobParts> = {}): Promise<Ran> {
  const provider = scriptedProvider('p', steps);
  const pool = new ProviderPool({ providers: [provider], retry: false });
  const told: unknown[] = [];
  const problems: string[] = [];
  const error: unknown = await runJob(job, 'token', {
    pool,
    cipher: undefined,
    maxBytes: 10_000,
    lockMs: 500,
    onResult: (id, result) => void told.push([id, result]),
    onError: ({ message }) => void problems.push(message),
    nowMs: () => NOW,
    ...parts,
  }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  await pool.close();
  return { error, told, problems, calls: provider.calls };
}

const answered = { status: 'answered', completion: { choices: [{ message: { content: 'Good day.' } }] } };

describe('a job that is run', () => {
  it('asks as was asked, keeps the answer in place of the prompt, and then tells it', async () => {
    const said = { ...asked.call, maxCostUsd: 0.5, sessionId: 's', provider: 'p', strict: true };
    const job = await jobOf({ ...asked, call: said });
    let call: unknown;
    const pool: JobParts['pool'] = {
      request: async (_: unknown, options?: unknown) => {
        call = options;
        return JSON.parse(JSON.stringify(answered.completion));
      },
    };
    const { error, told } = await run(job, [], {
      pool,
      onResult: (id, result) => {
        job.log.push(`told ${id} ${result.status}`);
      },
    });
    expect([error, told]).toEqual([undefined, []]);
    expect(call).toEqual(said);
    expect(job.log).toEqual(['lock token 500', 'data', 'told job-1 answered']);
    expect(await opened(job.data, 'job-1')).toEqual({ ...answered, tenant: 'acme' });
    expect(JSON.stringify(job.data)).not.toContain('the prompt');
  });

  it('gives the callback the answer, and nothing else', async () => {
    const { told } = await run(await jobOf(asked), [replies('Good day.')]);
    expect(told).toEqual([['job-1', expect.objectContaining({ status: 'answered' })]]);
    expect(told).toMatchObject([['job-1', answered]]);
    expect(JSON.stringify(told)).not.toContain('acme');
  });

  it.each([answered, { status: 'failed', error: { message: 'm', type: 't', code: 'c', param: null } }])(
    'asks nobody when it has a result already ($status)',
    async (result) => {
      const job = await jobOf({ ...result, tenant: 'acme' });
      const { told, calls, error } = await run(job, [replies('again')]);
      expect(calls).toHaveLength(0);
      expect(told).toEqual([['job-1', result]]);
      expect(job.log).toEqual([]);
      expect(error).toEqual(
        result.status === 'failed'
          ? expect.objectContaining({ name: 'UnrecoverableError', message: 'c' })
          : undefined,
      );
    },
  );

  it('does not write where another worker has the job by now, and tells nobody', async () => {
    const job = await jobOf(asked, { extendLock: async () => 0 });
    const { error, told } = await run(job, [replies('Good day.')]);
    expect(error).toMatchObject({ name: 'JobEnd', message: 'lost' });
    expect([job.log, told]).toEqual([[], []]);
  });

  it.each([
    ['of a newer version', { v: 2, body: 'x' }],
    ['of somebody else', { any: 'thing' }],
  ])('leaves data alone that is %s', async (_, data) => {
    const job = await jobOf(asked, { data });
    const { error, calls } = await run(job, [replies('x')]);
    expect(error).toMatchObject({ name: 'JobEnd', message: 'unreadable' });
    expect([job.log, calls]).toEqual([[], []]);
  });

  it('keeps no answer that is too long, and tells it', async () => {
    const job = await jobOf(asked);
    const { told, error } = await run(job, [replies('x'.repeat(10_000))]);
    expect(error).toBeUndefined();
    expect(told).toMatchObject([['job-1', { status: 'answered' }]]);
    expect(await opened(job.data, 'job-1')).toMatchObject({
      status: 'failed',
      tenant: 'acme',
      error: { code: 'answer_too_large' },
    });
  });
});

describe('a job that fails', () => {
  it.each<[string, Scripted, object]>([
    ['authentication', fails('authentication'), { type: 'authentication_error', code: 'invalid_api_key' }],
    ['invalid_request', fails('invalid_request'), { type: 'invalid_request_error', code: null }],
  ])('for good is over at once: %s', async (_, step, words) => {
    const job = await jobOf(asked);
    const { error, told } = await run(job, [step]);
    expect(error).toMatchObject({ name: 'UnrecoverableError' });
    expect(told).toMatchObject([['job-1', { status: 'failed', error: words }]]);
    expect(await opened(job.data, 'job-1')).toMatchObject({ status: 'failed', tenant: 'acme', error: words });
  });

  it('for now is asked again, after the time that the host names', async () => {
    const job = await jobOf(asked);
    const { error, told } = await run(job, [fails('rate_limited', { retryAfterMs: 7_000 })]);
    expect(error).toMatchObject({ name: 'JobEnd', message: 'rate_limited', retryAfterMs: 7_000 });
    expect([job.log, told]).toEqual([[], []]);
  });

  it('for now, the last time, has failed', async () => {
    const job = await jobOf(asked, { attemptsMade: 1 });
    const { error, told } = await run(job, [fails('rate_limited')]);
    expect(error).toMatchObject({ name: 'UnrecoverableError', message: 'rate_limit_exceeded' });
    expect(told).toMatchObject([['job-1', { status: 'failed', error: { code: 'rate_limit_exceeded' } }]]);
  });

  it('by somebody else’s error says nothing of it', async () => {
    const job = await jobOf(asked);
    const pool: JobParts['pool'] = { request: () => Promise.reject(new TypeError('the prompt is odd')) };
    const { error, told } = await run(job, [], { pool });
    expect(String(error)).not.toContain('prompt');
    expect(told).toMatchObject([['job-1', { status: 'failed', error: { code: 'internal_error' } }]]);
    expect(JSON.stringify(told)).not.toContain('the prompt');
  });

  it('as its pool has no room is moved, which is no attempt', async () => {
    for (const [retryAfterMs, delay] of [
      [250, 250],
      [undefined, 1_000],
    ]) {
      const job = await jobOf(asked, { attemptsMade: 1 });
      const refusal = new LimitExceededError('no room', {
        code: 'queue_full',
        scope: 'tenant',
        retryAfterMs,
      });
      const { error, told } = await run(job, [], { pool: { request: () => Promise.reject(refusal) } });
      expect(error).toMatchObject({ name: 'DelayedError' });
      expect([job.log, told]).toEqual([[`delayed to ${delay} with token`], []]);
    }
  });

  it('as its pool is closed is left to another worker', async () => {
    const job = await jobOf(asked);
    const pool = new ProviderPool({ providers: [scriptedProvider('p', [replies('x')])] });
    await pool.close();
    const { error } = await run(job, [], { pool });
    expect(error).toMatchObject({ name: 'DelayedError', message: 'pool_closed' });
  });

  it.each<[string, object, Partial<OverflowJob>]>([
    ['deadline_exceeded', { ...asked, expiresAtMs: NOW }, {}],
    ['job_stalled', asked, { stalledCounter: 4 }],
  ])('before it is asked has failed for good: %s', async (code, content, members) => {
    const job = await jobOf(content, members);
    const { error, told, calls } = await run(job, [replies('x')]);
    expect(calls).toHaveLength(0);
    expect(error).toMatchObject({ name: 'UnrecoverableError', message: code });
    expect(told).toMatchObject([['job-1', { status: 'failed', error: { code } }]]);
    expect(JSON.stringify(job.data)).not.toContain('the prompt');
  });

  it('by its third lost worker is tried once more', async () => {
    const { calls } = await run(await jobOf(asked, { stalledCounter: 3 }), [replies('x')]);
    expect(calls).toHaveLength(1);
  });
});

describe('a callback that throws', () => {
  it.each(['in the end', 'at once'])(
    '%s, is called again with what is stored, and upstream is not',
    async (when) => {
      const job = await jobOf(asked);
      const onResult = (): void | Promise<void> => {
        const error = Object.assign(new Error('disk full'), { command: 'the prompt' });
        if (when === 'at once') throw error;
        return Promise.reject(error);
      };
      const first = await run(job, [replies('Good day.')], { onResult });
      expect(first.error).toMatchObject({ name: 'JobEnd', message: 'on_result_failed' });
      expect(first.problems).toEqual(['disk full']);
      const second = await run(job, [replies('again')]);
      expect(second.calls).toHaveLength(0);
      expect(second.told).toMatchObject([['job-1', answered]]);
      expect(second.error).toBeUndefined();
    },
  );
});
