import type { JsonObject } from '../../chat/json.ts';
import { isWholeInput } from '../call-input.ts';
import { added, done, type EventLog, type ItemPlace, type ItemStatus, type OutputItem } from './event-log.ts';

/** What the fields and events of either kind of call are named. */
const KINDS = {
  function_call: { field: 'arguments', events: 'response.function_call_arguments' },
  custom_tool_call: { field: 'input', events: 'response.custom_tool_call_input' },
} as const;

/** A call of a function, or of a custom tool. */
export class CallItem implements OutputItem {
  readonly #log: EventLog;
  readonly #place: ItemPlace;
  /** The type of the item. */
  readonly #kind: keyof typeof KINDS;
  /** `call_id` is what the result will name; `id` is the item's, and no one's but the stream's. */
  readonly #call: { readonly call_id: string; readonly name: string };
  /** Arguments or input so far. */
  #text = '';
  #status = 'in_progress';

  constructor(
    log: EventLog,
    place: ItemPlace,
    kind: keyof typeof KINDS,
    call: { readonly call_id: string; readonly name: string },
  ) {
    this.#log = log;
    this.#place = place;
    this.#kind = kind;
    this.#call = call;
  }

  /** Everything but the text is there from the start. */
  get item(): JsonObject {
    const { id } = this.#place;
    return {
      id,
      type: this.#kind,
      status: this.#status,
      [KINDS[this.#kind].field]: this.#text,
      ...this.#call,
    };
  }

  /** True when nothing can follow in its arguments. */
  get isWhole(): boolean {
    return this.#kind === 'custom_tool_call' || isWholeInput(this.#text);
  }

  /** With an empty text, which the deltas fill. */
  open(): string {
    return added(this.#log, this.#place, this.item);
  }

  /** A piece of the arguments, or the whole input of a custom tool. */
  add(text: string): string {
    this.#text += text;
    return this.#log.event(`${KINDS[this.#kind].events}.delta`, { ...this.#where(), delta: text });
  }

  /** With the whole text twice, as OpenAI has it: clients read whichever event they know. */
  close(status: ItemStatus): string {
    const { events, field } = KINDS[this.#kind];
    const ended = this.#log.event(`${events}.done`, {
      ...this.#where(),
      ...(this.#kind === 'function_call' && { name: this.#call.name }),
      [field]: this.#text,
    });
    this.#status = status;
    return ended + done(this.#log, this.#place, this.item);
  }

  /** What names the item in its own events; OpenAI's client checks both. */
  #where(): JsonObject {
    const { id, output_index } = this.#place;
    return { item_id: id, output_index };
  }
}
