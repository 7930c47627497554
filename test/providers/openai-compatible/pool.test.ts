import OpenAI from 'openai7';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ChatRequest, type PoolOptions, ProviderPool } from '../../../src/index.ts';
import { anthropic } from '../../../src/providers/anthropic/index.ts';
import { openai, openaiCompatible } from '../../../src/providers/openai-compatible/index.ts';
import { reply, startUpstream, type Upstream } from '../../../src/testing/index.ts';
import { collect, failureOf } from '../../contexts.ts';

let upstream: Upstream;
let pool: ProviderPool;

beforeEach(async () => {
  upstream = await startUpstream();
});

afterEach(async () => {
  await pool.close();
  await upstream.close();
});

const gpt = () =>
  openai({ apiKey: 'sk-canary-0123456789', baseURL: `${upstream.url}/v1`, defaultModel: 'gpt-4.1' });

function open(options: Partial<PoolOptions> = {}): ProviderPool {
  pool = new ProviderPool({ providers: [gpt()], retry: { baseDelayMs: 1, maxDelayMs: 2 }, ...options });
  return pool;
}

const asked: ChatRequest = { messages: [{ role: 'user', content: 'Hi' }] };
const bodies = () => upstream.requests.map(({ body }) => body as Record<string, unknown>);

describe('a pool over OpenAI', () => {
  it('STR-15: asks for the usage always, and shows it only to those who ask', async () => {
    open();
    const plain = await collect(await pool.streamRequest(asked));
    expect(plain.every((chunk) => !('usage' in chunk))).toBe(true);
    expect(plain.at(-1)?.runestone?.usage?.inputTokens).toBeGreaterThan(0);
    const shown = await collect(
      await pool.streamRequest({ ...asked, stream: true, stream_options: { include_usage: true } }),
    );
    expect(shown.at(-1)?.usage?.prompt_tokens).toBeGreaterThan(0);
    for (const body of bodies()) expect(body['stream_options']).toEqual({ include_usage: true });
  });

  it('T-8: waits for a short answer, and folds the stream of a long one', async () => {
    open();
    await pool.request({ ...asked, max_completion_tokens: 100 });
    await pool.request(asked);
    expect(bodies().map(({ stream }) => stream)).toEqual([undefined, true]);
  });

  it('runs the tools of the official client', async () => {
    open();
    upstream.script(reply.tools([{ name: 'weather', input: { city: 'Paris' } }]), reply.text('Sunny.'));
    const fetch = async (_url: unknown, init: { body?: unknown } = {}) =>
      Response.json(await pool.request(JSON.parse(String(init.body))));
    const client = new OpenAI({ apiKey: 'unused', baseURL: 'http://pool.invalid/v1', maxRetries: 0, fetch });
    const asks: unknown[] = [];
    const runner = client.chat.completions.runTools({
      model: 'openai/gpt-4.1',
      messages: [{ role: 'user', content: 'How is the weather in Paris?' }],
      tools: [
        {
          type: 'function',
          function: {
            name: 'weather',
            description: 'Tells the weather.',
            parse: JSON.parse,
            parameters: { type: 'object', properties: { city: { type: 'string' } } },
            function: (args: unknown) => {
              asks.push(args);
              return '20 degrees';
            },
          },
        },
      ],
    });
    expect(await runner.finalContent()).toBe('Sunny.');
    expect(asks).toEqual([{ city: 'Paris' }]);
  });

  it('warns of what it drops, or refuses it when the pool is strict', async () => {
    const request: ChatRequest = { ...asked, thinking: { type: 'adaptive' } };
    const answer = await open().request(request);
    expect(answer.runestone.warnings).toMatchObject([{ code: 'unsupported_parameter', param: 'thinking' }]);
    await pool.close();
    const error = await failureOf(open({ strict: true }).request(request));
    expect(error).toMatchObject({ code: 'invalid_request', param: 'thinking' });
    expect(upstream.count).toBe(1);
  });

  it.each([
    ['ERR-56: a cut before any content', reply.cut({ after: 0, answer: reply.text('lost') })],
    ['ERR-54: an error before any content', reply.errorEvent({ after: 0 })],
    ['ERR-52: a failure of the server', reply.status(500)],
    ['ERR-55: an error under a 200', reply.status(200, { body: { error: { message: 'x' } } })],
  ])('tries again after %s', async (_, fault) => {
    open();
    upstream.script(fault, reply.text('Sunny.'));
    const answer = await pool.request(asked);
    expect(answer.choices[0]?.message.content).toBe('Sunny.');
    expect(upstream.count).toBe(2);
  });

  it('ERR-56: reports an answer that was cut, with what there is of it', async () => {
    open();
    upstream.script(reply.cut({ after: 2, answer: reply.text(['Half ', 'an ', 'answer']) }));
    expect(await failureOf(collect(await pool.streamRequest(asked)))).toMatchObject({
      code: 'stream_truncated',
      committed: true,
      partial: { content: 'Half an ' },
    });
    expect(upstream.count).toBe(1);
  });

  it.each([
    ['ERR-41: a wrong parameter', 400, 'unsupported_value', 'invalid_request'],
    ['ERR-51: used-up quota', 429, 'insufficient_quota', 'quota_exhausted'],
    ['ERR-43: a wrong key', 401, 'invalid_api_key', 'authentication'],
  ])('does not try again after %s', async (_, status, code, expected) => {
    open();
    upstream.script(reply.status(status, { details: { code } }));
    expect(await failureOf(pool.request(asked))).toMatchObject({ code: expected });
    expect(upstream.count).toBe(1);
  });
});

