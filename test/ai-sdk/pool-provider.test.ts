import { ProviderPool } from 'runestone';
import { aiSdk } from 'runestone/ai-sdk';
import { openai } from 'runestone/providers/openai-compatible';
import { breaks, replies, scriptedProvider, startUpstream } from 'runestone/testing';
import { describe, expect, it, vi } from 'vitest';

const prompt = [{ role: 'user' as const, content: [{ type: 'text', text: 'Hi' }] }];

const modelOf = (...script: Parameters<typeof scriptedProvider>[1]) => {
  const provider = scriptedProvider('acme', script);
  const pool = new ProviderPool({ providers: [provider], models: { fast: ['acme/m'] } });
  return { pool, model: aiSdk(pool)('fast') };
};

async function read<Part>(stream: ReadableStream<Part>): Promise<Part[]> {
  const parts: Part[] = [];
  const reader = stream.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) parts.push(next.value);
  return parts;
}

describe('a pool as a provider of the AI SDK', () => {
  it('answers whole', async () => {
    const { model } = modelOf(replies('Hello'));
    expect(model).toMatchObject({ specificationVersion: 'v4', provider: 'runestone', modelId: 'fast' });
    const answer = await model.doGenerate({ prompt });
    expect(answer.content).toEqual([{ type: 'text', text: 'Hello' }]);
    expect(answer.providerMetadata['runestone']).toMatchObject({ provider: 'acme', attempts: 1 });
  });

  it('answers as a stream, in the order that the AI SDK wants', async () => {
    const { model } = modelOf(replies('Hello'));
    const parts = await read((await model.doStream({ prompt })).stream);
    const types = parts.map(({ type }) => type);
    expect(types[0]).toBe('stream-start');
    expect(types.indexOf('text-start')).toBeLessThan(types.indexOf('text-delta'));
    expect(types.at(-1)).toBe('finish');
  });

  it('ends a stream that breaks with an error, and no finish', async () => {
    const { model } = modelOf(breaks('Hel'));
    const parts = await read((await model.doStream({ prompt })).stream);
    expect(parts.at(-1)).toMatchObject({ type: 'error', error: { code: 'stream_truncated' } });
    expect(parts.map(({ type }) => type)).not.toContain('finish');
  });

  it('cuts the request when its reader leaves', async () => {
    const { pool, model } = modelOf(replies(['one', 'two', 'three']));
    const outcomes: string[] = [];
    pool.on('request.stop', ({ outcome }) => outcomes.push(outcome));
    const { stream } = await model.doStream({ prompt });
    await stream.cancel();
    await vi.waitFor(() => expect(outcomes).toEqual(['cancelled']));
  });

  it('makes vectors', async () => {
    const upstream = await startUpstream();
    const pool = new ProviderPool({ providers: [openai({ apiKey: 'k', baseURL: `${upstream.url}/v1` })] });
    const model = aiSdk(pool).embeddingModel('openai/text-embedding-3-small');
    const { embeddings, usage } = await model.doEmbed({ values: ['a', 'b'] });
    expect(embeddings).toHaveLength(2);
    expect(typeof embeddings[0]?.[0]).toBe('number');
    expect(usage?.tokens).toBeGreaterThan(0);
    await pool.close();
    await upstream.close();
  });

  it('makes no images, and says so', () => {
    expect(() => aiSdk(modelOf(replies('x')).pool).imageModel('dall-e')).toThrow('dall-e');
  });
});
