const OPEN = '<think>';
const CLOSE = '</think>';

/** What a piece of text turned out to be. Either may be empty. */
export interface Parted {
  readonly reasoning: string;
  readonly text: string;
}

/**
 * Parts reasoning in `<think>` tags, at the beginning of an answer, from the answer behind it.
 *
 * Pieces may end anywhere, also inside a tag: what may still become one is held back. Tags further on are text.
 */
export class ThinkTags {
  #place: 'before' | 'inside' | 'behind' | 'answer' = 'before';
  #held = '';

  push(piece: string): Parted {
    if (this.#place === 'answer') return { reasoning: '', text: piece };
    this.#held += piece;
    if (this.#place === 'before') this.#lookForOpen();
    const reasoning = this.#place === 'inside' ? this.#takeReasoning() : '';
    return { reasoning, text: this.#takeText() };
  }

  /** What was held back, at the end of the answer: an opened tag that was never closed holds reasoning. */
  end(): Parted {
    const rest = this.#held;
    this.#held = '';
    return this.#place === 'inside' ? { reasoning: rest, text: '' } : { reasoning: '', text: rest };
  }

  /** White space before the tag belongs to it; before anything else it is text. */
  #lookForOpen(): void {
    const start = this.#held.trimStart();
    if (start.startsWith(OPEN)) {
      this.#place = 'inside';
      this.#held = start.slice(OPEN.length);
    } else if (!OPEN.startsWith(start)) {
      this.#place = 'answer';
    }
  }

  /** As far as it cannot be the beginning of the closing tag. */
  #takeReasoning(): string {
    const end = this.#held.indexOf(CLOSE);
    const length = end < 0 ? this.#held.length - overlap(this.#held, CLOSE) : end;
    const reasoning = this.#held.slice(0, length);
    this.#held = this.#held.slice(end < 0 ? length : end + CLOSE.length);
    if (end >= 0) this.#place = 'behind';
    return reasoning;
  }

  /** Blank lines between the closing tag and the answer are no part of it. */
  #takeText(): string {
    if (this.#place === 'behind') {
      this.#held = this.#held.trimStart();
      if (this.#held !== '') this.#place = 'answer';
    }
    if (this.#place !== 'answer') return '';
    const text = this.#held;
    this.#held = '';
    return text;
  }
}

/** Length of the longest end of `text` that is a beginning of `tag`. */
function overlap(text: string, tag: string): number {
  for (let length = Math.min(text.length, tag.length - 1); length > 0; length--) {
    if (text.endsWith(tag.slice(0, length))) return length;
  }
  return 0;
}
