import { type ChatEvent, isRecord } from '../../../provider-kit/index.ts';
import { ThinkTags } from './think-tags.ts';

/** What an answer says in words, under all the names that hosts have for it. */
export class AnswerText {
  readonly #tags: ThinkTags | undefined;

  /** @param thinkTags - text may begin with reasoning in `<think>` */
  constructor(thinkTags: boolean) {
    this.#tags = thinkTags ? new ThinkTags() : undefined;
  }

  /** Tells text of the answer. The hot path of this provider. */
  say(text: string, out: ChatEvent[]): void {
    if (text === '') return;
    if (this.#tags) this.#sayParted(this.#tags.push(text), out);
    else out.push({ type: 'text_delta', text });
  }

  /** Tells `content` that is no string: parts, as Mistral's reasoning models have them, or one part. */
  sayParts(content: unknown, out: ChatEvent[]): void {
    for (const part of Array.isArray(content) ? content : [content]) {
      if (typeof part === 'string') this.say(part, out);
      else if (isRecord(part)) this.#sayPart(part, out);
    }
  }

  /** Tells readable reasoning. */
  think(text: unknown, out: ChatEvent[]): void {
    if (typeof text === 'string' && text !== '') out.push({ type: 'reasoning_delta', text });
  }

  /** Tells why the model declines. */
  refuse(text: unknown, out: ChatEvent[]): void {
    if (typeof text === 'string' && text !== '') out.push({ type: 'refusal_delta', text });
  }

  /** Tells what was held back, at the end of the answer. */
  end(out: ChatEvent[]): void {
    if (this.#tags) this.#sayParted(this.#tags.end(), out);
  }

  /** By its type, and without one by what it holds; what holds no words is none of the answer. */
  #sayPart(part: Readonly<Record<string, unknown>>, out: ChatEvent[]): void {
    const { type, text, thinking, refusal } = part;
    if (type === 'thinking') this.think(joined(thinking), out);
    else if (type === 'refusal') this.refuse(refusal, out);
    else if (typeof text === 'string') this.say(text, out);
  }

  #sayParted({ reasoning, text }: { reasoning: string; text: string }, out: ChatEvent[]): void {
    this.think(reasoning, out);
    if (text !== '') out.push({ type: 'text_delta', text });
  }
}

/** Mistral's `thinking` is a list of texts. */
function joined(thinking: unknown): unknown {
  if (!Array.isArray(thinking)) return thinking;
  return thinking
    .map((part) => (isRecord(part) && typeof part['text'] === 'string' ? part['text'] : ''))
    .join('');
}
