import { describe, expect, it } from 'vitest';
import type { OverflowQueue } from '../../src/bullmq/bull-queue.ts';
import { sealed } from '../../src/bullmq/overflow-data.ts';
import { type OverflowOptions, toOverflowSettings } from '../../src/bullmq/overflow-options.ts';
import { OverflowStore } from '../../src/bullmq/overflow-store.ts';

const asked = { status: 'asked', tenant: 'acme', request: { messages: [] }, call: {}, expiresAtMs: 0 };
const answered = { status: 'answered', tenant: 'acme', completion: { choices: [] } };
const failed = { status: 'failed', error: { message: 'm', type: 't', code: 'c', param: null } };
const never = (): Promise<never> => new Promise(() => {});

interface Parts {
  readonly state?: string;
  readonly job?: object;
  readonly count?: () => Promise<number>;
  readonly getJob?: () => Promise<object | undefined>;
  readonly options?: Partial<OverflowOptions>;
}

/** A store on a queue of one job, and what is done to them. */
function storeOf({ state = 'prioritized', job, count = async () => 0, getJob, options = {} }: Parts) {
  const done: unknown[] = [];
  const held = job && { remove: async () => void done.push('removed'), ...job };
  const queue = {
    getJobState: async () => state,
    getJob: getJob ?? (async () => held),
    count,
    add: async (...given: unknown[]) => void done.push(given),
  } as unknown as OverflowQueue;
  const onError = ({ message }: Error) => void done.push(message);
  const settings = toOverflowSettings({ queue, storeTimeoutMs: 20, onError, ...options });
  return { store: new OverflowStore(settings), done };
}

const dataOf = (content: object) => sealed(JSON.stringify(content), 'id');

describe('what a store tells of a job', () => {
  it.each([
    ['waiting', 'waiting'],
    ['prioritized', 'waiting'],
    ['delayed', 'waiting'],
    ['unknown', 'waiting'],
    ['active', 'running'],
  ])('with its request in it: %s is %s', async (state, status) => {
    const { store } = storeOf({ state, job: { data: await dataOf(asked) } });
    expect(await store.result('id')).toEqual({ status });
  });

  it.each(['active', 'completed', 'failed', 'unknown'])(
    'with a result in it is the result, whatever the state: %s',
    async (state) => {
      const { tenant: _, ...result } = answered;
      const { store } = storeOf({ state, job: { data: await dataOf(answered) } });
      expect(await store.result('id')).toEqual(result);
    },
  );

  it.each([
    ['failed', asked, 'unreadable', 'unreadable'],
    ['failed', asked, 'stalled too often', 'stalled too often'],
    ['completed', { status: 'odd' }, undefined, 'unreadable'],
  ])('that ended without a result is a failure (%s)', async (state, content, failedReason, words) => {
    const { store } = storeOf({ state, job: { data: await dataOf(content), failedReason } });
    const error = expect.objectContaining({ code: 'job_lost', message: expect.stringContaining(words) });
    expect(await store.result('id')).toEqual({ status: 'failed', error });
  });

  it('is nothing without a job, and of a job of before', async () => {
    expect(await storeOf({}).store.result('id')).toBeUndefined();
    const data = await dataOf(answered);
    const options = { keepMs: 60_000 };
    const old = storeOf({ state: 'completed', job: { data, finishedOn: Date.now() - 60_001 }, options });
    expect(await old.store.result('id')).toBeUndefined();
    expect(old.done).toEqual(['removed']);
    const young = storeOf({ state: 'completed', job: { data, finishedOn: Date.now() - 50_000 }, options });
    expect(await young.store.result('id')).toMatchObject({ status: 'answered' });
    expect(young.done).toEqual([]);
  });

  it('is nothing for another tenant, nor for any of a job that cannot be read', async () => {
    const { store } = storeOf({ job: { data: await dataOf(answered) } });
    expect(await store.result('id', 'other')).toBeUndefined();
    expect(await store.result('id', 'acme')).toMatchObject({ status: 'answered' });
    const odd = storeOf({ job: { data: { v: 9 } } });
    expect(await odd.store.result('id', 'acme')).toBeUndefined();
    expect(await odd.store.result('id')).toEqual({ status: 'waiting' });
  });

  it('comes in time or not at all, with nothing on the error', async () => {
    const failing = () => Promise.reject(Object.assign(new Error('READONLY'), { command: ['the prompt'] }));
    const error: unknown = await storeOf({ getJob: failing })
      .store.result('id')
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ message: 'READONLY' });
    expect(Object.keys(error ?? {})).toEqual([]);
    await expect(storeOf({ getJob: never }).store.result('id')).rejects.toThrow('did not answer in 20 ms');
  });
});

