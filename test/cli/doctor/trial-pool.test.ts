import { type LoggedRequest, labWords, reply, startLab } from 'runestone/testing';
import { describe, expect, it } from 'vitest';
import { QUESTION, strikes, trialOptions, trialPool } from '../../../src/cli/doctor/trial-pool.ts';
import { userHosts } from '../../../src/cli/doctor/user-hosts.ts';

const env = {
  ANTHROPIC_API_KEY: 'sk-ant-secret',
  OPENAI_API_KEY: 'sk-secret',
  ANTHROPIC_BASE_URL: 'http://a',
};

const registered = userHosts({ env }).filter(({ variables }) => variables.length > 0);

describe('the options of a trial', () => {
  it("are the user's, but for addresses and keys", () => {
    const options = {
      env,
      models: { smart: ['anthropic/claude-opus-4-8'] },
      retry: { attempts: 4 },
      providers: { openai: { defaultModel: 'gpt-5.5', baseURL: 'https://proxy.example' } },
    };
    const pointed = trialOptions(options, registered, ({ key }) => `http://127.0.0.1/${key}`);
    expect(pointed).toMatchObject({
      models: options.models,
      retry: options.retry,
      providers: {
        anthropic: { baseURL: 'http://127.0.0.1/anthropic' },
        openai: { baseURL: 'http://127.0.0.1/openai', defaultModel: 'gpt-5.5' },
      },
    });
    expect(Object.keys(pointed.providers ?? {})).toEqual(['anthropic', 'openai']);
  });

  it("send no key of the user's to the lab", async () => {
    await using lab = await startLab();
    await using pool = trialPool({ env }, registered, {
      lab,
      fault: { name: 'nothing', selector: 'ok', strikes: 'request' },
    });
    await pool.request({ messages: [{ role: 'user', content: QUESTION }] });
    await using other = await startLab();
    await using same = trialPool({ env: { ANTHROPIC_API_KEY: 'another' } }, registered.slice(0, 1), {
      lab: other,
      fault: { name: 'nothing', selector: 'ok', strikes: 'request' },
    });
    await same.request({ messages: [{ role: 'user', content: QUESTION }] });
    expect(lab.requests[0]?.key).toBe(other.requests[0]?.key);
  });
});

describe('who is struck', () => {
  const words = labWords('nonce-doctor');
  const asked = (host: string, model: string, messages: unknown[] = []): LoggedRequest =>
    // Only what is looked at.
    Object({ prefix: `/lab/stall%3Bhost%3D${host}`, path: '/v1/messages', body: { model, messages } });
  const requests = [asked('a', 'one'), asked('a', 'one'), asked('a', 'two'), asked('b', 'one')];

  it.each([
    ['request', [true, false, false, false]],
    ['target', [true, true, false, false]],
    ['provider', [true, true, true, false]],
  ] as const)('a %s', (whom, expected) => {
    const respond = strikes({ name: '', selector: 'stall', strikes: whom }, words, reply.text);
    expect(requests.map((request) => respond(request) === undefined)).toEqual(expected);
  });

  it('others answer whole, or the rest of what is there', () => {
    const respond = strikes({ name: '', selector: 'stall', strikes: 'request' }, words, reply.text);
    respond(asked('a', 'one'));
    const said = (messages: unknown[]): unknown => {
      const answer = respond(asked('a', 'one', messages));
      return answer?.kind === 'answer' ? answer.answer?.blocks : undefined;
    };
    expect(said([{ role: 'user', content: QUESTION }])).toEqual([{ type: 'text', pieces: words }]);
    expect(said([{ role: 'assistant', content: words.slice(0, 2).join('') }])).toEqual([
      { type: 'text', pieces: words.slice(2) },
    ]);
  });
});
