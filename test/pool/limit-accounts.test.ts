import { describe, expect, it } from 'vitest';
import type { ChatRequest } from '../../src/chat/request.ts';
import {
  type AttemptRecord,
  CancelledError,
  ProviderError,
  type ProviderErrorCode,
} from '../../src/errors/index.ts';
import { Tally } from '../../src/pipeline/tally.ts';
import { endingOfAttempt, endingOfRequest, expectedTokens } from '../../src/pool/limit-accounts.ts';
import { Limiter } from '../../src/resilience/limiter.ts';
import type { Usage } from '../../src/usage/usage.ts';
import { ask, requestContext } from '../contexts.ts';

const tokens = new Limiter({ tokensPerMinute: 1 }, () => 0);
const others = new Limiter({ requestsPerMinute: 1, concurrency: 1 }, () => 0);

const expected = (
  request: Partial<ChatRequest>,
  limits = { shared: tokens },
  facts: Parameters<typeof requestContext>[0] = {},
): number =>
  expectedTokens(requestContext({ request: { ...ask('x'.repeat(300)), ...request }, ...facts }), limits);

describe('what is expected of a request', () => {
  it.each<[string, Partial<ChatRequest>, number]>([
    ['its prompt', {}, 0],
    ['and the cap on its answer', { max_completion_tokens: 500 }, 500],
    ['by its old name', { max_tokens: 50 }, 50],
    ['by the new one, where it has both', { max_completion_tokens: 500, max_tokens: 50 }, 500],
  ])('is %s', (_, request, more) => {
    const prompt = requestContext({ request: { ...ask('x'.repeat(300)), ...request } }).size.tokens;
    expect(prompt).toBeGreaterThan(100);
    expect(expected(request)).toBe(prompt + more);
  });

  it('is asked for only where tokens are counted', () => {
    const request = requestContext();
    expect(expectedTokens(request, { own: others, shared: others })).toBe(0);
    expect(expectedTokens(request, {})).toBe(0);
    expect(request.size.known).toBeUndefined();
    expect(expectedTokens(request, { own: tokens })).toBeGreaterThan(0);
  });

  it('is nothing for what is no chat', () => {
    expect(expected({}, undefined, { operation: { kind: 'count_tokens' } })).toBe(0);
    const embedding = { model: 'm', input: 'x' };
    expect(expected({}, undefined, { operation: { kind: 'embed', embedding } })).toBe(0);
  });
});

const usage: Usage = { inputTokens: 100, cacheReadTokens: 1_000, cacheWrite5mTokens: 10, outputTokens: 5 };

function tallyOf(facts: Partial<Pick<Tally, 'usage' | 'costUsd' | 'sent'>>): Tally {
  return Object.assign(new Tally(0), facts);
}

const failure = (code: ProviderErrorCode) =>
  ({ outcome: 'error', error: new ProviderError({ provider: 'a', code, message: 'no' }) }) as const;

describe('what an attempt has taken', () => {
  it('is all it read and wrote, but for what came out of a cache', () => {
    expect(endingOfAttempt(tallyOf({ usage }), { outcome: 'ok' })).toEqual({
      tokens: 115,
      unused: false,
      verdict: 'ok',
    });
  });

  it.each<[string, Parameters<typeof tallyOf>[0], number | undefined]>([
    ['nothing when it cost nothing for sure', { costUsd: 0 }, 0],
    ['unknown when it told nothing', {}, undefined],
    ['unknown when it told nothing and cost something', { costUsd: 0.1 }, undefined],
    ['unknown when its output is', { usage: { inputTokens: 5 } }, undefined],
    ['unknown when its input is', { usage: { outputTokens: 5 } }, undefined],
    ['what it told, priced or not', { usage: { inputTokens: 5, outputTokens: 1 } }, 6],
  ])('is %s', (_, facts, taken) => {
    expect(endingOfAttempt(tallyOf(facts), failure('server_error')).tokens).toBe(taken);
  });

  it('is nothing at all when nothing left the process', () => {
    expect(endingOfAttempt(tallyOf({ sent: false }), failure('connection')).unused).toBe(true);
  });

  it.each<[ProviderErrorCode, 'refused' | undefined]>([
    ['rate_limited', 'refused'],
    ['overloaded', 'refused'],
    ['server_error', undefined],
    ['timeout', undefined],
    ['invalid_request', undefined],
    ['quota_exhausted', undefined],
  ])('says of the host after %s: %s', (code, verdict) => {
    expect(endingOfAttempt(tallyOf({}), failure(code)).verdict).toBe(verdict);
  });

  it('says nothing of the host when the consumer has left', () => {
    expect(endingOfAttempt(tallyOf({}), { outcome: 'cancelled' }).verdict).toBeUndefined();
    const error = new CancelledError('gone');
    expect(endingOfAttempt(tallyOf({}), { outcome: 'cancelled', error }).verdict).toBeUndefined();
    const foreign = { outcome: 'error', error: new Error('of a plug-in') } as const;
    expect(endingOfAttempt(tallyOf({}), foreign).verdict).toBeUndefined();
  });
});

const record = (facts: Partial<AttemptRecord> = {}): AttemptRecord => ({
  attempt: 1,
  provider: 'a',
  model: 'm',
  target: 'a/m',
  waitedMs: 0,
  outcome: 'ok',
  durationMs: 1,
  precision: 'reported',
  usage: { inputTokens: 7, outputTokens: 3 },
  ...facts,
});

describe('what a request has taken', () => {
  it('is what all its attempts have', () => {
    const failed = record({ outcome: 'error', code: 'server_error' });
    const refused = record({ outcome: 'error', code: 'rate_limited', usage: undefined, costUsd: 0 });
    expect(endingOfRequest([failed, refused, record()])).toEqual({ tokens: 20, verdict: 'ok' });
  });

  it('is unknown as soon as that of one is', () => {
    const lost = record({ outcome: 'error', code: 'connection', usage: undefined });
    expect(endingOfRequest([lost, record()])).toEqual({ tokens: undefined, verdict: 'ok' });
    expect(endingOfRequest([record(), lost])).toEqual({ tokens: undefined, verdict: undefined });
  });

  it('is nothing at all without an attempt', () => {
    expect(endingOfRequest([])).toEqual({ unused: true });
  });

  it('says of the host what its last attempt did', () => {
    const refused = record({ outcome: 'error', code: 'overloaded' });
    expect(endingOfRequest([record(), refused]).verdict).toBe('refused');
  });
});
