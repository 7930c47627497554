import { describe, expect, it } from 'vitest';
import { PromptSize } from '../../src/pipeline/prompt-size.ts';
import { routingView } from '../../src/pool/routing-view.ts';
import { PriceTable } from '../../src/pricing/price-table.ts';
import { ask, EPOCH_MS, requestContext, silent, targetOf } from '../contexts.ts';
import { statesOf } from './states.ts';

const target = targetOf(silent, { model: 'm' });
const prices = new PriceTable({
  'acme/m': { inputUsdPerMTok: 10, outputUsdPerMTok: 100, cacheReadUsdPerMTok: 1 },
});
const text = 'x'.repeat(30_000);

function setUp(cached = 0) {
  const { states } = statesOf();
  const parts = { states, prices, cachedTokens: () => cached, random: () => 0.25, epochMs: () => EPOCH_MS };
  const request = requestContext({ request: { ...ask(text), max_tokens: 100 } });
  return { states, request, view: routingView(parts, request) };
}

describe('the view of a request', () => {
  it('shows what is on its way to a target, and how fast it has been', () => {
    const { states, view } = setUp();
    states.of(target).began(500);
    expect(view.loadOf(target)).toEqual({
      inFlight: 1,
      outstandingTokens: 500,
      ttftMs: undefined,
      msPerToken: undefined,
    });
    expect(view.random()).toBe(0.25);
  });

  it('makes this request count for those that come after, once loads matter', () => {
    const { request, view } = setUp();
    expect(request.size.known).toBeUndefined();
    view.loadOf(target);
    expect(request.size.known).toBeGreaterThan(5_000);
  });

  it('prices the prompt as estimated, the answer by its cap', () => {
    const { request, view } = setUp();
    const tokens = request.size.tokens;
    expect(view.costUsdOf(target)).toBeCloseTo((tokens * 10 + 100 * 100) / 1e6, 6);
  });

  it('and the part in the cache at the price of the cache', () => {
    const { request, view } = setUp(2_000);
    const fresh = request.size.tokens - 2_000;
    expect(view.costUsdOf(target)).toBeCloseTo((fresh * 10 + 2_000 * 1 + 100 * 100) / 1e6, 6);
  });

  it('never more of it than there is', () => {
    const { request, view } = setUp(1_000_000);
    expect(view.costUsdOf(target)).toBeCloseTo((request.size.tokens * 1 + 100 * 100) / 1e6, 6);
  });

  it('has no price where there is none', () => {
    expect(setUp().view.costUsdOf(targetOf(silent, { model: 'unpriced' }))).toBeUndefined();
  });

  it('prices vectors by their input alone', () => {
    const { states } = statesOf();
    const parts = { states, prices, cachedTokens: () => 0, random: () => 0, epochMs: () => EPOCH_MS };
    const operation = { kind: 'embed', embedding: { model: 'm', input: 'x'.repeat(3_000) } } as const;
    const size = new PromptSize({ messages: [] }, operation);
    const request = requestContext({ request: { messages: [] }, operation, size });
    expect(routingView(parts, request).costUsdOf(target)).toBeCloseTo((1_000 * 10) / 1e6, 9);
  });
});
