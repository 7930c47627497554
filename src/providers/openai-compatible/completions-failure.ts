import type { Finding, UpstreamFailure } from '../../provider-kit/index.ts';

/** Kinds that only the words tell apart, where hosts answer with a status that says something else. */
const byWords: readonly {
  readonly statuses: readonly number[];
  readonly text: RegExp;
  readonly finding: Partial<Finding>;
}[] = [
  {
    // Gemini ("API key not valid") and xAI ("Incorrect API key provided") refuse a key with a 400 (ERR-43).
    statuses: [400],
    text: /api key not valid|(?:incorrect|invalid) api key/i,
    finding: { code: 'authentication' },
  },
  {
    // Mistral, Perplexity, DeepSeek, xAI and OpenRouter do not know a model with a 400 (ERR-45).
    statuses: [400],
    text: /invalid model\b|model not exist|\bmodel\b.{0,80}\bdoes not exist|not a valid model/i,
    finding: { code: 'model_not_found' },
  },
  {
    // One request larger than what a minute allows: no wait helps, another target may (OpenAI 429, Groq 413).
    statuses: [413, 429],
    text: /request too large.{0,200}(?:per min|tpm|rate limit)/is,
    finding: { code: 'rate_limited', retryable: false },
  },
];

/** What is known of a failure of an OpenAI-style host beyond the general rules (ERR-40 to 53). */
export function classifyCompletionsFailure({
  status,
  message,
}: Pick<UpstreamFailure, 'status' | 'message'>): Partial<Finding> | undefined {
  if (status === undefined) return undefined;
  return byWords.find(({ statuses, text }) => statuses.includes(status) && text.test(message))?.finding;
}
