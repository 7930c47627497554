import type { ChatEvent, JsonObject } from '../../../provider-kit/index.ts';
import type { AnswerSoFar } from './answer-so-far.ts';
import type { ContentBlock } from './content-block.ts';
import { toUrlCitation } from './url-citation.ts';

/** A block of answer text, with what it cites. */
export class TextBlock implements ContentBlock {
  readonly #start: JsonObject;
  readonly #answer: AnswerSoFar;
  /** Where this text begins in the whole answer, in UTF-16 units: what annotations count in. */
  readonly #startIndex: number;
  readonly #citations: unknown[];
  #text = '';

  constructor(start: JsonObject, answer: AnswerSoFar, out: ChatEvent[]) {
    this.#start = start;
    this.#answer = answer;
    this.#startIndex = answer.textLength;
    // A copy: the start event is the caller's.
    this.#citations = Array.isArray(start['citations']) ? [...start['citations']] : [];
    this.#add(start['text'], out);
  }

  /** The hot path of the whole library: one comparison, one string added, one event. */
  delta(delta: JsonObject, out: ChatEvent[]): void {
    const type = delta['type'];
    if (type === 'text_delta') this.#add(delta['text'], out);
    else if (type === 'citations_delta') this.#citations.push(delta['citation']);
  }

  /** RES-10: a citation covers the whole text of the block that carries it. */
  close(out: ChatEvent[]): void {
    if (this.#citations.length === 0) return;
    out.push({ type: 'vendor', provider: 'anthropic', data: { citations: this.#citations } });
    const end = this.#startIndex + this.#text.length;
    for (const citation of this.#citations) {
      const annotation = toUrlCitation(citation, this.#startIndex, end);
      if (annotation) this.#answer.annotations.push(annotation);
    }
  }

  /** Citations are more than an OpenAI text can say, whatever their kind (RES-10). */
  plain(): boolean {
    return this.#citations.length === 0;
  }

  /** An uncited block keeps the `null` or the absence it started with, as the SDK does (STR-24). */
  native(): JsonObject {
    const citations = this.#citations.length > 0 ? { citations: this.#citations } : {};
    return { ...this.#start, text: this.#text, ...citations };
  }

  /** STR-5: an empty text says nothing, and would commit an answer that has none. */
  #add(text: unknown, out: ChatEvent[]): void {
    if (typeof text !== 'string' || text === '') return;
    this.#text += text;
    this.#answer.say(text, out);
  }
}
