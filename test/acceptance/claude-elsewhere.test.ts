import { AnthropicBedrock, AnthropicBedrockMantle } from '@anthropic-ai/bedrock-sdk';
import Anthropic from '@anthropic-ai/sdk';
import { AnthropicVertex } from '@anthropic-ai/vertex-sdk';
import type { PoolOptions } from 'runestone';
import { type AnthropicOptions, anthropic } from 'runestone/providers/anthropic';
import { maskKey, type Reply, reply, startUpstream } from 'runestone/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { failureOf } from '../contexts.ts';
import { answer, closeLoopbacks, startLoopback, until } from '../provider-kit/loopback.ts';
import { expectedAuthorization } from './aws-signature.ts';
import { bedrockFrame, claudeEvents, claudeMessage, exceptionFrame, sse } from './elsewhere.ts';
import { around, lastBody, question, type Stand, wordsOf } from './lab.ts';

const MODEL = 'claude-sonnet-4-5-20250929';
const PROFILE = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
const SECRET = 'a-secret-key-of-nobody';
const TOKEN = 'ya29.a-token-of-nobody';

/** What a service writes for each of the places, but for URL and credentials, which are nobody's. */
const places = {
  bedrock: (url: string, more: Partial<AnthropicOptions> = {}): AnthropicOptions => ({
    name: 'bedrock',
    client: (settings) =>
      new AnthropicBedrock({
        ...settings,
        baseURL: url,
        awsRegion: 'us-east-1',
        awsAccessKey: 'AKIANOBODY',
        awsSecretKey: SECRET,
        apiKey: null,
      }),
    modelIds: { 'claude-sonnet-4-5': PROFILE },
    ...more,
  }),
  mantle: (url: string): AnthropicOptions => ({
    name: 'mantle',
    client: (settings) =>
      new AnthropicBedrockMantle({
        ...settings,
        baseURL: `${url}/anthropic`,
        awsRegion: 'us-east-1',
        awsAccessKey: 'AKIANOBODY',
        awsSecretAccessKey: SECRET,
      }),
    modelIds: { 'claude-sonnet-4-5': 'anthropic.claude-sonnet-4-5' },
  }),
  vertex: (url: string, more: Partial<AnthropicOptions> = {}): AnthropicOptions => ({
    name: 'vertex',
    client: (settings) =>
      new AnthropicVertex({
        ...settings,
        baseURL: `${url}/v1`,
        region: 'us-east5',
        projectId: 'project-1',
        authClient: authOf({ authorization: `Bearer ${TOKEN}` }),
      }),
    modelIds: { 'claude-sonnet-4-5': 'claude-sonnet-4-5@20250929' },
    ...more,
  }),
  compatible: (url: string): AnthropicOptions => ({
    name: 'compatible',
    client: (settings) =>
      new Anthropic({
        ...settings,
        baseURL: `${url}/anthropic`,
        apiKey: null,
        authToken: null,
        defaultHeaders: { 'x-api-key': TOKEN },
      }),
  }),
};

type AuthClient = NonNullable<NonNullable<ConstructorParameters<typeof AnthropicVertex>[0]>['authClient']>;

/** As much of Google's client as is used; a real one would look for credentials. */
const authOf = (headers: Readonly<Record<string, string>>): AuthClient =>
  ({ getRequestHeaders: async () => new Headers(headers) }) as unknown as AuthClient;

const AMAZON = { headers: { 'content-type': 'application/vnd.amazon.eventstream' } };
const frames = claudeEvents(['one ', 'two']).map(bedrockFrame);
const [begin = frames[0], open = frames[1], one = frames[2], two = frames[3]] = frames;
const upToOne = [begin, open, one].filter((frame) => frame !== undefined);
const half = two?.subarray(0, 40) ?? new Uint8Array();

/** A pool with one place alone, whose host answers so. */
async function at(
  place: keyof typeof places,
  reply?: Reply | ((path: string) => Reply | undefined),
  more: { readonly pool?: Partial<PoolOptions>; readonly claude?: Partial<AnthropicOptions> } = {},
): Promise<Stand> {
  const upstream = await startUpstream();
  upstream.respond(({ path }) => (typeof reply === 'function' ? reply(path) : reply));
  const provider = anthropic(places[place](upstream.url, more.claude));
  return around(upstream, { providers: [provider], retry: false, ...more.pool });
}

