import { describe, expect, it } from 'vitest';
import { classifyCompletionsFailure } from '../../../src/providers/openai-compatible/completions-failure.ts';

const classify = (status: number | undefined, message: string) =>
  classifyCompletionsFailure({ status, message });

describe('what only the words tell', () => {
  it.each([
    ['Gemini', 'API key not valid. Please pass a valid API key.'],
    ['xAI', 'Incorrect API key provided: xa***. You can obtain an API key from https://console.x.ai.'],
    ['others', 'Invalid API Key'],
  ])('ERR-43: a key refused with a 400: %s', (_, message) => {
    expect(classify(400, message)).toEqual({ code: 'authentication' });
    expect(classify(401, message)).toBeUndefined();
  });

  it.each([
    ['Mistral', 'Invalid model: mistral-huge'],
    ['Perplexity', "Invalid model 'sonar-huge'. Permitted models can be found in the documentation."],
    ['DeepSeek', 'Model Not Exist'],
    ['xAI', 'The model grok-9 does not exist or your team does not have access to it.'],
    ['OpenRouter', 'acme/nothing is not a valid model ID'],
  ])('ERR-45: a model unknown with a 400: %s', (_, message) => {
    expect(classify(400, message)).toEqual({ code: 'model_not_found' });
    expect(classify(500, message)).toBeUndefined();
  });

  it.each([
    [
      429,
      'Request too large for gpt-4o in organization org-1 on tokens per min (TPM): Limit 30000, Requested 40000.',
    ],
    [
      413,
      'Request too large for model `llama` in organization `org` service tier `on_demand` on tokens per minute (TPM)',
    ],
  ])('ERR-50: a request that no minute has room for, which no wait helps: %d', (status, message) => {
    expect(classify(status, message)).toEqual({ code: 'rate_limited', retryable: false });
  });

  it.each([
    [429, 'Rate limit reached for gpt-4o on tokens per min (TPM): Limit 30000, Used 29000, Requested 4000.'],
    [413, 'Request too large. Max size is 20 MB.'],
    [400, 'messages: the model output must be alternating'],
    [400, 'Invalid value for temperature'],
    [400, ''],
    [undefined, 'Incorrect API key provided'],
  ])('is nothing where the general rules know as much: %s %s', (status, message) => {
    expect(classify(status, message)).toBeUndefined();
  });

  it('I5: stays fast on hostile texts', () => {
    const started = performance.now();
    for (const piece of ['model ', 'request too large', 'invalid ', 'incorrect api ', 'a']) {
      for (const status of [400, 413, 429]) classify(status, piece.repeat(10_000));
    }
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
