import type { ThinkingBlock } from '../../chat/events.ts';
import type { JsonObject } from '../../chat/json.ts';
import { toEncrypted } from './encrypted-reasoning.ts';
import { added, done, type EventLog, type ItemPlace, type ItemStatus, type OutputItem } from './event-log.ts';

/** The model's reasoning: readable, where it is shown, as one summary; and signed, where it may go back. */
export class ReasoningItem implements OutputItem {
  readonly #log: EventLog;
  readonly #place: ItemPlace;
  /** What is shown; empty where reasoning is hidden. */
  #text = '';
  /** What goes back, known at the end of the block. */
  #encrypted: string | undefined;

  constructor(log: EventLog, place: ItemPlace) {
    this.#log = log;
    this.#place = place;
  }

  /** OpenAI has several summaries in an item; here each block is an item of its own, so that its order is kept. */
  get item(): JsonObject {
    const summary = this.#text === '' ? [] : [{ type: 'summary_text', text: this.#text }];
    return { id: this.#place.id, type: 'reasoning', summary, encrypted_content: this.#encrypted ?? null };
  }

  open(): string {
    return added(this.#log, this.#place, this.item);
  }

  /** A piece of readable reasoning. */
  think(text: string): string {
    const part = { type: 'summary_text', text: '' };
    const begun =
      this.#text === ''
        ? this.#log.event('response.reasoning_summary_part.added', { ...this.#where(), part })
        : '';
    this.#text += text;
    return (
      begun + this.#log.event('response.reasoning_summary_text.delta', { ...this.#where(), delta: text })
    );
  }

  /** The block is complete: it goes back with this item. */
  sign(block: ThinkingBlock): void {
    this.#encrypted = toEncrypted(block);
  }

  /** Reasoning has no status on this wire: what was cut is unsigned, and that says it. */
  close(_status: ItemStatus): string {
    const text = this.#text;
    const where = this.#where();
    const summary =
      text === ''
        ? ''
        : this.#log.event('response.reasoning_summary_text.done', { ...where, text }) +
          this.#log.event('response.reasoning_summary_part.done', {
            ...where,
            part: { type: 'summary_text', text },
          });
    return summary + done(this.#log, this.#place, this.item);
  }

  /** What names the one summary in its events. */
  #where(): JsonObject {
    const { id, output_index } = this.#place;
    return { item_id: id, output_index, summary_index: 0 };
  }
}