const ask = (model = 'claude-sonnet-4-5') => question('How are you?', { model });

/** Nothing here may look for credentials, of this machine or of its environment. */
beforeEach(() => {
  for (const name of Object.keys(process.env)) {
    if (/^(?:AWS|ANTHROPIC|GOOGLE|GCLOUD|CLOUD_ML)_/.test(name)) vi.stubEnv(name, undefined);
  }
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await closeLoopbacks();
});

describe('Bedrock', () => {
  it('streams: the SDK’s path and body, its signature, and its frames read as events', async () => {
    await using it = await at('bedrock', reply.raw(frames, AMAZON));
    const stream = await it.pool.streamRequest(ask());
    expect(await wordsOf(stream)).toBe('one two');
    const completion = await stream.completion();
    expect(completion.choices[0]).toMatchObject({ finish_reason: 'stop' });
    expect(it.upstream.requests).toMatchObject([
      { method: 'POST', path: `/model/${PROFILE}/invoke-with-response-stream`, query: '' },
    ]);
    expect(lastBody(it.upstream)).toEqual({
      anthropic_version: '2026-10-21',
      max_tokens: 1_000,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'How are you?' }] }],
    });
    const { headers } = it.upstream.requests[0] ?? { headers: {} };
    expect(headers).toMatchObject({
      'x-amz-date': expect.stringMatching(/^\d{8}T\d{6}Z$/),
      'x-amz-content-sha256': expect.stringMatching(/^[0-9a-f]{64}$/),
      'user-agent': expect.stringMatching(/^AnthropicBedrock\/JS/),
    });
    expect(headers).not.toHaveProperty('anthropic-version');
  });

  it('answers whole', async () => {
    await using it = await at('bedrock', reply.raw(JSON.stringify(claudeMessage(['one ', 'two']))));
    const completion = await it.pool.request(ask());
    expect(completion.choices[0]?.message.content).toBe('one two');
    expect(it.upstream.requests[0]?.path).toBe(`/model/${PROFILE}/invoke`);
    expect(lastBody(it.upstream)).not.toHaveProperty('stream');
  });

  it.each([
    ['by Anthropic’s id', 'claude-sonnet-4-5'],
    ['by an alias with its provider', 'bedrock/claude-sonnet-4.5'],
    ['by the host’s own name', PROFILE],
    ['by that with its provider', `bedrock/${PROFILE}`],
  ])('a model is one and the same, and has its price: %s', async (_, model) => {
    await using it = await at('bedrock', reply.raw(frames, AMAZON));
    const { runestone } = await (await it.pool.streamRequest(ask(model))).completion();
    expect(it.upstream.requests[0]?.path).toContain(PROFILE);
    // 10 tokens at 3 USD and 1,000 at 15 USD per million.
    expect(runestone).toMatchObject({ provider: 'bedrock', model: MODEL, costUsd: 0.015_03 });
  });

  it('a model that answers by the host’s name has its price too', async () => {
    const events = claudeEvents(['one'], PROFILE).map(bedrockFrame);
    await using it = await at('bedrock', reply.raw(events, AMAZON));
    const completion = await (await it.pool.streamRequest(ask())).completion();
    expect([completion.model, completion.runestone.costUsd]).toEqual([MODEL, 0.015_03]);
  });

  it('takes the caller’s betas in the body', async () => {
    await using it = await at('bedrock', reply.raw(frames, AMAZON));
    const anthropic = { betas: ['one-2026-01-01', 'two-2026-01-01'] };
    await wordsOf(await it.pool.streamRequest({ ...ask(), anthropic }));
    expect(it.upstream.requests[0]).toMatchObject({
      path: `/model/${PROFILE}/invoke-with-response-stream`,
      query: '',
    });
    expect(lastBody(it.upstream)['anthropic_beta']).toEqual(['one-2026-01-01', 'two-2026-01-01']);
  });

  it('T-3 MSG-15: takes the older version by its name, and a user turn first', async () => {
    const claude = { apiVersion: 'bedrock-2023-05-31', requireUserFirst: true } as const;
    await using it = await at('bedrock', reply.raw(frames, AMAZON), { claude });
    const messages = [{ role: 'assistant' as const, content: 'Hi.' }, ...ask().messages];
    await wordsOf(await it.pool.streamRequest({ ...ask(), messages, temperature: 0.5 }));
    expect(lastBody(it.upstream)).toMatchObject({
      anthropic_version: 'bedrock-2023-05-31',
      temperature: 0.5,
      messages: [{ role: 'user' }, { role: 'assistant' }, { role: 'user' }],
    });
  });

  it.each([1, 7, 64, 'once'] as const)('frames may be cut anywhere: %s', async (split) => {
    await using it = await at('bedrock', reply.raw(frames, { ...AMAZON, split }));
    expect(await wordsOf(await it.pool.streamRequest(ask()))).toBe('one two');
  });

  it('signs what is sent: nothing is changed after it', async () => {
    const host = await startLoopback({
      serve: (socket) => socket.write(answer(JSON.stringify(claudeMessage(['Hi'])))),
    });
    const provider = anthropic(places.bedrock(host.url, { headers: { 'x-amzn-bedrock-trace': 'ENABLED' } }));
    await using it = around(await startUpstream(), { providers: [provider], retry: false });
    await it.pool.request(ask());
    const [{ head, body } = { head: '', body: '' }] = host.requests;
    const [start = '', ...lines] = head.trim().split('\r\n');
    const [method = '', path = ''] = start.split(' ');
    const headers = Object.fromEntries(
      lines.map((line) => [
        line.slice(0, line.indexOf(':')).toLowerCase(),
        line.slice(line.indexOf(':') + 1).trim(),
      ]),
    );
    const { authorization = '' } = headers;
    expect(path).toBe(`/model/${PROFILE}/invoke`);
    expect(authorization).toContain('x-amzn-bedrock-trace');
    expect(authorization).toContain('Credential=AKIANOBODY/');
    expect(authorization).toBe(expectedAuthorization({ method, path, headers, body }, SECRET));
  });
});

