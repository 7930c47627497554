import { estimateInputTokens, estimateTokens } from '../chat/estimate-tokens.ts';
import { inputBound, type PromptBound, promptBound } from '../chat/prompt-bound.ts';
import type { ChatRequest } from '../chat/request.ts';
import { CHAT, type Operation } from './operation.ts';

/** How long a prompt is, in tokens, estimated when somebody asks for it and then remembered. */
export class PromptSize {
  readonly #request: ChatRequest;
  readonly #operation: Operation;
  #tokens: number | undefined;
  #bound: PromptBound | undefined;

  /** @param operation - what is asked for: of vectors the input counts, for there are no messages */
  constructor(request: ChatRequest, operation: Operation = CHAT) {
    this.#request = request;
    this.#operation = operation;
  }

  /** The estimate. Walks through the whole request, once. */
  get tokens(): number {
    const operation = this.#operation;
    this.#tokens ??=
      operation.kind === 'embed'
        ? estimateInputTokens(operation.embedding.input)
        : estimateTokens(this.#request);
    return this.#tokens;
  }

  /** What it may come to at most. Walks through the whole request, once. */
  get bound(): PromptBound {
    const operation = this.#operation;
    this.#bound ??=
      operation.kind === 'embed' ? inputBound(operation.embedding.input) : promptBound(this.#request);
    return this.#bound;
  }

  /** The estimate, if somebody has needed it. */
  get known(): number | undefined {
    return this.#tokens;
  }
}
