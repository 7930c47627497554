import { describe, expect, it } from 'vitest';
import type { ApiOptions, ApiRequest } from '../../../../src/testing/upstream/api-request.ts';
import { OpenAIApi } from '../../../../src/testing/upstream/openai/openai-api.ts';
import { text, tools } from '../../../../src/testing/upstream/replies/answers.ts';
import { status } from '../../../../src/testing/upstream/replies/bytes.ts';
import { errorEvent, hangBeforeHeaders, pings } from '../../../../src/testing/upstream/replies/faults.ts';
import type { Reply } from '../../../../src/testing/upstream/reply.ts';
import { eventsIn } from '../ask.ts';
import { chatBody, contentIn } from './chat.ts';

/** Status, headers and body of an answer; a stream's body is text. */
function answer(
  options: ApiOptions,
  asked: Partial<ApiRequest> = {},
  reply?: Reply,
  api = new OpenAIApi(options),
) {
  const request = {
    method: 'POST',
    path: '/v1/chat/completions',
    headers: {},
    key: 'sk-test',
    body: chatBody(),
    ...asked,
  };
  const steps = api.answer(request, reply);
  const head = steps.find((step) => step.kind === 'head');
  const body = steps
    .map((step) => (step.kind === 'bytes' ? new TextDecoder().decode(step.bytes) : ''))
    .join('');
  const isJson = head?.headers['content-type'] === 'application/json';
  return {
    status: head?.status,
    headers: head?.headers ?? {},
    body: isJson ? JSON.parse(body) : body,
    steps,
  };
}

describe('POST /chat/completions', () => {
  it('answers with a completion, or a stream when the body asks for one', () => {
    expect(answer({})).toMatchObject({ status: 200, body: { object: 'chat.completion', model: 'gpt-test' } });
    const streamed = answer({}, { body: chatBody({ stream: true }) });
    expect(eventsIn(streamed.body).at(-1)?.data).toBe('[DONE]');
  });

  it('counts input tokens, streams usage when asked to, and obfuscates unless asked not to', () => {
    const stream_options = { include_usage: true, include_obfuscation: false };
    const { body } = answer({}, { body: chatBody({ stream: true, stream_options }) }, text('Hello'));
    expect(eventsIn(body).at(-2)?.data).toMatchObject({ usage: { prompt_tokens: 3, completion_tokens: 2 } });
    expect(body).not.toContain('obfuscation');
  });

  it('gives every answer, call and request an id of its own, the same in each run', () => {
    const ids = () => {
      const api = new OpenAIApi({});
      return [0, 1].flatMap(() => {
        const { body, headers } = answer({}, {}, tools([{ name: 'a' }, { name: 'b' }]), api);
        const calls = body.choices[0].message.tool_calls.map((call: { id: string }) => call.id);
        return [headers['x-request-id'], body.id, ...calls];
      });
    };
    expect(new Set(ids()).size).toBe(8);
    expect(ids()).toEqual(ids());
    expect(ids().every((id) => id.length <= 40)).toBe(true);
  });

  it('is found behind any prefix', () => {
    const asked = { path: '/openai/deployments/d/chat/completions' };
    expect(answer({}, asked, text('hi')).body.choices[0].message.content).toBe('hi');
  });

  it('breaks a stream with an error in OpenAI’s words, and JSON with its status (ERR-54)', () => {
    const streamed = answer({}, { body: chatBody({ stream: true }) }, errorEvent());
    expect(eventsIn(streamed.body).map(({ data }) => data)).toContainEqual({
      error: { message: 'Overloaded', type: 'server_error', param: null, code: 'service_unavailable' },
    });
    expect(answer({}, {}, errorEvent())).toMatchObject({
      status: 503,
      body: { error: { code: 'service_unavailable' } },
    });
  });

  it('keeps a stream alive with comments', () => {
    const reply = pings({ everyMs: 1, ms: 2, answer: text('one two') });
    const { steps } = answer({}, { body: chatBody({ stream: true }) }, reply);
    const repeat = steps.find((step) => step.kind === 'repeat');
    expect(new TextDecoder().decode(repeat?.bytes)).toBe(': keep-alive\n\n');
  });
});