describe('a stream of Bedrock’s that breaks is never a success', () => {
  const told = { message: 'In Amazon’s words.' };
  const bad = Uint8Array.from(two ?? [], (byte, index) => (index === 40 ? byte ^ 1 : byte));

  it.each<readonly [string, Reply, string, string]>([
    ['the end between two frames', reply.raw(frames.slice(0, 4), AMAZON), 'stream_truncated', 'one two'],
    ['the end inside a frame', reply.raw([...upToOne, half], AMAZON), 'stream_truncated', 'one '],
    ['a close', reply.raw([...upToOne, half], { ...AMAZON, how: 'close' }), 'stream_truncated', 'one '],
    ['a reset', reply.raw([...upToOne, half], { ...AMAZON, how: 'reset' }), 'connection', 'one '],
    ['a wrong checksum', reply.raw([...upToOne, bad, ...frames.slice(4)], AMAZON), 'bad_response', 'one '],
    ...(
      [
        ['throttlingException', 'rate_limited'],
        ['modelStreamErrorException', 'server_error'],
        ['internalServerException', 'server_error'],
        ['serviceUnavailableException', 'overloaded'],
        ['modelTimeoutException', 'timeout'],
        ['validationException', 'invalid_request'],
        ['newException', 'server_error'],
      ] as const
    ).map(
      ([name, code]) =>
        [name, reply.raw([...upToOne, exceptionFrame(name, told)], AMAZON), code, 'one '] as const,
    ),
    [
      'an error of Claude’s in a frame',
      reply.raw([...upToOne, bedrockFrame({ type: 'error', error: { type: 'overloaded_error' } })], AMAZON),
      'overloaded',
      'one ',
    ],
  ])('%s', async (_, broken, code, partial) => {
    await using it = await at('bedrock', broken);
    const error = await failureOf(wordsOf(await it.pool.streamRequest(ask())));
    expect(error).toMatchObject({
      code,
      committed: true,
      provider: 'bedrock',
      partial: { content: partial },
    });
    expect(it.of('request.stop')).toMatchObject([{ outcome: 'error' }]);
  });

  it('one that fails before any content is tried again', async () => {
    const replies = [
      reply.raw([exceptionFrame('throttlingException', told)], AMAZON),
      reply.raw(frames, AMAZON),
    ];
    await using it = await at('bedrock', () => replies.shift(), { pool: { retry: { baseDelayMs: 1 } } });
    expect(await wordsOf(await it.pool.streamRequest(ask()))).toBe('one two');
    expect(it.upstream.requests).toHaveLength(2);
  });

  it('damage after the stop reason is no damage to the answer (T38)', async () => {
    const cut = reply.raw([...frames.slice(0, -1), half], { ...AMAZON, how: 'close' });
    await using it = await at('bedrock', cut);
    const completion = await (await it.pool.streamRequest(ask())).completion();
    expect(completion.choices[0]).toMatchObject({ message: { content: 'one two' }, finish_reason: 'stop' });
  });
});

