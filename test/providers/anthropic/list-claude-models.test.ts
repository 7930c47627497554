import { ProviderPool } from 'runestone';
import { anthropic } from 'runestone/providers/anthropic';
import { type Reply, reply, startUpstream } from 'runestone/testing';
import { describe, expect, it } from 'vitest';

const MODELS = ['claude-sonnet-5-5', 'claude-sonnet-6', 'claude-sonnet-4-5-20250929'];
const KEY = 'sk-ant-api03-secret';

async function setUp() {
  const upstream = await startUpstream({ models: MODELS });
  const pool = new ProviderPool({ providers: [anthropic({ apiKey: KEY, baseURL: upstream.url })] });
  return {
    upstream,
    pool,
    /** What the catalogue answers from now on. */
    listing: (answer: Reply) => upstream.respond(({ path }) => (path === '/v1/models' ? answer : undefined)),
    model: (id: string) => pool.models({ retired: true }).data.find((each) => each.id === id)?.runestone,
    async [Symbol.asyncDispose]() {
      await pool.close({ drainMs: 0 });
      await upstream.close();
    },
  };
}

/** A page of the Models API with these models. */
const page = (...data: unknown[]) => reply.status(200, { body: { data, has_more: false } });

describe('Anthropic’s catalogue', () => {
  it('MOD-6 is read in one request, retired models included, and never for a chat', async () => {
    await using it = await setUp();
    await it.pool.request({ model: 'claude-sonnet-5-5', messages: [{ role: 'user', content: 'Hello' }] });
    expect(it.upstream.requests.map(({ path }) => path)).toEqual(['/v1/messages']);
    expect(await it.pool.refreshModels()).toEqual({ anthropic: { status: 'read', models: 3 } });
    const [, asked] = it.upstream.requests;
    expect(asked).toMatchObject({ method: 'GET', path: '/v1/models' });
    expect(new URLSearchParams(asked?.query).getAll('lifecycle[]')).toEqual([
      'active',
      'deprecated',
      'retired',
    ]);
    expect(asked?.key).toBe(it.upstream.requests[0]?.key);
  });

  it('MOD-6 is read no more than once a day', async () => {
    await using it = await setUp();
    await it.pool.refreshModels();
    expect(await it.pool.refreshModels()).toEqual({ anthropic: { status: 'cached' } });
    expect(it.upstream.requests).toHaveLength(1);
    expect(await it.pool.refreshModels({ maxAgeMs: 0 })).toMatchObject({ anthropic: { status: 'read' } });
  });

  it('MOD-6 overrides the table: limits, dates, capabilities; new models appear', async () => {
    await using it = await setUp();
    expect(it.model('claude-sonnet-5-5')).toMatchObject({ contextWindow: 1_000_000, asOf: '2026-11-22' });
    expect(it.model('claude-sonnet-6')).toBeUndefined();
    it.listing(
      page(
        { id: 'claude-sonnet-6', lifecycle: 'active', created_at: '2026-12-24T00:00:00Z' },
        {
          id: 'claude-sonnet-5-5',
          lifecycle: 'active',
          created_at: '2026-09-28T00:00:00Z',
          max_input_tokens: 2_000_000,
          capabilities: { pdf_input: { supported: false } },
        },
      ),
    );
    await it.pool.refreshModels();
    expect(it.model('claude-sonnet-5-5')).toMatchObject({
      contextWindow: 2_000_000,
      maxOutputTokens: 128_000,
      capabilities: { tools: true, pdf: false },
      source: 'https://api.anthropic.com/v1/models',
    });
    expect(it.model('claude-sonnet-6')).toMatchObject({ status: 'active' });
  });

  it('MOD-5 makes an overdue model a retired one, and takes it off the list', async () => {
    await using it = await setUp();
    const id = 'claude-sonnet-4-5-20250929';
    const ids = () => it.pool.models().data.map((model) => model.id);
    expect(it.model(id)?.status).toBe('deprecated');
    expect(ids()).toContain(id);
    it.listing(page({ id, lifecycle: 'retired', retires_at: '2026-11-30T00:00:00Z' }));
    await it.pool.refreshModels();
    expect(it.model(id)).toMatchObject({
      status: 'retired',
      lifecycle: { retired: '2026-11-30', successor: 'claude-sonnet-5-5' },
    });
    expect(ids()).not.toContain(id);
  });

  it('T-10 MOD-6 changes nothing of what is sent', async () => {
    await using it = await setUp();
    const ask = () =>
      it.pool.request({
        model: 'claude-sonnet-4-5',
        max_completion_tokens: 60_000,
        reasoning_effort: 'high',
        messages: [{ role: 'user', content: 'Hello' }],
      });
    it.listing(
      page({
        id: 'claude-sonnet-4-5-20250929',
        lifecycle: 'retired',
        max_tokens: 1_000,
        capabilities: { thinking: { supported: false }, effort: { supported: false } },
      }),
    );
    await ask();
    await it.pool.refreshModels();
    await ask();
    const [before, , after] = it.upstream.requests;
    expect(before?.path).toBe('/v1/messages');
    expect(after?.body).toEqual(before?.body);
  });

  it.each([
    ['a refusal', reply.status(401), 'authentication'],
    ['an overload', reply.status(529), 'overloaded'],
    ['an answer without a list', reply.status(200, { body: { models: [] } }), 'bad_response'],
    ['an answer that is no JSON', reply.status(200, { body: 'models' }), 'bad_response'],
  ])('that cannot be had leaves the table as it is: %s', async (_, answer, code) => {
    await using it = await setUp();
    const before = it.pool.models();
    it.listing(answer);
    const { anthropic: told } = await it.pool.refreshModels();
    expect(told).toMatchObject({ status: 'failed', code });
    expect(JSON.stringify(told)).not.toContain(KEY);
    expect(it.pool.models()).toEqual(before);
    it.upstream.respond(undefined);
    expect(await it.pool.refreshModels()).toMatchObject({ anthropic: { status: 'read' } });
  });

  it('is not asked of a host that is reached by another’s client', () => {
    const elsewhere = anthropic({ client: () => ({ post: () => ({ asResponse: () => Promise.reject() }) }) });
    expect(elsewhere.listModels).toBeUndefined();
  });
});
