import { estimateTokens } from '../chat/estimate-tokens.ts';
import { type PromptBound, promptBound } from '../chat/prompt-bound.ts';
import type { ChatRequest } from '../chat/request.ts';

/** How long a prompt is, in tokens, estimated when somebody asks for it and then remembered. */
export class PromptSize {
  readonly #request: ChatRequest;
  #tokens: number | undefined;
  #bound: PromptBound | undefined;

  constructor(request: ChatRequest) {
    this.#request = request;
  }

  /** The estimate. Walks through the whole request, once. */
  get tokens(): number {
    this.#tokens ??= estimateTokens(this.#request);
    return this.#tokens;
  }

  /** What it may come to at most. Walks through the whole request, once. */
  get bound(): PromptBound {
    this.#bound ??= promptBound(this.#request);
    return this.#bound;
  }

  /** The estimate, if somebody has needed it. */
  get known(): number | undefined {
    return this.#tokens;
  }
}