describe('leaving a stream of Bedrock’s', () => {
  const slow = reply.raw(claudeEvents(Array.from({ length: 1_000 }, () => 'word ')).map(bedrockFrame), {
    ...AMAZON,
    delayMs: 5,
  });
  const stalled = reply.raw(upToOne, { ...AMAZON, how: 'hang' });

  it('cuts the request upstream within 50 ms', { retry: 2 }, async () => {
    await using it = await at('bedrock', slow);
    for await (const _ of await it.pool.streamRequest(ask())) break;
    const leftMs = performance.now();
    await until(() => it.upstream.inFlight === 0);
    expect((it.upstream.requests[0]?.endedMs ?? Number.NaN) - leftMs).toBeLessThan(50);
  });

  it('by an abort in the middle of a read', async () => {
    await using it = await at('bedrock', stalled);
    const controller = new AbortController();
    const stream = await it.pool.streamRequest(ask(), { signal: controller.signal });
    const failing = failureOf(wordsOf(stream));
    setTimeout(() => controller.abort(), 20);
    expect(await failing).toMatchObject({ code: 'cancelled' });
    await until(() => it.upstream.inFlight === 0, 250);
  });

  it('by our own timers', async () => {
    await using it = await at('bedrock', stalled, { pool: { timeouts: { idleMs: 40 } } });
    const error = await failureOf(wordsOf(await it.pool.streamRequest(ask())));
    expect(error).toMatchObject({ code: 'timeout', phase: 'idle', partial: { content: 'one ' } });
  });
});

describe('what a cloud refuses', () => {
  const amazon = (status: number, kind: string, message: string): Reply =>
    reply.status(status, { body: { message }, headers: { 'x-amzn-errortype': `${kind}:http://internal` } });
  const google = (code: number, status: string, message: string): Reply =>
    reply.status(code, { body: { error: { code, message, status } } });

  it.each<readonly [keyof typeof places, number, Reply, string]>([
    ['bedrock', 429, amazon(429, 'ThrottlingException', 'Too many requests'), 'rate_limited'],
    ['bedrock', 429, amazon(429, 'ModelNotReadyException', 'Not ready'), 'overloaded'],
    ['bedrock', 400, amazon(400, 'ValidationException', 'messages: bad'), 'invalid_request'],
    [
      'bedrock',
      400,
      amazon(400, 'ValidationException', 'Input is too long for requested model.'),
      'context_overflow',
    ],
    [
      'bedrock',
      400,
      amazon(400, 'ValidationException', 'The provided model identifier is invalid.'),
      'model_not_found',
    ],
    ['bedrock', 400, amazon(400, 'ServiceQuotaExceededException', 'Quota'), 'rate_limited'],
    ['bedrock', 403, amazon(403, 'AccessDeniedException', 'Not yours'), 'permission'],
    ['bedrock', 403, amazon(403, 'ExpiredTokenException', 'Expired'), 'authentication'],
    [
      'bedrock',
      404,
      amazon(404, 'ResourceNotFoundException', 'Could not resolve the model'),
      'model_not_found',
    ],
    ['bedrock', 408, amazon(408, 'ModelTimeoutException', 'Too slow'), 'timeout'],
    ['bedrock', 424, amazon(424, 'ModelErrorException', 'Failed'), 'server_error'],
    ['bedrock', 500, amazon(500, 'InternalServerException', 'Sorry'), 'server_error'],
    ['bedrock', 503, amazon(503, 'ServiceUnavailableException', 'Later'), 'overloaded'],
    [
      'vertex',
      429,
      google(429, 'RESOURCE_EXHAUSTED', 'Quota exceeded for aiplatform.googleapis.com'),
      'rate_limited',
    ],
    ['vertex', 400, google(400, 'INVALID_ARGUMENT', 'Bad'), 'invalid_request'],
    ['vertex', 401, google(401, 'UNAUTHENTICATED', 'Who are you?'), 'authentication'],
    ['vertex', 403, google(403, 'PERMISSION_DENIED', 'Not yours'), 'permission'],
    ['vertex', 404, google(404, 'NOT_FOUND', 'Publisher Model `x` was not found'), 'model_not_found'],
    ['vertex', 503, google(503, 'UNAVAILABLE', 'Later'), 'overloaded'],
  ])('%s: a %d is what it is', async (place, status, refusal, code) => {
    await using it = await at(place, refusal);
    for (const asked of [it.pool.request(ask()), it.pool.streamRequest(ask())]) {
      const error = await failureOf(asked);
      expect(error).toMatchObject({ code, status, provider: place });
      expect(JSON.stringify(error)).not.toContain('of-nobody');
    }
    // One attempt is one request: the SDK retries nothing.
    expect(it.upstream.requests).toHaveLength(2);
  });

  it('without credentials, says so, and nothing is sent', async () => {
    const claude: Partial<AnthropicOptions> = {
      client: (settings) =>
        new AnthropicBedrock({
          ...settings,
          awsRegion: 'us-east-1',
          apiKey: null,
          providerChainResolver: async () => async () => {
            throw new Error('canary');
          },
        }),
    };
    await using it = await at('bedrock', undefined, { claude });
    const error = await failureOf(it.pool.request(ask()));
    expect(error).toMatchObject({ code: 'connection', reason: 'provider_configuration' });
    expect(String(Object(error).message)).toContain('credentials');
    expect(JSON.stringify(error)).not.toContain('canary');
    expect(it.upstream.requests).toHaveLength(0);
  });
});

