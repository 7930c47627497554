import type { AnswerInfo, FinishReason, UrlCitation } from '../index.ts';
import { NAME } from './read-prompt.ts';
import type { FinishReasonV4, OptionsV4, SourceV4, UsageV4, WarningV4 } from './spec.ts';

const REASONS: Readonly<Record<FinishReason, FinishReasonV4['unified']>> = {
  stop: 'stop',
  length: 'length',
  tool_calls: 'tool-calls',
  content_filter: 'content-filter',
};

/** Why an answer ended, with the provider's own word. */
export function finishReasonOf(reason: string, raw: string | undefined): FinishReasonV4 {
  return { unified: isReason(reason) ? REASONS[reason] : 'other', raw: raw ?? reason };
}

function isReason(word: string): word is FinishReason {
  return Object.hasOwn(REASONS, word);
}

/** Tokens in the AI SDK's nested view: the cache is part of the input, reasoning part of the output. */
export function usageOf({ usage }: AnswerInfo): UsageV4 {
  const {
    inputTokens: noCache,
    outputTokens,
    reasoningTokens: reasoning,
    cacheReadTokens: cacheRead,
  } = usage ?? {};
  const { cacheWrite5mTokens: short, cacheWrite1hTokens: long } = usage ?? {};
  const cacheWrite = short === undefined && long === undefined ? undefined : (short ?? 0) + (long ?? 0);
  const total = noCache === undefined ? undefined : noCache + (cacheRead ?? 0) + (cacheWrite ?? 0);
  const text = outputTokens === undefined || reasoning === undefined ? undefined : outputTokens - reasoning;
  return {
    inputTokens: { total, noCache, cacheRead, cacheWrite },
    outputTokens: { total: outputTokens, text, reasoning },
  };
}

/** Who answered, in how many tries, for how much. */
export function metadataOf(info: AnswerInfo): OptionsV4 {
  const { requestId, provider, model, attempts, costUsd, precision, ttftMs, durationMs } = info;
  return { [NAME]: { requestId, provider, model, attempts, costUsd, precision, ttftMs, durationMs } };
}

/** What the translation weakened. */
export function warningsOf({ warnings }: AnswerInfo): WarningV4[] {
  return warnings.map(({ code, param, message }) => ({
    type: 'other',
    message: `${param === undefined ? code : `${code}: ${param}`}: ${message}`,
  }));
}

/** A citation as a source of the AI SDK. */
export function sourceOf({ url_citation: { url, title } }: UrlCitation, index: number): SourceV4 {
  return { type: 'source', sourceType: 'url', id: `source-${index}`, url, title };
}
