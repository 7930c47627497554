import { describe, expect, it, vi } from 'vitest';
import type { EmbeddingResponse } from '../../src/chat/embedding.ts';
import { embeddings, health, models } from '../../src/http/plain-routes.ts';
import type { ServedModel } from '../../src/http/served-pool.ts';
import { failureOf } from '../contexts.ts';
import { info, pool, routeCall } from './support.ts';

describe('embeddings', () => {
  const vectors = (...list: (number[] | string)[]): EmbeddingResponse => ({
    object: 'list',
    data: list.map((embedding, index) => ({ object: 'embedding', index, embedding })),
    model: 'text-embedding-3-small',
    usage: { prompt_tokens: 2, total_tokens: 2 },
    runestone: info,
  });

  it.each([
    ['base64', ['AACAPw==', 'AACAPw==']],
    ['float', [[1], [1]]],
    [undefined, [[1], [1]]],
  ])('gives %s whatever the host sent', async (encoding_format, wanted) => {
    const embed = vi.fn(async () => vectors([1], 'AACAPw=='));
    const body = { model: 'm', input: ['a', 'b'], encoding_format };
    const response = await embeddings(routeCall({ pool: pool({ embed }), body }));
    const answer = (await response.json()) as EmbeddingResponse;
    expect(answer).toMatchObject({
      object: 'list',
      model: 'text-embedding-3-small',
      usage: { total_tokens: 2 },
    });
    expect(answer.data.map(({ embedding }) => embedding)).toEqual(wanted);
    expect(embed.mock.calls).toEqual([[body, { requestId: 'req-1' }]]);
  });

  it('lets the pool find what is wrong with a body', async () => {
    const wrong = new TypeError('wrong');
    const embed = async (): Promise<never> => {
      throw wrong;
    };
    for (const body of [null, 'text', [], {}]) {
      expect(await failureOf(embeddings(routeCall({ pool: pool({ embed }), body })))).toBe(wrong);
    }
  });
});

const model = (id: string, ...targets: string[]): ServedModel => ({
  id,
  created: 1_700_000_000,
  runestone: { targets },
});
const listed = [model('fast', 'groq/llama', 'anthropic/haiku'), model('opus', 'anthropic/opus')];

describe('models', () => {
  const list = vi.fn(() => ({ data: listed }));
  const ask = (rest: string, headers = {}) =>
    models(routeCall({ pool: pool({ models: list }), rest, headers: new Headers(headers) }));

  it('lists what the pool lists, in OpenAI’s shape', async () => {
    expect(await (await ask('')).json()).toEqual({ object: 'list', data: listed });
    expect(list).toHaveBeenLastCalledWith({ retired: false });
  });

  it.each([
    ['opus', 'opus'],
    ['anthropic/opus', 'opus'],
    ['fast', 'fast'],
  ])('finds %s, retired or not', async (name, found) => {
    const answer = await (await ask(name)).json();
    expect(answer).toEqual({ ...listed.find(({ id }) => id === found), id: name });
    expect(list).toHaveBeenLastCalledWith({ retired: true });
  });

  it('says 404 for a name that is not there, without repeating it', async () => {
    const error = await failureOf(ask('canary'));
    expect(error).toMatchObject({ httpStatus: 404, reason: 'model_not_found' });
    expect(String(error)).not.toContain('canary');
  });

  it('adds Anthropic’s fields for clients of Anthropic', async () => {
    const headers = { 'anthropic-version': '2026-10-21' };
    const facts = { type: 'model', display_name: 'opus', created_at: '2023-11-14T22:13:20.000Z' };
    expect(await (await ask('opus', headers)).json()).toEqual({ ...listed[1], ...facts });
    expect(await (await ask('', headers)).json()).toMatchObject({
      data: [{ display_name: 'fast' }, facts],
      has_more: false,
      first_id: 'fast',
      last_id: 'opus',
    });
  });

  it('tells Anthropic’s clients of an empty list, too', async () => {
    list.mockReturnValueOnce({ data: [] });
    const answer = await (await ask('', { 'anthropic-version': '2023-06-01' })).json();
    expect(answer).toEqual({ object: 'list', data: [], has_more: false, first_id: null, last_id: null });
  });
});

describe('health', () => {
  it.each([
    ['healthy', 200],
    ['degraded', 200],
    ['unknown', 200],
    ['down', 503],
  ])('is %s with status %i, and names nobody', async (status, code) => {
    const of = { status, providers: { canary: status } };
    const response = await health(routeCall({ pool: pool({ health: () => of }) }));
    expect([response.status, await response.text()]).toEqual([code, JSON.stringify({ status })]);
  });
});
