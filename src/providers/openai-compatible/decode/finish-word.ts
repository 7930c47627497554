import type { FinishReason } from '../../../provider-kit/index.ts';

/** What a host's finish reason says. `failed`: the answer broke off, and this is no finish at all. */
type Meaning = 'done' | 'length' | 'content_filter' | 'failed' | 'overloaded';

/** In lower case, as hosts disagree on that too. */
const meanings: Readonly<Record<string, Meaning>> = {
  stop: 'done',
  eos: 'done',
  eos_token: 'done',
  end: 'done',
  end_turn: 'done',
  stop_sequence: 'done',
  complete: 'done',
  completed: 'done',
  tool_calls: 'done',
  tool_call: 'done',
  tool_use: 'done',
  function_call: 'done',
  length: 'length',
  max_tokens: 'length',
  // Mistral: the context window is full.
  model_length: 'length',
  model_context_window_exceeded: 'length',
  content_filter: 'content_filter',
  refusal: 'content_filter',
  safety: 'content_filter',
  recitation: 'content_filter',
  // Mistral, OpenRouter; vLLM.
  error: 'failed',
  abort: 'failed',
  // DeepSeek.
  insufficient_system_resource: 'overloaded',
};

/** What a word means; `undefined` for one that is not known yet. */
export function meaningOf(word: string): Meaning | undefined {
  const key = word.toLowerCase();
  return Object.hasOwn(meanings, key) ? meanings[key] : undefined;
}

/**
 * OpenAI's word for how an answer ended (FIN-1 to 12).
 *
 * @param hasCalls - the caller has calls to execute; clients switch on the reason, so that calls go before any
 *   plain end (FIN-10), and no calls make a plain one (FIN-4)
 */
export function finishReasonFor(word: string, hasCalls: boolean): FinishReason {
  const meaning = meaningOf(word);
  if (meaning === 'length' || meaning === 'content_filter') return meaning;
  return hasCalls ? 'tool_calls' : 'stop';
}
