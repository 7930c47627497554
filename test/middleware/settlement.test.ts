import { describe, expect, it } from 'vitest';
import type { Batch } from '../../src/chat/events.ts';
import {
  CancelledError,
  DeadlineExceededError,
  type ErrorDetails,
  PoolClosedError,
  ProviderError,
  type ProviderErrorCode,
} from '../../src/errors/index.ts';
import { FREE, settle, wasSent } from '../../src/middleware/settlement.ts';
import { endingOf } from '../../src/pipeline/observe.ts';
import { PromptSize } from '../../src/pipeline/prompt-size.ts';
import { Tally } from '../../src/pipeline/tally.ts';
import { PriceTable } from '../../src/pricing/price-table.ts';
import type { Provider } from '../../src/provider-kit/provider.ts';
import { ask, attemptContext, EPOCH_MS, requestContext, silent, targetOf, text, usage } from '../contexts.ts';

/** A microdollar for a token in, ten for one out. */
const prices = new PriceTable({ 'model-1': { inputUsdPerMTok: 1, outputUsdPerMTok: 10 } });

/** Three characters to a token: 300 of them, and a little for the frame. */
const request = requestContext({ request: ask('x'.repeat(300)) });
const promptTokens = new PromptSize(ask('x'.repeat(300))).tokens;

const error = (code: ProviderErrorCode, details: Omit<ErrorDetails, 'provider'> = {}): ProviderError =>
  new ProviderError({ provider: 'acme', code, message: 'no', ...details });

const named = (name: string, module?: string): Provider => ({ ...silent, name, ...(module && { module }) });

/** What is settled for an attempt that brought these batches and then failed so. */
function settled(provider: Provider, batches: readonly Batch[], failure: unknown) {
  const tally = new Tally(0);
  for (const batch of batches) tally.add(batch, () => 0, []);
  const attempt = attemptContext({
    request: { ...request, size: sizeOf() },
    target: targetOf(provider),
    tally,
  });
  return settle(attempt, endingOf(failure), prices, EPOCH_MS);
}

const sizeOf = (): PromptSize => new PromptSize(ask('x'.repeat(300)));

/** Ten tokens delivered, without a word about usage: as OpenAI's wire is when it is cut. */
const cut: Batch[] = [[text('x'.repeat(40))]];
/** The same on Anthropic's wire, which tells the input first. */
const cutAndCounted: Batch[] = [[usage({ inputTokens: 100, outputTokens: 1 })], ...cut];

describe('an answer of several runs (USE-9)', () => {
  it('is booked with the tokens of all of them', () => {
    const runs = [
      { inputTokens: 100, outputTokens: 1 },
      { inputTokens: 10, outputTokens: 4, cacheReadTokens: 7 },
    ];
    const tally = new Tally(0);
    tally.add([usage({ inputTokens: 10, outputTokens: 4, reasoningTokens: 2, runs })], () => 0, []);
    const attempt = attemptContext({ request, target: targetOf(silent), tally });
    const rates = { inputUsdPerMTok: 1, outputUsdPerMTok: 10, cacheReadUsdPerMTok: 0 };
    expect(settle(attempt, { outcome: 'ok' }, new PriceTable({ 'model-1': rates }), EPOCH_MS)).toEqual({
      usage: { inputTokens: 110, outputTokens: 5, cacheReadTokens: 7, reasoningTokens: 2, runs },
      nanoUsd: 160_000,
      precision: 'reported',
    });
  });
});

describe('an answer that we left', () => {
  it.each([
    ['the caller', new CancelledError('gone')],
    ['the deadline', new DeadlineExceededError('over')],
    ['a timer', error('timeout', { phase: 'idle', retryable: false })],
    ['the end of the pool', new PoolClosedError('closed')],
    ['a plug-in', new TypeError('mine')],
  ])('because of %s is estimated by what was delivered', (_, failure) => {
    expect(settled(named('anthropic'), cutAndCounted, failure)).toEqual({
      usage: { inputTokens: 100, outputTokens: 10 },
      nanoUsd: 200_000,
      precision: 'estimated',
    });
  });

  it.each(['openai', 'azure', 'xai', 'deepseek', 'somebody'])(
    'is estimated by the prompt too at %s',
    (name) => {
      expect(settled(named(name), cut, new CancelledError('gone'))).toEqual({
        usage: { inputTokens: promptTokens, outputTokens: 10 },
        nanoUsd: promptTokens * 1_000 + 100_000,
        precision: 'estimated',
      });
    },
  );

  it.each(['groq', 'gemini', 'mistral', 'perplexity', 'bedrock', 'vertex'])(
    'is unknown at %s, where the model goes on to a length that we do not see',
    (name) => {
      const {
        nanoUsd,
        precision,
        usage: kept,
      } = settled(named(name), cutAndCounted, new CancelledError('gone'));
      expect([nanoUsd, precision]).toEqual([undefined, 'unknown']);
      expect(kept).toEqual({ inputTokens: 100, outputTokens: 1 });
    },
  );

  it('goes by the kind of a provider whose name says nothing', () => {
    const mine = named('mine', 'groq');
    expect(settled(mine, cutAndCounted, new CancelledError('gone')).precision).toBe('unknown');
  });
});