describe('what the API refuses', () => {
  const options = { models: ['gpt-test'], apiKeys: ['sk-test'] };
  it.each<[string, Partial<ApiRequest>, number, string | null, string | null]>([
    ['no key', { key: undefined }, 401, null, null],
    ['an empty key', { key: '' }, 401, null, null],
    ['a wrong key', { key: 'sk-other' }, 401, 'invalid_api_key', null],
    ['an unknown model', { body: chatBody({ model: 'gpt-3' }) }, 404, 'model_not_found', null],
    ['an unknown field', { body: chatBody({ top_k: 1 }) }, 400, 'unknown_parameter', 'top_k'],
    ['no body', { body: undefined }, 400, null, null],
    ['an unknown path', { path: '/v1/complete' }, 404, null, null],
    ['a wrong method', { method: 'GET' }, 404, null, null],
    [
      'embeddings of nothing',
      { path: '/v1/embeddings', body: { model: 'gpt-test' } },
      400,
      'missing_required_parameter',
      'input',
    ],
    [
      'embeddings of an unknown model',
      { path: '/v1/embeddings', body: { model: 'x', input: 'a' } },
      404,
      'model_not_found',
      null,
    ],
  ])('%s', (_, asked, code, errorCode, param) => {
    const refused = answer(options, asked);
    expect(refused.status).toBe(code);
    expect(refused.body.error).toMatchObject({ type: 'invalid_request_error', code: errorCode, param });
    expect(refused.headers['x-request-id']).toMatch(/^req_/);
  });

  it('refuses also where an answer is scripted, so that a bad request cannot hide', () => {
    expect(answer({}, { body: chatBody({ top_k: 1 }) }, text('hi')).status).toBe(400);
  });

  it('plays scripted failures to anyone', () => {
    const asked = { body: chatBody({ top_k: 1 }), key: undefined };
    expect(answer({}, asked, status(503)).body.error.code).toBe('service_unavailable');
    expect(answer({}, asked, hangBeforeHeaders()).steps).toEqual([{ kind: 'end', how: 'hang' }]);
  });

  it('refuses nothing but keys and models when it is not strict', () => {
    const lax = { strict: false, models: ['gpt-test'] };
    expect(answer(lax, { body: chatBody({ top_k: 1 }) }).status).toBe(200);
    expect(answer(lax, { body: chatBody({ model: 'x' }) }).status).toBe(404);
    expect(answer(lax, { key: undefined }).status).toBe(401);
  });

  it('asks nobody for a key when it is keyless', () => {
    expect(answer({ keyless: true }, { key: undefined }).status).toBe(200);
  });

  it('takes scripted errors with a code of their own (ERR-51)', () => {
    const own = status(429, { type: 'insufficient_quota', details: { code: 'insufficient_quota' } });
    expect(answer({}, {}, own)).toMatchObject({
      status: 429,
      body: { error: { type: 'insufficient_quota', code: 'insufficient_quota', param: null } },
    });
  });
});

describe('everything else', () => {
  const get = (path: string) => ({ method: 'GET', path, body: undefined });

  it('lists models, also those with a slash in their name', () => {
    const models = ['a', 'openai/b'];
    expect(answer({ models }, get('/v1/models')).body.data.map(({ id }: { id: string }) => id)).toEqual(
      models,
    );
    expect(answer({ models }, get('/v1/models/openai%2Fb')).body.id).toBe('openai/b');
    expect(answer({ models }, get('/v1/models/openai/b')).body.id).toBe('openai/b');
    expect(answer({ models }, get('/v1/models/c'))).toMatchObject({
      status: 404,
      body: { error: { code: 'model_not_found' } },
    });
    expect(answer({}, get('/v1/models')).body.data.length).toBeGreaterThan(0);
  });

  it('embeds', () => {
    const body = { model: 'm', input: 'a', dimensions: 2 };
    expect(answer({}, { path: '/v1/embeddings', body }).body.data[0].embedding).toHaveLength(2);
  });

  it('says the same streamed and not', () => {
    const whole = answer({}).body.choices[0].message.content;
    expect(contentIn(answer({}, { body: chatBody({ stream: true }) }).body)).toBe(whole);
  });
});