describe('Vertex', () => {
  const path = '/v1/projects/project-1/locations/us-east5/publishers/anthropic/models';

  it('streams: the SDK’s path and body, and its token', async () => {
    await using it = await at('vertex', reply.raw(sse(claudeEvents(['one ', 'two']))));
    const { choices, runestone } = await (await it.pool.streamRequest(ask())).completion();
    expect(choices[0]?.message.content).toBe('one two');
    expect(runestone).toMatchObject({ provider: 'vertex', model: MODEL, costUsd: 0.015_03 });
    expect(it.upstream.requests).toMatchObject([
      { path: `${path}/claude-sonnet-4-5@20250929:streamRawPredict`, query: '', key: maskKey(TOKEN) },
    ]);
    expect(lastBody(it.upstream)).toMatchObject({ anthropic_version: '2026-10-21', stream: true });
    expect(lastBody(it.upstream)).not.toHaveProperty('model');
  });

  it('answers whole, and takes betas in a header', async () => {
    await using it = await at('vertex', reply.raw(JSON.stringify(claudeMessage(['one ', 'two']))));
    const completion = await it.pool.request({ ...ask(), anthropic: { betas: ['one-2026-01-01'] } });
    expect(completion.choices[0]?.message.content).toBe('one two');
    expect(it.upstream.requests).toMatchObject([
      {
        path: `${path}/claude-sonnet-4-5@20250929:rawPredict`,
        headers: { 'anthropic-beta': 'one-2026-01-01' },
      },
    ]);
  });

  it('a stream that is cut is an error', async () => {
    await using it = await at('vertex', reply.raw(sse(claudeEvents(['one ', 'two'])).slice(0, 4)));
    const error = await failureOf(wordsOf(await it.pool.streamRequest(ask())));
    expect(error).toMatchObject({ code: 'stream_truncated', partial: { content: 'one two' } });
  });

  it('takes the key of one call as its token', async () => {
    await using it = await at('vertex', reply.raw(sse(claudeEvents(['one']))));
    await wordsOf(await it.pool.streamRequest(ask(), { provider: 'vertex', apiKey: 'token-of-the-call' }));
    expect(it.upstream.requests[0]?.key).toBe(maskKey('token-of-the-call'));
  });
});