describe('an answer that broke', () => {
  it.each([
    ['a truncation', error('stream_truncated')],
    ['an error inside the stream', error('overloaded')],
    ['a reset', error('connection')],
  ])('by %s is estimated, wherever', (_, failure) => {
    for (const name of ['anthropic', 'groq', 'somebody']) {
      expect(settled(named(name), cutAndCounted, failure)).toMatchObject({ nanoUsd: 200_000 });
    }
  });

  it('takes the prompt by its length where no input was counted', () => {
    expect(settled(named('openai'), [[usage({ outputTokens: 5 })]], error('stream_truncated'))).toMatchObject(
      {
        usage: { inputTokens: promptTokens, outputTokens: 5 },
        precision: 'estimated',
      },
    );
  });

  it('is unknown for vectors, of which no length tells', () => {
    const operation = { kind: 'embed' as const, embedding: { model: 'm', input: 'x' } };
    const tally = new Tally(0);
    tally.add([usage({ outputTokens: 0 })], () => 0, []);
    const attempt = attemptContext({ request: { ...request, operation }, tally, target: targetOf(silent) });
    const ending = endingOf(error('stream_truncated'));
    expect(settle(attempt, ending, prices, EPOCH_MS)).toMatchObject({
      nanoUsd: undefined,
      precision: 'unknown',
    });
  });

  it('costs nothing where the provider says that it bills none of it (USE-10)', () => {
    const batches: Batch[] = [[usage({ inputTokens: 9, outputTokens: 0, billed: false })]];
    expect(settled(named('anthropic'), batches, error('stream_truncated')).nanoUsd).toBe(0);
  });
});

describe('a refusal', () => {
  it('is free by most codes, and unknown with a 500', () => {
    expect(settled(named('anthropic'), [], error('rate_limited', { status: 429 }))).toBe(FREE);
    expect(settled(named('anthropic'), [], error('server_error', { status: 500 })).precision).toBe('unknown');
  });

  it('may be said inside a stream that has not begun, and is then no other (B1)', () => {
    const begun: Batch[] = [[{ type: 'start', id: 'a', model: 'model-1', created: 0 }]];
    const refused = error('overloaded');
    expect(settled(named('anthropic'), [], refused)).toBe(FREE);
    expect(settled(named('anthropic'), begun, refused).precision).toBe('unknown');
    expect(settled(named('anthropic'), [], error('server_error')).precision).toBe('unknown');
  });

  it.each(['connection', 'stream_truncated', 'bad_response', 'timeout'] as const)(
    'is not what was lost on the way, by %s, at whatever host',
    (code) => {
      expect(settled(named('novita'), [], error(code)).precision).toBe('unknown');
    },
  );

  it('is a 501 too, unlike any other 5xx (S11)', () => {
    expect(settled(named('somebody'), [], error('server_error', { status: 501 }))).toBe(FREE);
  });

  it('may have been processed, and billed, at Azure with a 400; a 429 never', () => {
    const azure = named('azure', 'openai-compatible');
    expect(settled(azure, [], error('context_overflow', { status: 400 })).precision).toBe('unknown');
    expect(settled(azure, [], error('rate_limited', { status: 429 }))).toBe(FREE);
  });

  it('is free at OpenRouter whatever it is, also inside a stream', () => {
    const router = named('openrouter');
    expect(settled(router, [], error('server_error', { status: 502 }))).toBe(FREE);
    expect(settled(router, [], error('server_error'))).toBe(FREE);
    expect(settled(router, [], error('timeout', { phase: 'first_token' })).precision).toBe('unknown');
  });
});

describe('wasSent', () => {
  const sent = (failure: unknown, facts: Partial<Tally> = {}): boolean =>
    wasSent(attemptContext({ tally: Object.assign(new Tally(0), facts) }), endingOf(failure));

  it('believes the provider, and a report of usage above all', () => {
    expect(sent(error('connection'), { sent: false })).toBe(false);
    expect(sent(error('connection'), { sent: false, usage: { inputTokens: 1 } })).toBe(true);
  });

  it.each([
    ['no connection', error('timeout', { phase: 'connect' }), false],
    ['a refused connection', error('connection', { retryable: false }), false],
    ['a reset', error('connection'), true],
    ['a 400', error('invalid_request', { status: 400, retryable: false }), true],
    ['our own check', error('invalid_request', { retryable: false }), false],
    ['an error of a plug-in', new TypeError('mine'), true],
  ])('after %s: %s', (_, failure, expected) => {
    expect(sent(failure)).toBe(expected);
  });
});
