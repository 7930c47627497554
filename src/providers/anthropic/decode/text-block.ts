import type { ChatEvent, JsonObject } from '../../../provider-kit/index.ts';
import type { AnswerSoFar } from './answer-so-far.ts';
import type { ContentBlock } from './content-block.ts';
import { toUrlCitation } from './url-citation.ts';

/** A block of answer text, with what it cites. */
export class TextBlock implements ContentBlock {
  readonly #start: JsonObject;
  readonly #answer: AnswerSoFar;
  readonly #startIndex: number;
  readonly #citations: unknown[];
  #text = '';

  constructor(start: JsonObject, answer: AnswerSoFar, out: ChatEvent[]) {
    this.#start = start;
    this.#answer = answer;
    this.#startIndex = answer.textLength;
    this.#citations = Array.isArray(start['citations']) ? [...start['citations']] : [];
    this.#add(start['text'], out);
  }

  delta(delta: JsonObject, out: ChatEvent[]): void {
    const type = delta['type'];
    if (type === 'text_delta') this.#add(delta['text'], out);
    else if (type === 'citations_delta') this.#citations.push(delta['citation']);
  }

  /** RES-10: a citation covers the whole text of the block that carries it. */
  close(): void {
    const end = this.#startIndex + this.#text.length;
    for (const citation of this.#citations) {
      const annotation = toUrlCitation(citation, this.#startIndex, end);
      if (annotation) this.#answer.annotations.push(annotation);
    }
  }

  plain(): boolean {
    return this.#citations.length === 0;
  }

  native(): JsonObject {
    const citations = this.#citations.length > 0 ? { citations: this.#citations } : {};
    return { ...this.#start, text: this.#text, ...citations };
  }

  #add(text: unknown, out: ChatEvent[]): void {
    if (typeof text !== 'string' || text === '') return;
    this.#text += text;
    this.#answer.say(text, out);
  }
}
