import { describe, expect, it } from 'vitest';
import { AnthropicApi } from '../../../../src/testing/upstream/anthropic/api.ts';
import type { ApiRequest } from '../../../../src/testing/upstream/api-request.ts';
import { text, tools } from '../../../../src/testing/upstream/replies/answers.ts';
import { status } from '../../../../src/testing/upstream/replies/bytes.ts';
import { hangBeforeHeaders } from '../../../../src/testing/upstream/replies/faults.ts';
import type { Reply } from '../../../../src/testing/upstream/reply.ts';
import { body, eventsIn, headers } from '../ask.ts';

const request = (more: Partial<ApiRequest> = {}): ApiRequest => ({
  method: 'POST',
  path: '/v1/messages',
  headers,
  key: 'sk-test',
  body: body(),
  ...more,
});

/** Status, headers and body of an answer; a stream's body is text. */
function answer(api: AnthropicApi, asked: Partial<ApiRequest> = {}, reply?: Reply) {
  const steps = api.answer(request(asked), reply);
  const head = steps.find((step) => step.kind === 'head');
  const text = steps
    .map((step) => (step.kind === 'bytes' ? new TextDecoder().decode(step.bytes) : ''))
    .join('');
  const isJson = head?.headers['content-type'] === 'application/json';
  return {
    status: head?.status,
    headers: head?.headers ?? {},
    body: isJson ? JSON.parse(text) : text,
    steps,
  };
}

describe('POST /v1/messages', () => {
  it('answers with a message, or a stream when the body asks for one', () => {
    const api = new AnthropicApi({});
    expect(answer(api)).toMatchObject({ status: 200, body: { type: 'message', model: 'claude-sonnet-5-5' } });
    const streamed = answer(api, { body: body({ stream: true }) });
    expect(eventsIn(streamed.body).at(-1)?.event).toBe('message_stop');
  });

  it('counts input tokens (ceil of chars / 4) and output tokens', () => {
    const api = new AnthropicApi({});
    const asked = { body: body({ system: '12345678', messages: [{ role: 'user', content: '123456' }] }) };
    expect(answer(api, asked, text('Hello')).body.usage).toMatchObject({ input_tokens: 4, output_tokens: 2 });
  });

  it('remembers the prompt cache between calls', () => {
    const api = new AnthropicApi({});
    const system = [{ type: 'text', text: 'x'.repeat(400), cache_control: { type: 'ephemeral' } }];
    const usage = () => answer(api, { body: body({ system }) }).body.usage;
    expect(usage()).toMatchObject({ cache_creation_input_tokens: 100, cache_read_input_tokens: 0 });
    expect(usage()).toMatchObject({ cache_creation_input_tokens: 0, cache_read_input_tokens: 100 });
  });

  it('gives every answer, call and request an id of its own, the same in each run', () => {
    const ids = () => {
      const api = new AnthropicApi({});
      return [0, 1].flatMap(() => {
        const { body: message, headers: sent } = answer(api, {}, tools([{ name: 'a' }, { name: 'b' }]));
        const calls = message.content.map((block: { id: string }) => block.id);
        return [sent['request-id'], message.id, ...calls];
      });
    };
    expect(new Set(ids()).size).toBe(8);
    expect(ids()).toEqual(ids());
    expect(ids()[2]).toMatch(/^toolu_[a-zA-Z0-9]+$/);
  });
});

