import Anthropic from '@anthropic-ai/sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProviderError } from '../../src/errors/index.ts';
import { SdkCall, sdkFetch } from '../../src/provider-kit/sdk-fetch.ts';
import { createTransport } from '../../src/provider-kit/transport.ts';
import {
  RecordHeaders,
  type Transport,
  type WireRequest,
  type WireResponse,
} from '../../src/provider-kit/wire.ts';
import { failureOf } from '../contexts.ts';
import { answer, bodyOf, CHUNKED, chunk, closeLoopbacks, startLoopback, until } from './loopback.ts';

const url = 'https://api.acme.example/v1/messages';

const wireResponse = (status = 200): WireResponse => ({
  status,
  headers: new RecordHeaders({ 'request-id': 'req_1' }),
  read: async () => undefined,
  finish: () => {},
});

/** A transport that keeps what it was asked for. */
function recording(result: () => Promise<WireResponse> = async () => wireResponse()): {
  transport: Transport;
  sent: WireRequest[];
} {
  const sent: WireRequest[] = [];
  const transport: Transport = {
    send(request) {
      sent.push(request);
      return result();
    },
    async close() {},
  };
  return { transport, sent };
}

const callOf = (signal = new AbortController().signal): SdkCall => new SdkCall(signal, 1_234);

/** The call as a fetch option, which the SDK hands through as one more member of `init`. */
const riding = (call: unknown): object => ({ call });
const withCall = (init: RequestInit, call: SdkCall): RequestInit => ({ ...init, ...riding(call) });

describe('sdkFetch', () => {
  it.each([
    ['a string', url],
    ['a URL', new URL(url)],
    ['a Request', new Request(url)],
  ])('takes %s', async (_, target) => {
    const { transport, sent } = recording();
    await sdkFetch(transport)(target);
    expect(sent[0]).toMatchObject({ url, method: 'GET', headers: {}, body: undefined, connectMs: undefined });
  });

  it('sends method, headers, body, and the signal and time of the call', async () => {
    const { transport, sent } = recording();
    const call = callOf();
    const init = { method: 'POST', headers: { 'X-One': '1' }, body: '{}', signal: AbortSignal.abort() };
    await sdkFetch(transport)(url, withCall(init, call));
    expect(sent).toEqual([
      { url, method: 'POST', headers: { 'x-one': '1' }, body: '{}', signal: call.signal, connectMs: 1_234 },
    ]);
  });

  it('uses the signal it is given when there is no call', async () => {
    const { transport, sent } = recording();
    const { signal } = new AbortController();
    await sdkFetch(transport)(url, { signal });
    expect(sent[0]?.signal).toBe(signal);
  });

  it.each<[string, NonNullable<RequestInit['headers']>]>([
    ['a record', { 'X-Keep': 'a', 'X-Drop': 'b' }],
    [
      'pairs',
      [
        ['X-Keep', 'a'],
        ['X-Drop', 'b'],
      ],
    ],
    ['Headers', new Headers({ 'X-Keep': 'a', 'X-Drop': 'b' })],
  ])('3: leaves out the headers that are not allowed, in %s', async (_, headers) => {
    const { transport, sent } = recording();
    await sdkFetch(transport, { allowsHeader: (name) => name === 'x-keep' })(url, { headers });
    expect(sent[0]?.headers).toEqual({ 'x-keep': 'a' });
  });

  it.each([200, 201, 307, 400, 401, 429, 500, 529])(
    'shows the SDK an answer without a body that looks well: %d',
    async (status) => {
      const { transport } = recording(async () => wireResponse(status));
      const call = callOf();
      const response = await sdkFetch(transport)(url, withCall({}, call));
      expect(response.ok).toBe(true);
      expect(response.status).toBe(status);
      expect(response.body).toBeNull();
      expect(response.headers.get('request-id')).toBe('req_1');
      expect(call.response?.status).toBe(status);
      expect(call.failure).toBeUndefined();
    },
  );

  it.each([
    [200, true],
    [201, false],
    [400, false],
    [529, false],
  ])('lends the body of a %d on request: %s', async (status, lends) => {
    const { transport } = recording(async () => wireResponse(status));
    const call = callOf();
    const response = await sdkFetch(transport, { lendsBody: true })(url, withCall({}, call));
    expect([response.ok, response.status]).toEqual([true, status]);
    expect(response.body === null).toBe(!lends);
    expect(response.headers.get('request-id')).toBe('req_1');
    expect(call.lent === undefined).toBe(!lends);
    expect(call.answer('acme', response)).toBe(call.response);
  });

  it('reads what did not come through it as it is', async () => {
    const answered = callOf().answer('acme', new Response('hello', { status: 418 }));
    expect([answered.status, await bodyOf(answered)]).toEqual([418, 'hello']);
  });

  it('keeps the true failure for us, whatever the SDK makes of it', async () => {
    const failure = new ProviderError({ provider: 'acme', code: 'connection', message: 'x' });
    const { transport } = recording(() => Promise.reject(failure));
    const call = callOf();
    await expect(sdkFetch(transport)(url, withCall({}, call))).rejects.toBe(failure);
    expect(call.failure).toBe(failure);
    expect(call.response).toBeUndefined();
  });

  it('does not mistake a stranger for a call', async () => {
    const { transport, sent } = recording();
    await sdkFetch(transport)(url, riding({ signal: 'no signal', connectMs: 1 }));
    expect(sent[0]?.signal).toBeInstanceOf(AbortSignal);
    expect(sent[0]?.connectMs).toBeUndefined();
  });
});

