import { describe, expect, it } from 'vitest';
import { type Content, opened, sealed } from '../../src/bullmq/overflow-data.ts';
import type { OverflowCipher } from '../../src/bullmq/sealing.ts';

const asked = {
  status: 'asked',
  tenant: 'acme',
  request: { messages: [{ role: 'user', content: 'Hello' }], temperature: 0 },
  call: { tenant: 'acme', priority: 'high', metadata: { team: 'red' }, maxCostUsd: 0.5 },
  expiresAtMs: 1_000,
};
const failed = {
  status: 'failed',
  error: { message: 'no', type: 'server_error', code: null, param: null },
};
const contents: [string, object][] = [
  ['a request', asked],
  ['a request of nobody', { status: 'asked', request: { messages: [] }, call: {}, expiresAtMs: 0 }],
  ['an answer', { status: 'answered', tenant: 'acme', completion: { id: 'x', choices: [] } }],
  ['a failure', failed],
];

describe('the data of a job', () => {
  it.each(contents)('carries %s', async (_, content) => {
    const data = await sealed(JSON.stringify(content), 'id');
    expect(Object.keys(data)).toEqual(['v', 'body']);
    expect(await opened(JSON.parse(JSON.stringify(data)), 'id')).toEqual(content);
  });

  const body = JSON.stringify(asked);
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['no object', 'text'],
    ['another version', { v: 2, body }],
    ['no version', { body }],
    ['no text', { v: 1, body: asked }],
    ['no JSON', { v: 1, body: '{' }],
    ['nothing known', { v: 1, body: '{"status":"odd"}' }],
    ['a request without messages', { v: 1, body: JSON.stringify({ ...asked, request: {} }) }],
    ['a request of null', { v: 1, body: JSON.stringify({ ...asked, request: null }) }],
    ['a key that somebody put there', { v: 1, body: JSON.stringify({ ...asked, call: { apiKey: 'sk' } }) }],
    ['an option of the wrong type', { v: 1, body: JSON.stringify({ ...asked, call: { tenant: 7 } }) }],
    ['an answer of text', { v: 1, body: '{"status":"answered","completion":"x"}' }],
    ['an error without words', { v: 1, body: '{"status":"failed","error":{}}' }],
  ])('that is %s is not read', async (_, data) => {
    expect(await opened(data, 'id')).toBeUndefined();
  });
});

describe('a cipher', () => {
  const cipher: OverflowCipher = {
    seal: async (text, id) => `${id}|${[...text].reverse().join('')}`,
    open: async (text, id) => {
      if (!text.startsWith(`${id}|`)) throw new Error(`not of ${id}: ${text}`);
      return [...text.slice(id.length + 1)].reverse().join('');
    },
  };

  it('sees the text and the id, both ways', async () => {
    const data = await sealed(JSON.stringify(failed), 'id', cipher);
    expect(JSON.stringify(data)).not.toContain('server_error');
    const content: Content | undefined = await opened(data, 'id', cipher);
    expect(content).toEqual(failed);
  });

  it('that cannot open a text leaves it unread', async () => {
    const data = await sealed(JSON.stringify(failed), 'id', cipher);
    expect(await opened(data, 'another', cipher)).toBeUndefined();
    expect(await opened(data, 'id')).toBeUndefined();
  });
});