describe('what the API refuses', () => {
  it.each<[string, Partial<ApiRequest>, number, string]>([
    ['no key', { key: undefined }, 401, 'authentication_error'],
    ['an empty key', { key: '' }, 401, 'authentication_error'],
    ['a wrong key', { key: 'sk-other' }, 401, 'authentication_error'],
    ['an unknown model', { body: body({ model: 'claude-3-opus-20240229' }) }, 404, 'not_found_error'],
    ['no version', { headers: {} }, 400, 'invalid_request_error'],
    ['no body', { body: undefined }, 400, 'invalid_request_error'],
    ['an unknown field', { body: body({ seed: 1 }) }, 400, 'invalid_request_error'],
    ['an unknown path', { path: '/v1/complete' }, 404, 'not_found_error'],
    ['a wrong method', { method: 'GET' }, 404, 'not_found_error'],
  ])('%s', (_, asked, code, type) => {
    const api = new AnthropicApi({ models: ['claude-sonnet-5-5'], apiKeys: ['sk-test'] });
    const refused = answer(api, asked);
    expect(refused.status).toBe(code);
    expect(refused.body).toMatchObject({
      type: 'error',
      error: { type },
      request_id: refused.headers['request-id'],
    });
  });

  it('names the model that it does not know', () => {
    const api = new AnthropicApi({ models: [] });
    expect(answer(api).body.error.message).toBe('model: claude-sonnet-5-5');
  });

  it('refuses also where an answer is scripted, so that a bad translation cannot hide', () => {
    expect(answer(new AnthropicApi({}), { body: body({ seed: 1 }) }, text('hi')).status).toBe(400);
  });

  it('plays scripted failures to anyone: an overloaded host does not look at the request', () => {
    const asked = { body: body({ seed: 1 }), key: undefined };
    expect(answer(new AnthropicApi({}), asked, status(529)).status).toBe(529);
    expect(answer(new AnthropicApi({}), asked, hangBeforeHeaders()).steps).toEqual([
      { kind: 'end', how: 'hang' },
    ]);
  });

  it('asks nobody for a key when it is keyless, and still knows a wrong one', () => {
    const api = new AnthropicApi({ keyless: true, apiKeys: ['sk-test'] });
    expect(answer(api, { key: undefined }).status).toBe(200);
    expect(answer(api, { key: 'sk-other' }).status).toBe(401);
  });

  it('refuses nothing but keys and models when it is not strict', () => {
    const api = new AnthropicApi({ strict: false, models: ['claude-sonnet-5-5'] });
    expect(answer(api, { body: body({ seed: 1 }), headers: {} }).status).toBe(200);
    expect(answer(api, { body: body({ model: 'x' }) }).status).toBe(404);
    expect(answer(api, { key: undefined }).status).toBe(401);
  });
});

describe('scripted statuses', () => {
  it('have the type that belongs to the status, or their own', () => {
    const api = new AnthropicApi({});
    expect(answer(api, {}, status(529)).body.error.type).toBe('overloaded_error');
    const own = status(429, {
      type: 'x',
      message: 'm',
      details: { error_code: 'c' },
      headers: { 'retry-after': '9' },
    });
    expect(answer(api, {}, own)).toMatchObject({
      status: 429,
      headers: { 'retry-after': '9' },
      body: { error: { type: 'x', message: 'm', details: { error_code: 'c' } } },
    });
  });
});

describe('everything else', () => {
  const get = (path: string) => ({ method: 'GET', path, body: undefined, headers: {} });

  it('lists models for health checks', () => {
    const api = new AnthropicApi({ models: ['a', 'b'] });
    expect(answer(api, get('/v1/models')).body.data.map(({ id }: { id: string }) => id)).toEqual(['a', 'b']);
    expect(answer(api, get('/v1/models/b'))).toMatchObject({ status: 200, body: { id: 'b' } });
    expect(answer(api, get('/v1/models/c'))).toMatchObject({
      status: 404,
      body: { error: { message: 'model: c' } },
    });
    expect(answer(new AnthropicApi({}), get('/v1/models')).body.data.length).toBeGreaterThan(0);
  });

  it('wants a key for that too', () => {
    expect(answer(new AnthropicApi({}), { ...get('/v1/models'), key: undefined }).status).toBe(401);
  });

  it('plays a scripted failure there too', () => {
    expect(answer(new AnthropicApi({}), get('/v1/models'), status(503)).status).toBe(503);
  });

  it('counts tokens as it will bill them', () => {
    const api = new AnthropicApi({});
    const asked = body({ system: '1234', messages: [{ role: 'user', content: '12345' }] });
    const counted = answer(api, { path: '/v1/messages/count_tokens', body: asked }).body.input_tokens;
    expect(counted).toBe(3);
    expect(answer(api, { body: asked }).body.usage.input_tokens).toBe(counted);
  });
});
