import { type Answer, thoughtText, writtenText } from './model-answer.ts';
import { countTokens } from './tokens.ts';

/**
 * What the upstream would put on the bill for an answer of the model, by its own count: disjoint, whatever its wire
 * makes of it, and the whole answer, whether or not the client stayed for it.
 */
export interface BilledTokens {
  /** The model that answered. */
  readonly model: string;
  readonly inputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWrite5mTokens: number;
  readonly cacheWrite1hTokens: number;
  readonly outputTokens: number;
  /** Of the output, what was thought. */
  readonly reasoningTokens: number;
}

/** The bill for an answer, from what is counted of its prompt. */
export function billFor(
  answer: Answer,
  model: string,
  prompt: Omit<BilledTokens, 'model' | 'outputTokens' | 'reasoningTokens'>,
): BilledTokens {
  return {
    model: answer.model ?? model,
    ...prompt,
    outputTokens: countTokens(writtenText(answer.blocks)),
    reasoningTokens: countTokens(thoughtText(answer.blocks)),
  };
}
