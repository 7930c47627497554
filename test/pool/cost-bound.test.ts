import { describe, expect, it } from 'vitest';
import { PromptSize } from '../../src/pipeline/prompt-size.ts';
import { costBound } from '../../src/pool/cost-bound.ts';
import { PriceTable } from '../../src/pricing/price-table.ts';
import { attemptContext, requestContext, silent, targetOf } from '../contexts.ts';

/** 1 USD for a million tokens read, 2 for one written to a cache for an hour, 10 for one answered. */
const prices = new PriceTable({
  'acme/m': { inputUsdPerMTok: 1, outputUsdPerMTok: 10, cacheWrite1hUsdPerMTok: 2 },
});
const boundOf = costBound(prices, () => 0);

/** A prompt of about 300 tokens. */
const messages = [{ role: 'user' as const, content: 'x'.repeat(888) }];

function attemptOf(fields: object = {}, spec?: object, model = 'm') {
  const request = { messages, ...fields };
  const target = targetOf(silent, { model, ...(spec && { spec: { id: model, ...spec } }) });
  return attemptContext({ target, request: requestContext({ request, size: new PromptSize(request) }) });
}

describe('what an attempt can cost at most', () => {
  it('is its prompt at the dearest rate, and the longest answer it allows', () => {
    const prompt = attemptOf().request.size.tokens;
    expect(boundOf(attemptOf({ max_tokens: 100 }))).toBe(prompt * 2_000 + 100 * 10_000);
    expect(boundOf(attemptOf({ max_completion_tokens: 50, max_tokens: 100 }))).toBe(prompt * 2_000 + 500_000);
  });

  it('knows how much a model can write at all', () => {
    const prompt = attemptOf().request.size.tokens;
    expect(boundOf(attemptOf({}, { maxOutputTokens: 64 }))).toBe(prompt * 2_000 + 640_000);
    expect(boundOf(attemptOf({ max_tokens: 9_999 }, { maxOutputTokens: 64 }))).toBe(prompt * 2_000 + 640_000);
  });

  it('takes another length of the answer', () => {
    const prompt = attemptOf().request.size.tokens;
    expect(boundOf(attemptOf({ max_tokens: 100 }), 0)).toBe(prompt * 2_000);
  });

  it('is unknown without a price, and nothing for a count of tokens', () => {
    expect(boundOf(attemptOf({}, undefined, 'other'))).toBeUndefined();
    const request = requestContext({ operation: { kind: 'count_tokens' } });
    expect(boundOf(attemptContext({ request }))).toBe(0);
  });
});
