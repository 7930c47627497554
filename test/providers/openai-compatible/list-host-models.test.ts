import { describe, expect, it } from 'vitest';
import { type PoolOptions, ProviderPool } from '../../../src/index.ts';
import { openai, openaiCompatible, preset } from '../../../src/providers/openai-compatible/index.ts';
import { type Reply, reply, startUpstream } from '../../../src/testing/index.ts';

const KEY = 'sk-canary-0123456789';

async function setUp(models?: PoolOptions['models']) {
  const upstream = await startUpstream({ models: ['gpt-4.1', 'gpt-7-nova'] });
  const baseURL = `${upstream.url}/v1`;
  const pool = new ProviderPool({
    providers: [openai({ apiKey: KEY, baseURL }), openaiCompatible({ name: 'acme', baseURL, apiKey: KEY })],
    ...(models && { models }),
  });
  return {
    upstream,
    pool,
    /** What the list answers from now on. */
    listing: (answer: Reply) =>
      upstream.respond(({ path }) => (path.endsWith('/models') ? answer : undefined)),
    model: (id: string) => pool.models({ retired: true }).data.find((each) => each.id === id)?.runestone,
    async [Symbol.asyncDispose]() {
      await pool.close({ drainMs: 0 });
      await upstream.close();
    },
  };
}

const list = (...data: unknown[]): Reply => reply.status(200, { body: { object: 'list', data } });
const chat = { messages: [{ role: 'user' as const, content: 'Hello' }] };

describe('a host’s catalogue', () => {
  it('is read in one request with the key, and never for a chat', async () => {
    await using it = await setUp();
    await it.pool.request({ ...chat, model: 'gpt-4.1' });
    expect(it.upstream.requests.map(({ path }) => path)).toEqual(['/v1/chat/completions']);
    expect(await it.pool.refreshModels()).toEqual({
      openai: { status: 'read', models: 2 },
      acme: { status: 'read', models: 2 },
    });
    const [, ...asked] = it.upstream.requests;
    expect(asked.map(({ method, path, key }) => [method, path, key])).toEqual(
      Array(2).fill(['GET', '/v1/models', it.upstream.requests[0]?.key]),
    );
  });

  it('adds models and limits to the table, and takes no fact from it', async () => {
    await using it = await setUp();
    const before = it.model('gpt-5.5');
    it.listing(list({ id: 'gpt-7-nova' }, { id: 'gpt-4.1' }, { id: 'gpt-4o', context_length: 64_000 }));
    await it.pool.refreshModels();
    expect(it.model('gpt-7-nova')?.targets).toEqual(['openai/gpt-7-nova', 'acme/gpt-7-nova']);
    expect(it.model('gpt-4.1')).toMatchObject({
      contextWindow: 1_047_576,
      source: expect.stringContaining('https://'),
    });
    expect(it.model('gpt-4o')).toMatchObject({
      contextWindow: 64_000,
      maxOutputTokens: 16_384,
      source: 'GET /models',
    });
    expect(it.model('gpt-5.5')).toEqual(before);
  });

  it('is routed by: what a host says a model cannot do, it is not asked for', async () => {
    await using it = await setUp({ best: ['acme/small', 'openai/gpt-4.1'] });
    it.listing(list({ id: 'small', capabilities: { function_calling: false } }));
    await it.pool.refreshModels();
    const tools = [{ type: 'function', function: { name: 'f' } }];
    const { trace } = (await it.pool.request({ ...chat, model: 'best', tools })).runestone;
    expect(trace.excluded).toEqual([{ target: 'acme/small', reason: 'no_tools' }]);
  });

  it('T-10 MOD-6 changes nothing of what is sent', async () => {
    await using it = await setUp();
    const ask = () => it.pool.request({ ...chat, model: 'openai/gpt-4.1', max_completion_tokens: 900 });
    it.listing(list({ id: 'gpt-4.1', max_completion_tokens: 100, supported_parameters: [] }));
    await ask();
    await it.pool.refreshModels();
    await ask();
    const sent = it.upstream.requests.filter(({ method }) => method === 'POST');
    expect(sent[1]?.body).toEqual(sent[0]?.body);
  });

  it('may be a bare list (Together)', async () => {
    await using it = await setUp();
    it.listing(reply.status(200, { body: JSON.stringify([{ id: 'a' }, { id: 'b' }, 'c']) }));
    expect(await it.pool.refreshModels()).toMatchObject({ acme: { status: 'read', models: 2 } });
  });

  it.each([
    ['a refusal', reply.status(401, { message: `bad key ${KEY}` }), 'authentication'],
    ['an overload', reply.status(503), 'overloaded'],
    ['no such path', reply.status(404), 'model_not_found'],
    ['an answer without a list', reply.status(200, { body: { models: [] } }), 'bad_response'],
    ['an answer that is no JSON', reply.status(200, { body: `models ${KEY}` }), 'bad_response'],
  ])('that cannot be had leaves all as it is: %s', async (_, answer, code) => {
    await using it = await setUp();
    const before = it.pool.models();
    it.listing(answer);
    const told = await it.pool.refreshModels();
    expect(told).toMatchObject({
      openai: { status: 'failed', code },
      acme: { status: 'failed', code },
    });
    expect(JSON.stringify(told)).not.toContain('canary');
    expect(it.pool.models()).toEqual(before);
  });

  it('is not asked of a host that lists other names than it serves: Azure serves deployments', () => {
    const azure = preset('azure', { apiKey: KEY, baseURL: 'https://mine.openai.azure.com' });
    expect(openaiCompatible(azure).listModels).toBeUndefined();
    expect(openaiCompatible(azure).check).toBeDefined();
    expect(openaiCompatible(preset('groq', { apiKey: KEY })).listModels).toBeDefined();
  });
});