describe('what a store tells of an earlier request', () => {
  it('is what is known, and of a failed one nothing: it is forgotten', async () => {
    const known = storeOf({ job: { data: await dataOf(asked) } });
    expect(await known.store.earlier('id')).toEqual({ status: 'waiting' });
    expect(known.done).toEqual([]);
    const lost = storeOf({ state: 'failed', job: { data: await dataOf(failed), finishedOn: Date.now() } });
    expect(await lost.store.earlier('id')).toBeUndefined();
    expect(lost.done).toEqual(['removed']);
  });

  it('is nothing of a failed one, and what another has queued by its key since then is left', async () => {
    const done: string[] = [];
    const remove = async () => void done.push('removed');
    const jobs = [
      { data: await dataOf(failed), finishedOn: Date.now(), remove },
      { data: await dataOf(asked), remove },
    ];
    const { store } = storeOf({ state: 'failed', getJob: async () => jobs.shift() });
    expect(await store.earlier('id')).toBeUndefined();
    expect([jobs, done]).toEqual([[], []]);
  });

  it('is nothing where the queue does not answer, or does not let go', async () => {
    const silent = storeOf({ getJob: never });
    expect(await silent.store.earlier('id')).toBeUndefined();
    expect(silent.done).toEqual(['the queue did not answer in 20 ms']);
    const remove = () => Promise.reject(new Error('locked'));
    const locked = storeOf({
      state: 'failed',
      job: { data: await dataOf(failed), finishedOn: Date.now(), remove },
    });
    expect(await locked.store.earlier('id')).toBeUndefined();
    expect(locked.done).toEqual(['locked']);
  });
});

describe('what a store puts into the queue', () => {
  const text = JSON.stringify(asked);

  it.each([
    ['high', 1],
    ['normal', 2],
    ['low', 3],
    [undefined, 2],
  ] as const)('has the rank of its priority: %s is %i', async (priority, rank) => {
    const { store, done } = storeOf({ options: { attempts: 4, keepMs: 1_500, keepCount: 9 } });
    expect(await store.add({ id: 'id', text, priority })).toBe(true);
    const keep = { age: 2, count: 9 };
    expect(done).toEqual([
      [
        'chat',
        { v: 1, body: text },
        {
          jobId: 'id',
          priority: rank,
          attempts: 4,
          backoff: { type: 'custom' },
          removeOnComplete: keep,
          removeOnFail: keep,
          stackTraceLimit: 0,
        },
      ],
    ]);
  });

  it.each<[string, Parts, string[]]>([
    ['is too long, by bytes', { options: { maxBytes: text.length } }, []],
    ['finds enough waiting', { count: async () => 10_000 }, []],
    [
      'has a cipher that fails',
      { options: { cipher: { seal: () => Promise.reject(new Error('no key')), open: String } } },
      ['no key'],
    ],
    ['is not taken in time', { count: never }, ['the queue did not answer in 20 ms']],
  ])('is nothing that %s', async (_, parts, told) => {
    const { store, done } = storeOf(parts);
    expect(await store.add({ id: 'id', text: `${text.slice(0, -1)}ü`, priority: undefined })).toBe(false);
    expect(done).toEqual(told);
  });
});
