import type { BillingRule } from './billing-rule.ts';

const openRouterList = 'https://openrouter.ai/docs/api-reference/streaming, "Stream Cancellation"';

/**
 * What hosts bill for attempts without a complete answer, the most particular first.
 *
 * Few hosts say so in writing, so each row names its source and the day it was read. A refusal before any output is
 * not here: providers report it with the usage (`billed: false`).
 */
export const billingRules: readonly BillingRule[] = [
  {
    providers: ['azure'],
    phase: 'refused',
    codes: ['invalid_request', 'context_overflow', 'content_filtered'],
    billed: 'unknown',
    source:
      'https://learn.microsoft.com/en-us/answers/questions/1632971: a 400 may have been processed and is then billed, a 429 never',
    asOf: '2026-11-25',
  },
  {
    providers: ['openrouter'],
    phase: 'refused',
    billed: 'nothing',
    source: 'https://openrouter.ai/docs/features/zero-completion-insurance: an error without output is free',
    asOf: '2026-11-25',
  },
  {
    providers: ['openrouter'],
    phase: 'unanswered',
    codes: ['stream_truncated'],
    billed: 'nothing',
    source:
      'https://openrouter.ai/docs/features/zero-completion-insurance: no output and no finish reason is free',
    asOf: '2026-11-25',
  },
  {
    providers: ['novita'],
    phase: 'refused',
    billed: 'nothing',
    source: 'https://novita.ai/docs/guides/llm-billing: no status of 400 or more is charged, but 499',
    asOf: '2026-11-25',
  },
  {
    providers: ['openai', 'azure', 'anthropic', 'fireworks', 'together', 'cohere', 'deepseek', 'xai'],
    phase: 'left',
    billed: 'delivered',
    source: `${openRouterList}: the end of the connection ends work and billing`,
    asOf: '2026-11-25',
  },
  {
    providers: ['groq', 'gemini', 'vertex', 'bedrock', 'mistral', 'perplexity'],
    phase: 'left',
    billed: 'unknown',
    source: `${openRouterList}: the model goes on, and the whole answer is billed, of which we know no length`,
    asOf: '2026-11-25',
  },
  {
    phase: 'refused',
    codes: [
      ...(['invalid_request', 'request_too_large', 'context_overflow', 'model_not_found'] as const),
      ...(['authentication', 'permission', 'quota_exhausted', 'rate_limited', 'overloaded'] as const),
      ...(['conflict', 'redirect'] as const),
    ],
    billed: 'nothing',
    source:
      'said before the model was asked; https://novita.ai/docs/guides/llm-billing and https://docs.perplexity.ai (429) say so in words',
    asOf: '2026-11-25',
  },
  {
    // The only 5xx that is a refusal (S11).
    phase: 'refused',
    statuses: [501],
    billed: 'nothing',
    source: 'RFC 9110, 15.6.2: the server does not do what it was asked for',
    asOf: '2026-11-25',
  },
  {
    phase: 'refused',
    billed: 'unknown',
    source:
      'a 500 or 504 may come after the work, and a filter may have read the prompt: no vendor excludes a charge',
    asOf: '2026-11-25',
  },
  {
    phase: 'unanswered',
    billed: 'unknown',
    source:
      'the host may go on working (ERR-65); https://novita.ai/docs/guides/llm-billing charges for a 499',
    asOf: '2026-11-25',
  },
  {
    phase: 'left',
    billed: 'delivered',
    source: `nothing in writing for other hosts: taken to be like the most in ${openRouterList}`,
    asOf: '2026-11-25',
  },
  {
    phase: 'broken',
    billed: 'delivered',
    source:
      'tokens are billed as they are generated: https://platform.claude.com/docs/en/build-with-claude/streaming',
    asOf: '2026-11-25',
  },
];
