import { describe, expect, it, vi } from 'vitest';
import type { Dialect, StreamWriter } from '../../src/http/dialect.ts';
import { chatIn } from '../../src/http/route.ts';
import { ask } from '../contexts.ts';
import { completion, pool, routeCall } from './support.ts';

const writer: StreamWriter = { write: () => '', end: () => '', fail: () => '' };

const dialect = (stream: boolean): Dialect => ({
  name: 'odd',
  read: (body, headers) => ({
    request: { ...ask(String(body)), model: headers.get('x-model') ?? '' },
    stream,
    whole: ({ id }) => ({ odd: id }),
    writer: () => writer,
  }),
});

describe('chatIn', () => {
  it('asks for a whole answer and tells it in the client’s words', async () => {
    const request = vi.fn(async () => completion);
    const call = routeCall({ pool: pool({ request }), body: 'Hi', headers: new Headers({ 'x-model': 'm' }) });
    const response = await chatIn(dialect(false))(call);
    expect(await response.json()).toEqual({ odd: 'msg_1' });
    expect(response.headers.get('x-request-id')).toBe('req-1');
    expect(request.mock.calls).toEqual([[{ ...ask('Hi'), model: 'm' }, { requestId: 'req-1' }]]);
  });

  it('asks for a stream and lets it be written in the client’s words', async () => {
    const toResponse = vi.fn(() => new Response('streamed'));
    const streamRequest = vi.fn(async () => ({ toResponse }));
    const { signal } = new AbortController();
    const call = routeCall({ pool: pool({ streamRequest }), body: 'Hi', signal });
    expect(await (await chatIn(dialect(true))(call)).text()).toBe('streamed');
    expect(toResponse.mock.calls).toEqual([[{ writer, headers: { 'x-request-id': 'req-1' }, signal }]]);
  });
});