describe('under @anthropic-ai/sdk', () => {
  let transport: Transport;
  beforeEach(() => {
    transport = createTransport({ provider: 'anthropic' });
  });
  afterEach(async () => {
    await transport.close();
    await closeLoopbacks();
  });

  /** As the SDK comes: with its two retries, which our stand-in must keep quiet. */
  const client = (baseURL: string): Anthropic =>
    new Anthropic({ apiKey: 'sk-ant-test', baseURL, fetch: sdkFetch(transport), logLevel: 'off' });

  const send = async (baseURL: string, call: SdkCall): Promise<void> => {
    await client(baseURL)
      .post('/v1/messages', { body: { a: 1 }, fetchOptions: riding(call) })
      .asResponse();
  };

  it.each([
    [200, 'OK'],
    [400, 'Bad Request'],
    [408, 'Request Timeout'],
    [409, 'Conflict'],
    [429, 'Too Many Requests'],
    [500, 'Internal Server Error'],
    [529, 'Overloaded'],
  ])('T-5: status %d costs one request, and its body is ours to read', async (status, words) => {
    const body = JSON.stringify({ type: 'error', error: { type: 'x', message: 'y' } });
    const server = await startLoopback({
      serve: (socket) => socket.write(answer(body, `${status} ${words}`, 'x-should-retry: true\r\n')),
    });
    const call = callOf();
    await send(server.url, call);
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]?.body).toBe('{"a":1}');
    expect(call.response?.status).toBe(status);
    expect(call.response && (await bodyOf(call.response))).toBe(body);
  });

  it('an error body that never ends does not hang it', async () => {
    const server = await startLoopback({
      serve: (socket) => socket.write(CHUNKED.replace('200 OK', '529 Overloaded') + chunk('{"type":')),
    });
    const call = callOf();
    await send(server.url, call);
    expect(call.response?.status).toBe(529);
    call.response?.finish();
    await until(() => server.open === 0);
    expect(server.requests).toHaveLength(1);
  });

  it('an abort cuts the request, and the reason is the caller’s own', async () => {
    const left = new Error('left');
    const controller = new AbortController();
    const server = await startLoopback({ serve: () => controller.abort(left) });
    const call = callOf(controller.signal);
    await failureOf(
      client(server.url)
        .post('/v1/messages', { fetchOptions: riding(call), maxRetries: 0 })
        .asResponse(),
    );
    expect(call.failure).toBe(left);
    await until(() => server.open === 0);
  });

  it('a refused connection is told as what it is', async () => {
    const server = await startLoopback({});
    await server.close();
    const call = callOf();
    await failureOf(
      client(server.url)
        .post('/v1/messages', { fetchOptions: riding(call), maxRetries: 0 })
        .asResponse(),
    );
    expect(call.failure).toMatchObject({ code: 'connection', retryable: false, provider: 'anthropic' });
  });
});
