import { type Reply, reply } from 'runestone/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { strike, warmUp } from './lab.ts';

beforeAll(warmUp);

/** `R`: tried again at the same host. `F`: not there, but elsewhere. `no`: neither. */
type Next = 'R' | 'F' | 'no';

const said = reply.text('one two three');

const rows: readonly (readonly [id: string, fault: Reply, code: string, next: Next])[] = [
  ['T9 reset before the head', reply.dropBeforeHeaders('reset', 5), 'connection', 'R'],
  ['T10 closed before the head', reply.dropBeforeHeaders('close', 5), 'connection', 'R'],
  ['T12 never answers', reply.hangBeforeHeaders(), 'timeout', 'F'],
  ['T20 reset after the head', reply.cut({ after: 'head', how: 'reset' }), 'connection', 'R'],
  ['T21 closed after the head', reply.cut({ after: 'head', how: 'close' }), 'stream_truncated', 'R'],
  ['T22 head, then silence', reply.stall({ after: 'head' }), 'timeout', 'F'],
  ['T23 opening events, then reset', reply.cut({ after: 0, how: 'reset' }), 'connection', 'R'],
  ['T23 opening events, then a clean end', reply.cut({ after: 0, how: 'eof' }), 'stream_truncated', 'R'],
  ['T24 opening events, then silence', reply.stall({ after: 0 }), 'timeout', 'F'],
  ['T24 opening events, then pings', reply.pings({ after: 0 }), 'timeout', 'F'],
  ['N7 an empty 200', reply.raw(''), 'stream_truncated', 'R'],
  [
    'N8 only pings, then an end',
    reply.pings({ after: 'head', ms: 40, answer: reply.cut({ after: 'head' }) }),
    'stream_truncated',
    'R',
  ],
  [
    'N1 HTML, honest',
    reply.raw('<html>hello</html>', { headers: { 'content-type': 'text/html' } }),
    'bad_response',
    'F',
  ],
  ['N2 HTML as events', reply.raw('<html>hello</html>'), 'bad_response', 'F'],
  ['B2 overloaded before content', reply.errorEvent({ after: 0 }), 'overloaded', 'R'],
  ['B1 overloaded first', reply.errorEvent({ after: 'head' }), 'overloaded', 'R'],
  ['B1 server error first', reply.errorEvent({ after: 'head', type: 'api_error' }), 'server_error', 'R'],
  [
    'B5 a bad request in band',
    reply.errorEvent({ after: 'head', type: 'invalid_request_error' }),
    'invalid_request',
    'no',
  ],
  ['B7 a rate limit in band', reply.errorEvent({ after: 0, type: 'rate_limit_error' }), 'rate_limited', 'R'],
  ['B4 an error, the connection left open', reply.errorEvent({ after: 0, how: 'hang' }), 'overloaded', 'R'],
  ['S1 400', reply.status(400), 'invalid_request', 'no'],
  ['S1 422', reply.status(422), 'invalid_request', 'no'],
  ['S3 401', reply.status(401), 'authentication', 'F'],
  ['S4 402', reply.status(402), 'quota_exhausted', 'F'],
  ['S5 403', reply.status(403), 'permission', 'F'],
  ['S6 404', reply.status(404, { message: 'model: claude-haiku-4-5' }), 'model_not_found', 'F'],
  ['S8 409', reply.status(409), 'conflict', 'R'],
  ['S9 413', reply.status(413), 'request_too_large', 'no'],
  ['S7 408', reply.status(408), 'timeout', 'R'],
  ['S10 500', reply.status(500), 'server_error', 'R'],
  [
    'S10 502 from a proxy (S19)',
    reply.status(502, { body: '<html>bad gateway</html>' }),
    'server_error',
    'R',
  ],
  ['S10 504', reply.status(504), 'timeout', 'R'],
  ['S11 501', reply.status(501), 'server_error', 'F'],
  ['S12 529', reply.status(529), 'overloaded', 'R'],
  ['S20 a status with no body', reply.status(500, { body: '' }), 'server_error', 'R'],
  ['S21 999', reply.status(999), 'bad_response', 'F'],
  ['X1 307', reply.status(307, { headers: { location: 'http://127.0.0.1:1/' } }), 'redirect', 'F'],
];

