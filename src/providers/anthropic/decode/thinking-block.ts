import type { ChatEvent, JsonObject } from '../../../provider-kit/index.ts';
import type { AnswerSoFar } from './answer-so-far.ts';
import type { ContentBlock } from './content-block.ts';

/** A block of reasoning. Its text may be empty and its signature valid all the same (BUG-17). */
export class SignedThinking implements ContentBlock {
  readonly #start: JsonObject;
  readonly #answer: AnswerSoFar;
  #thinking = '';
  #signature = '';

  /** STR-7: both start empty on the API; what is there all the same counts as a delta. */
  constructor(start: JsonObject, answer: AnswerSoFar, out: ChatEvent[]) {
    this.#start = start;
    this.#answer = answer;
    answer.thought = true;
    this.#think(start['thinking'], out);
    this.#sign(start['signature']);
  }

  delta(delta: JsonObject, out: ChatEvent[]): void {
    const type = delta['type'];
    if (type === 'thinking_delta') this.#think(delta['thinking'], out);
    else if (type === 'signature_delta') this.#sign(delta['signature']);
  }

  /** STR-10. An unsigned block is of no use in the next turn: the API refuses it (BUG-18). */
  close(out: ChatEvent[]): void {
    if (this.#signature === '') return;
    const block = { type: 'thinking', thinking: this.#thinking, signature: this.#signature } as const;
    out.push({ type: 'thinking_block', block });
  }

  /** The place of a block between texts and calls matters, and only the native form keeps it (TH-13). */
  plain(): boolean {
    return false;
  }

  /** Verbatim, unsigned or not: hosts that do not sign want their block back as it was. */
  native(): JsonObject {
    return { ...this.#start, thinking: this.#thinking, signature: this.#signature };
  }

  /** STR-8. Hidden reasoning is kept for the signed block, and told to nobody (TH-11). */
  #think(text: unknown, out: ChatEvent[]): void {
    if (typeof text !== 'string' || text === '') return;
    this.#thinking += text;
    if (this.#answer.reading.exposeReasoning) out.push({ type: 'reasoning_delta', text });
  }

  /** STR-9: pieces are joined, whether or not there is ever more than one. */
  #sign(signature: unknown): void {
    if (typeof signature === 'string') this.#signature += signature;
  }
}