describe('tokens', () => {
  it('are counted by Vertex', async () => {
    await using it = await at('vertex', reply.raw('{"input_tokens": 12}'));
    expect(await it.pool.countTokens(ask())).toMatchObject({ tokens: 12, precision: 'reported' });
    expect(it.upstream.requests[0]?.path).toMatch(/\/models\/count-tokens:rawPredict$/);
    expect(lastBody(it.upstream)['model']).toBe('claude-sonnet-4-5@20250929');
  });

  it('are estimated for Bedrock, which has no such call, and that is no mark against it', async () => {
    const unknown = reply.status(404, { body: { message: 'UnknownOperationException' } });
    const reply404 = (path: string) => (path.startsWith('/model/') ? reply.raw(frames, AMAZON) : unknown);
    await using it = await at('bedrock', reply404);
    expect(await it.pool.countTokens(ask())).toMatchObject({ precision: 'estimated' });
    expect(await wordsOf(await it.pool.streamRequest(ask()))).toBe('one two');
  });
});

describe('hosts that speak Anthropic’s own wire', () => {
  it('Mantle, by its signature', async () => {
    await using it = await at('mantle', reply.raw(sse(claudeEvents(['one ', 'two']))));
    expect(await wordsOf(await it.pool.streamRequest(ask()))).toBe('one two');
    expect(it.upstream.requests).toMatchObject([
      {
        path: '/anthropic/v1/messages',
        headers: { 'anthropic-version': '2026-10-21', 'x-amz-date': expect.any(String) },
        body: { model: 'anthropic.claude-sonnet-4-5', stream: true },
      },
    ]);
  });

  it('another base URL and another header for the key', async () => {
    await using it = await at('compatible', reply.raw(sse(claudeEvents(['one ', 'two']))));
    expect(await wordsOf(await it.pool.streamRequest(ask()))).toBe('one two');
    const [request] = it.upstream.requests;
    expect(request).toMatchObject({ path: '/anthropic/v1/messages', body: { model: MODEL } });
    expect(request?.headers['x-api-key']).toBe(maskKey(TOKEN));
    expect(request?.headers).not.toHaveProperty('authorization');
  });

  it('Bedrock’s Messages API with a bearer key needs no client at all', async () => {
    const upstream = await startUpstream();
    upstream.respond(() => reply.raw(sse(claudeEvents(['one']))));
    const baseURL = `${upstream.url}/anthropic`;
    const modelIds = { 'claude-sonnet-4-5': PROFILE };
    const provider = anthropic({ name: 'bedrock', apiKey: TOKEN, baseURL, modelIds });
    await using it = around(upstream, { providers: [provider], retry: false });
    expect(await wordsOf(await it.pool.streamRequest(ask()))).toBe('one');
    expect(upstream.requests).toMatchObject([
      { path: '/anthropic/v1/messages', key: maskKey(TOKEN), body: { model: PROFILE } },
    ]);
  });
});

describe('beside Anthropic itself', () => {
  it('takes over when the first cannot, at the same model', async () => {
    const upstream = await startUpstream();
    upstream.respond(({ path }) =>
      path.startsWith('/model/') ? reply.raw(frames, AMAZON) : reply.status(529),
    );
    const first = anthropic({ apiKey: 'sk-ant-of-nobody', baseURL: upstream.url });
    const second = anthropic(places.bedrock(upstream.url));
    await using it = around(upstream, {
      providers: [first, second],
      retry: { attempts: 2, baseDelayMs: 1, attemptsPerTarget: 1 },
    });
    const { runestone } = await (await it.pool.streamRequest(ask())).completion();
    expect(runestone).toMatchObject({ provider: 'bedrock', model: MODEL, attempts: 2 });
  });

  it('has no health check, which nobody offers for all of them', async () => {
    await using it = await at('bedrock');
    expect(await it.pool.checkHealth('bedrock')).toEqual({ status: 'unknown' });
    expect(it.upstream.requests).toHaveLength(0);
  });

  it('keeps the same books, and prints nothing', async () => {
    const printed = vi.spyOn(console, 'warn').mockImplementation(() => {});
    await using it = await at('bedrock', reply.raw(frames, AMAZON));
    await wordsOf(await it.pool.streamRequest(ask()));
    expect(it.of('cost.recorded')).toMatchObject([{ costUsd: 0.015_03, precision: 'reported' }]);
    expect(printed).not.toHaveBeenCalled();
    printed.mockRestore();
  });
});