describe('faults before the first content', () => {
  it.each(rows)('%s, alone', async (_id, fault, code, next) => {
    const outcome = await strike(fault, 'alone');
    if (next === 'R') expect(outcome).toMatchObject({ text: 'from faulty', finish: 'stop', asked: '2 0' });
    else expect(outcome).toMatchObject({ code, committed: false, asked: '1 0' });
    expect(outcome.tookMs).toBeLessThan(1_500);
  });

  it.each(rows)('%s, with a healthy host beside', async (_id, fault, code, next) => {
    const outcome = await strike(fault, 'pair');
    if (next === 'no') expect(outcome).toMatchObject({ code, asked: '1 0' });
    else expect(outcome.text).toMatch(/^from (faulty|healthy)$/);
    if (next === 'F') expect(outcome).toMatchObject({ text: 'from healthy', asked: '1 1' });
  });

  it('never touches an answer that is well', async () => {
    expect(await strike(said, 'pair')).toMatchObject({ text: 'one two three', asked: '1 0' });
    expect(await strike(said, 'pair', 'whole')).toMatchObject({ text: 'one two three', asked: '1 0' });
  });
});

describe('the same faults of a JSON answer', () => {
  it.each<readonly [string, Reply, string, Next]>([
    ['cut in the middle', reply.cut({ how: 'close' }), 'stream_truncated', 'R'],
    ['reset in the middle', reply.cut({ how: 'reset' }), 'connection', 'R'],
    ['ended in the middle (T35)', reply.cut({ how: 'eof' }), 'stream_truncated', 'R'],
    ['HTML', reply.raw('<html>', { headers: { 'content-type': 'text/html' } }), 'bad_response', 'F'],
    ['overloaded', reply.errorEvent(), 'overloaded', 'R'],
    ['a bad request', reply.status(400), 'invalid_request', 'no'],
  ])('%s', async (_id, fault, code, next) => {
    const outcome = await strike(fault, 'alone', 'whole');
    if (next === 'R') expect(outcome).toMatchObject({ text: 'from faulty', asked: '2 0' });
    else expect(outcome).toMatchObject({ code, asked: '1 0' });
  });
});

describe('S13 to S16, waits that the host names', () => {
  it.each([
    ['seconds', { 'retry-after': '0.05' }, 50],
    ['milliseconds', { 'retry-after-ms': '60' }, 60],
    ['both: milliseconds win', { 'retry-after-ms': '40', 'retry-after': '50' }, 40],
  ])('waits as told: %s', async (_, headers, waitMs) => {
    const outcome = await strike(reply.status(429, { headers }), 'alone');
    expect(outcome).toMatchObject({ text: 'from faulty', asked: '2 0' });
    expect(outcome.tookMs).toBeGreaterThanOrEqual(waitMs - 1);
  });

  it.each(['NaN', '', '0', '-5', 'soon'])('backs off as if nothing were said: %j', async (value) => {
    const outcome = await strike(reply.status(429, { headers: { 'retry-after': value } }), 'alone');
    expect(outcome).toMatchObject({ text: 'from faulty', asked: '2 0' });
  });

  it.each(['36000', '99999999999'])(
    'does not sleep for %s s, but says how long it would be',
    async (value) => {
      const outcome = await strike(reply.status(429, { headers: { 'retry-after': value } }), 'alone');
      expect(outcome).toMatchObject({ code: 'rate_limited', asked: '1 0' });
      expect(outcome.retryAfterMs).toBeGreaterThan(60_000);
      expect(outcome.tookMs).toBeLessThan(500);
    },
  );

  it('obeys x-should-retry (S18)', async () => {
    const never = reply.status(500, { headers: { 'x-should-retry': 'false' } });
    expect(await strike(never, 'alone')).toMatchObject({ code: 'server_error', asked: '1 0' });
    const please = reply.status(400, { headers: { 'x-should-retry': 'true' } });
    expect(await strike(please, 'alone')).toMatchObject({ text: 'from faulty', asked: '2 0' });
  });

  it('does not repeat a spent budget that calls itself a rate limit (S4)', async () => {
    const spent = reply.status(429, { details: { error_code: 'enforced_spend_limit_reached' } });
    expect(await strike(spent, 'alone')).toMatchObject({ code: 'quota_exhausted', asked: '1 0' });
    expect(await strike(spent, 'pair')).toMatchObject({ text: 'from healthy', asked: '1 1' });
  });

  it('tells nothing of what the host echoes (S22)', async () => {
    const echo = reply.status(400, { message: 'bad key sk-ant-canary-key for canary-prompt: how are you?' });
    expect(await strike(echo, 'alone')).toMatchObject({ code: 'invalid_request' });
  });
});
