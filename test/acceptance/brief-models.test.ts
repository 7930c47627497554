import { type ChatRequest, isRunestoneError } from 'runestone';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../contexts.ts';
import { lastBody, question, stand } from './lab.ts';

/** The ids and aliases of the project's brief: what is asked for, what is sent, since when it is gone, what follows it. */
const asked: readonly (readonly [name: string, id: string, retired: string, successor: string])[] = [
  ['claude-3-5-sonnet-20241022', 'claude-3-5-sonnet-20241022', '2025-10-28', 'claude-sonnet-4-6'],
  ['claude-3-5-haiku-20241022', 'claude-3-5-haiku-20241022', '2026-02-19', 'claude-haiku-4-5-20251001'],
  ['claude-3-opus-20240229', 'claude-3-opus-20240229', '2026-01-05', 'claude-opus-4-8'],
  ['claude-3-sonnet-20240229', 'claude-3-sonnet-20240229', '2025-07-21', 'claude-sonnet-4-6'],
  ['claude-3-haiku-20240307', 'claude-3-haiku-20240307', '2026-04-20', 'claude-haiku-4-5-20251001'],
  ['claude-3-5-sonnet', 'claude-3-5-sonnet-20241022', '2025-10-28', 'claude-sonnet-4-6'],
  ['claude-3-haiku', 'claude-3-haiku-20240307', '2026-04-20', 'claude-haiku-4-5-20251001'],
  ['claude-3-opus', 'claude-3-opus-20240229', '2026-01-05', 'claude-opus-4-8'],
];

const ask = (model: string): ChatRequest => ({ model, messages: [{ role: 'user', content: 'Hi' }] });

describe.each(asked)('%s', (name, id, retired, successor) => {
  it.each([name, `anthropic/${name}`])(
    'asked for as %s is sent as the dated id, with a warning',
    async (model) => {
      await using it = await stand();
      const answer = await it.pool.request(ask(model));
      expect(lastBody(it.upstream)['model']).toBe(id);
      expect(answer.choices[0]?.finish_reason).toBe('stop');
      const [warning] = answer.runestone.warnings;
      expect(warning).toMatchObject({ code: 'model_retired', param: 'model' });
      expect(warning?.message).toContain(retired);
      expect(warning?.message).toContain(successor);
      expect(it.of('translation.warning')).toMatchObject([{ code: 'model_retired', provider: 'anthropic' }]);
    },
  );

  it('that upstream knows no more is an error which says the same', async () => {
    await using it = await stand({ upstream: { models: [successor] } });
    const error = await failureOf(it.pool.streamRequest(ask(name)));
    if (!isRunestoneError(error)) throw error;
    expect(error).toMatchObject({ code: 'model_not_found', status: 404, provider: 'anthropic', model: id });
    expect(error.message).toContain(`${JSON.stringify(id)} was retired on ${retired}`);
    expect(error.message).toContain(`use ${JSON.stringify(successor)}`);
    expect(it.upstream.count).toBe(1);
  });

  it('is its successor, or nothing, where the pool is told so', async () => {
    await using remapping = await stand({ pool: { retiredModels: 'remap' } });
    const answer = await remapping.pool.request(ask(name));
    expect(lastBody(remapping.upstream)['model']).toBe(successor);
    expect(answer.runestone.warnings).toMatchObject([{ code: 'model_remapped' }]);
    await using rejecting = await stand({ pool: { retiredModels: 'reject' } });
    const error = await failureOf(rejecting.pool.request(ask(name)));
    expect(error).toMatchObject({ code: 'model_not_found', message: expect.stringContaining(successor) });
    expect(rejecting.upstream.count).toBe(0);
  });
});

it('a request without a model gets a current one, without a word', async () => {
  await using it = await stand();
  const { model: _, ...nameless } = question();
  const { runestone } = await it.pool.request(nameless);
  expect(lastBody(it.upstream)['model']).toBe('claude-sonnet-5-5');
  expect(runestone).toMatchObject({ model: 'claude-sonnet-5-5', provider: 'anthropic' });
  expect(runestone.warnings.filter(({ param }) => param === 'model')).toEqual([]);
});

it.each(['claude-opus-5-5', 'claude-sonnet-5-5', 'claude-haiku-5-5', 'claude-haiku-4-5'])(
  'the current model %s has nothing to warn of, and a known price',
  async (model) => {
    await using it = await stand();
    const { runestone } = await it.pool.request(ask(model));
    expect(runestone).toMatchObject({ warnings: [], precision: 'reported' });
    expect(runestone.costUsd).toBeGreaterThan(0);
  },
);
