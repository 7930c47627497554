import { type ChatEvent, ProviderError, type UrlCitation } from '../../../provider-kit/index.ts';
import type { ReadingOptions } from '../reading.ts';
import { FenceHold } from './fence-hold.ts';

/** What the blocks of one answer have told together. They write here, the ending reads. */
export class AnswerSoFar {
  readonly reading: ReadingOptions;
  readonly annotations: UrlCitation[] = [];
  /** UTF-16 length of the text told so far: where the next block's text begins. */
  textLength: number;
  /** A thinking block was seen, readable or not. */
  thought = false;
  /** The model that took over in the middle (STR-12d). */
  servedBy: string | undefined;
  readonly #provider: string;
  readonly #callIds: string[] = [];
  readonly #fence: FenceHold | undefined;
  #voidCalls = 0;
  #owed: ((out: ChatEvent[]) => void)[] = [];

  /** @param textLength - of the text that earlier rounds of this answer have told */
  constructor(provider: string, reading: ReadingOptions, textLength = 0) {
    this.#provider = provider;
    this.textLength = textLength;
    this.reading = reading;
    this.#fence = reading.jsonFence ? new FenceHold() : undefined;
  }

  /** Tells text of the answer. */
  say(text: string, out: ChatEvent[]): void {
    const told = this.#fence ? this.#fence.push(text) : text;
    if (told === '') return;
    this.textLength += told.length;
    out.push({ type: 'text_delta', text: told });
  }

  /** Tells the text that was held back, at the end of the answer. */
  sayRest(out: ChatEvent[]): void {
    const rest = this.#fence?.end();
    if (rest) out.push({ type: 'text_delta', text: rest });
  }

  /** The place of a new call among the client's calls, dense from 0 (STR-11); never Anthropic's block index. */
  addCall(id: string): number {
    return this.#callIds.push(id) - 1;
  }

  hasCall(id: string): boolean {
    return this.#callIds.includes(id);
  }

  /** Calls the caller is to execute. */
  get validCalls(): number {
    return this.#callIds.length - this.#voidCalls;
  }

  get voidCallIds(): readonly string[] {
    return this.#callIds.slice(0, this.#voidCalls);
  }

  /** The calls told so far are not to be executed: another model took over, or the answer was refused. */
  voidCalls(): void {
    this.#voidCalls = this.#callIds.length;
  }

  /**
   * Puts off what is to be told of a call without arguments (STR-12a): only what follows shows whether it has
   * none, or the answer was cut before they came.
   */
  owe(tell: (out: ChatEvent[]) => void): void {
    this.#owed.push(tell);
  }

  /** Tells what was put off. */
  settle(out: ChatEvent[]): void {
    if (this.#owed.length === 0) return;
    for (const tell of this.#owed) tell(out);
    this.#owed = [];
  }

  /** The error for an answer that breaks the protocol. */
  badResponse(message: string): ProviderError {
    return new ProviderError({ code: 'bad_response', provider: this.#provider, message });
  }

  /** The error for an answer that says it is over without saying why; `stop` is never invented (STR-19). */
  truncated(): ProviderError {
    const message = 'the answer ended without a stop reason';
    return new ProviderError({ code: 'stream_truncated', provider: this.#provider, message });
  }
}
