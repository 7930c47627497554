import { describe, expect, it, vi } from 'vitest';
import { InvalidRequestError } from '../../src/errors/index.ts';
import type { Handler, RequestContext } from '../../src/pipeline/middleware.ts';
import { realEnvironment } from '../../src/pool/environment.ts';
import { FrontDesk } from '../../src/pool/front-desk.ts';
import { Lifecycle } from '../../src/pool/lifecycle.ts';
import { ask, failureOf, finish, text } from '../contexts.ts';

function desk(handle: Handler<RequestContext>) {
  const lifecycle = new Lifecycle();
  const ends: unknown[] = [];
  const contexts: RequestContext[] = [];
  const front = new FrontDesk({
    assembly: {
      handle,
      watch: (context) => {
        contexts.push(context);
        return { onEnd: (ending) => ends.push(ending) };
      },
    },
    lifecycle,
    defaults: { totalMs: 60_000, strict: false, retiredModels: 'warn' },
    environment: realEnvironment,
  });
  return { front, lifecycle, ends, contexts };
}

const answering: Handler<RequestContext> = async function* answering() {
  yield [text('Hi'), finish];
};

describe('a request', () => {
  it('is watched from its beginning to its one end', async () => {
    const { front, ends, contexts } = desk(answering);
    const answer = await front.open(() => ({ request: { ...ask(), stream: false } }));
    expect(contexts).toHaveLength(1);
    expect((await answer.completion(true)).choices[0]?.message.content).toBe('Hi');
    expect(ends).toEqual([{ outcome: 'ok' }]);
  });

  it('is a chat unless it says otherwise', async () => {
    const { front, contexts } = desk(answering);
    await front.open(() => ({ request: ask() }));
    await front.open(() => ({ request: ask(), operation: { kind: 'count_tokens' } }));
    expect(contexts.map(({ operation }) => operation.kind)).toEqual(['chat', 'count_tokens']);
  });

  it('that fails before its first content ends once, with what the pool knows', async () => {
    const broken: Handler<RequestContext> = async function* broken() {
      yield* [];
      throw new InvalidRequestError('no');
    };
    const { front, ends, contexts } = desk(broken);
    const failure = await failureOf(front.open(() => ({ request: ask() })));
    expect(failure).toMatchObject({
      code: 'invalid_request',
      committed: false,
      requestId: contexts[0]?.requestId,
    });
    expect(ends).toMatchObject([{ outcome: 'error', error: failure }]);
  });

  it('is not even read once the pool is closed', async () => {
    const { front, lifecycle } = desk(answering);
    await lifecycle.drain(0);
    const read = vi.fn(() => ({ request: ask() }));
    expect(await failureOf(front.open(read))).toMatchObject({ code: 'pool_closed' });
    expect(read).not.toHaveBeenCalled();
  });

  it('that is wrong was never begun', async () => {
    const { front, contexts } = desk(answering);
    const wrong = () => {
      throw new InvalidRequestError('no');
    };
    await failureOf(front.open(wrong));
    await failureOf(front.open(() => ({ request: ask() }), { deadlineMs: -1 }));
    expect(contexts).toEqual([]);
  });
});
