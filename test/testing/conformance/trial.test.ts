import type { Provider } from 'runestone';
import { startUpstream } from 'runestone/testing';
import { describe, expect, it } from 'vitest';
import { KEY, PROMPT, Trial, trial } from '../../../src/testing/conformance/trial.ts';
import { acme, acmeWire } from '../../conformance/acme.ts';
import { failureOf } from '../../contexts.ts';

const subject = { makeProvider: acme, fixtures: acmeWire };

describe('a trial', () => {
  it('asks the provider as a pool does, and lets it see the host’s words', async () => {
    await trial(subject, async (it) => {
      const { events, error } = await it.tell(it.answer(acmeWire.text.body));
      expect(error).toBeUndefined();
      expect(events.at(-1)).toEqual({ type: 'finish', reason: 'stop', raw: 'done' });
      const [request] = it.upstream.requests;
      expect(request).toMatchObject({ path: '/v1/chat', body: { model: 'model-1' } });
      expect(JSON.stringify(request?.body)).toContain(PROMPT);
      expect(request?.key).toBeDefined();
    });
  });

  it('refuses in OpenAI’s words, or in those of the wire', async () => {
    await using upstream = await startUpstream();
    const it = new Trial(subject, upstream);
    expect(it.refusal(400, 'no')).toMatchObject({
      status: 400,
      body: '{"error":{"message":"no","type":"error","param":null,"code":null}}',
    });
    const errorBody = (status: number, message: string): string => `${status} ${message}`;
    const other = new Trial(
      { ...subject, fixtures: { ...acmeWire, errorBody, contentType: 'application/x' } },
      upstream,
    );
    expect(other.refusal(401, 'no', { 'retry-after': '7' })).toMatchObject({
      body: '401 no',
      headers: { 'retry-after': '7' },
    });
    expect(other.answer('a', 'hang')).toMatchObject({
      how: 'hang',
      headers: { 'content-type': 'application/x' },
    });
  });

  it('closes the provider and its host, also when it goes against it', async () => {
    let closed = 0;
    let url = '';
    const makeProvider = (host: { baseURL: string; apiKey: string }): Provider => {
      expect(host.apiKey).toBe(KEY);
      url = host.baseURL;
      return { name: 'a', async *stream() {}, close: async () => void closed++ };
    };
    const verdict = trial({ makeProvider, fixtures: acmeWire }, () => Promise.reject(new Error('guilty')));
    expect(await failureOf(verdict)).toEqual(new Error('guilty'));
    expect(closed).toBe(1);
    await expect(fetch(url)).rejects.toThrow();
  });
});
