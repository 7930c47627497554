import { anchorOf, type ContinuationMethod } from './continuation.ts';

/** So much of a continuation is looked at before it is believed not to begin the whole answer anew. */
const RESTART_CHARS = 24;

/** What a continuation must show before its text is handed on. */
export type SeamState = 'open' | 'joined' | 'broken';

/**
 * Joins the text of a continuation to the text that is there: nothing twice, nothing missing.
 *
 * In words, the continuation has to begin with the anchor, which is taken off. After a prefill it just goes on; all
 * that can go wrong is that the model begins anew, or repeats the end. White space at the seam stands once: what the
 * answer ended with was not sent, since no host takes it, so that the model may write it again.
 */
export class Seam {
  readonly #said: string;
  readonly #anchor: string;
  readonly #method: ContinuationMethod;
  #buffer = '';
  #state: SeamState = 'open';

  constructor(said: string, method: ContinuationMethod) {
    this.#said = said;
    this.#anchor = anchorOf(said);
    this.#method = method;
  }

  get state(): SeamState {
    return this.#state;
  }

  /** Text that may be handed on. Empty while the seam is open, or broken. */
  push(text: string): string {
    if (this.#state === 'joined') return text;
    if (this.#state === 'broken') return '';
    this.#buffer += text;
    return this.#method === 'plain' ? this.#plain(false) : this.#prefilled(false);
  }

  /** The continuation has ended: what was held is all there is. */
  end(): string {
    if (this.#state !== 'open') return '';
    return this.#method === 'plain' ? this.#plain(true) : this.#prefilled(true);
  }

  #plain(isAll: boolean): string {
    const begun = this.#buffer.trimStart();
    if (begun.startsWith(this.#anchor)) return this.#join(begun.slice(this.#anchor.length), isAll);
    if (isAll || !this.#anchor.startsWith(begun)) this.#state = 'broken';
    return '';
  }

  #prefilled(isAll: boolean): string {
    const begun = this.#buffer;
    if (!isAll && begun.length < RESTART_CHARS) return '';
    const head = begun.trimStart().slice(0, RESTART_CHARS);
    const isLong = head.length >= RESTART_CHARS;
    if (isLong && (this.#said.trimStart().startsWith(head) || this.#anchor.includes(head))) {
      this.#state = 'broken';
      return '';
    }
    return this.#join(begun, true);
  }

  /** @param isAll - no more white space can follow what is there */
  #join(rest: string, isAll: boolean): string {
    const space = this.#said.slice(this.#said.trimEnd().length);
    // Whether white space is repeated shows when as much of it has come.
    if (!isAll && rest.length < space.length && space.startsWith(rest)) return '';
    this.#state = 'joined';
    this.#buffer = '';
    return rest.startsWith(space) ? rest.slice(space.length) : rest;
  }
}