describe('models', () => {
  const acme = () =>
    openaiCompatible({
      name: 'acme',
      baseURL: `${upstream.url}/v1`,
      apiKey: 'k-0123456789',
      models: [{ id: 'big-2', aliases: ['big'] }],
    });

  it.each([
    ['big', 'big-2'],
    ['big-2', 'big-2'],
    ['acme/big', 'big-2'],
    ['acme/org/other', 'org/other'],
  ])('are served by id and alias, and any other under the name of the provider: %s', async (model, sent) => {
    open({ providers: [gpt(), acme()] });
    await pool.request({ ...asked, model });
    expect(bodies()[0]?.['model']).toBe(sent);
  });

  it('are nobody’s when nobody lists them', async () => {
    open({ providers: [gpt(), acme()] });
    expect(await failureOf(pool.request({ ...asked, model: 'other' }))).toMatchObject({ code: 'no_route' });
  });
});

describe('a request with tools', () => {
  const tools: ChatRequest['tools'] = [{ type: 'function', function: { name: 'weather' } }];

  it('passes by a model that takes none, and says why', async () => {
    open({ models: { best: ['openai/gpt-6-astra', 'openai/gpt-4.1'] } });
    const { runestone } = await pool.request({ ...asked, model: 'best', tools });
    expect(runestone.trace.excluded).toEqual([{ target: 'openai/gpt-6-astra', reason: 'no_tools' }]);
    expect(bodies().map(({ model }) => model)).toEqual(['gpt-4.1']);
    await pool.request({ ...asked, model: 'best' });
    expect(bodies()[1]?.['model']).toBe('gpt-6-astra');
  });

  it('is refused before it is sent where nobody else is left', async () => {
    open();
    const refused = await failureOf(pool.request({ ...asked, model: 'gpt-6-astra', tools }));
    expect(refused).toMatchObject({ code: 'invalid_request', param: 'tools' });
    expect(upstream.count).toBe(0);
  });

  it('goes to a model that takes tools without reasoning only as it has to, and the caller is told', async () => {
    open();
    const asking = { ...asked, model: 'gpt-6-sol', tools, reasoning_effort: 'high' as const };
    const { runestone } = await pool.request(asking);
    expect(bodies()[0]?.['reasoning_effort']).toBe('none');
    expect(runestone.warnings).toMatchObject([{ code: 'clamped', param: 'reasoning_effort' }]);
    await pool.close();
    open({ strict: true });
    expect(await failureOf(pool.request(asking))).toMatchObject({
      code: 'invalid_request',
      param: 'reasoning_effort',
    });
    expect(upstream.count).toBe(1);
  });
});

describe('a conversation that moves between hosts', () => {
  it("2.5: brings Claude's answers to OpenAI, and OpenAI's to Claude, without a 400", async () => {
    open({
      providers: [anthropic({ apiKey: 'sk-ant-canary-0123', baseURL: upstream.url }), gpt()],
      strict: true,
    });
    const claude = { model: 'claude-haiku-4-5', max_completion_tokens: 2_000 };
    upstream.script(reply.thinking('Hmm.', { text: 'Hello.' }), reply.text('Sunny.'), reply.text('Bye.'));
    const messages: ChatRequest['messages'][number][] = [{ role: 'user', content: 'Hi' }];
    for (const target of [claude, { model: 'openai/gpt-4.1' }, claude]) {
      const { choices } = await pool.request({ ...target, messages });
      messages.push(choices[0]!.message as never, { role: 'user', content: 'And then?' });
    }
    expect(messages.map(({ content }) => content).filter((_, index) => index % 2 === 1)).toEqual([
      'Hello.',
      'Sunny.',
      'Bye.',
    ]);
    expect(bodies()[1]?.['messages']).toEqual([
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'Hello.' },
      { role: 'user', content: 'And then?' },
    ]);
  });
});
