import type { ChatEvent, ThinkingBlock, UrlCitation } from '../../chat/events.ts';
import type { JsonObject } from '../../chat/json.ts';
import { CallItem } from './call-item.ts';
import type { EventLog, ItemPlace, ItemStatus, OutputItem } from './event-log.ts';
import { MessageItem } from './message-item.ts';
import { ReasoningItem } from './reasoning-item.ts';

/**
 * The output of one response: which item is open, and the frames that open, fill and close them.
 *
 * One item is open at a time, unless a host tells several calls at once.
 */
export class OutputItems {
  readonly #log: EventLog;
  /** What the ids of the items end in. */
  readonly #suffix: string;
  readonly #items: OutputItem[] = [];
  /** Of these two, one is open at most. */
  #message: MessageItem | undefined;
  #reasoning: ReasoningItem | undefined;
  /** By the number of the call. */
  readonly #calls = new Map<number, CallItem>();
  /** UTF-16 length of the texts told, and of those before the open message: citations count over the whole answer. */
  #told = 0;
  #before = 0;

  /** @param suffix - unique to the answer: clients keep items by their ids */
  constructor(log: EventLog, suffix: string) {
    this.#log = log;
    this.#suffix = suffix;
  }

  /** All items as they are by now. */
  get output(): readonly JsonObject[] {
    return this.#items.map(({ item }) => item);
  }

  /** A piece of the answer's text: nearly all that ever comes. */
  text(text: string): string {
    if (text === '') return '';
    this.#told += text.length;
    const { frames, message } = this.#messageItem(text.length);
    return frames + message.say(text);
  }

  /** The frames of any other event; '' for one that is not part of the output. */
  event(event: ChatEvent): string {
    switch (event.type) {
      case 'refusal_delta':
        return this.#refuse(event.text);
      case 'reasoning_delta':
        return this.#think(event.text);
      case 'thinking_block':
        return this.#sign(event.block);
      case 'tool_call_start':
        return this.#call(event, 'function_call').frames;
      case 'tool_call_delta':
        return event.arguments === '' ? '' : (this.#calls.get(event.index)?.add(event.arguments) ?? '');
      case 'custom_tool_call': {
        const { frames, call } = this.#call(event, 'custom_tool_call');
        return frames + call.add(event.input);
      }
      case 'annotations':
        return this.#annotate(event.annotations);
      default:
        return '';
    }
  }

  /** Closes whatever is open. */
  end(status: ItemStatus): string {
    const open = this.#message ?? this.#reasoning;
    let frames = open?.close(status) ?? '';
    for (const call of this.#calls.values()) frames += call.close(call.isWhole ? 'completed' : status);
    this.#message = undefined;
    this.#reasoning = undefined;
    this.#calls.clear();
    return frames;
  }

  /** Words of refusal stand in a message, behind its text if it has one. */
  #refuse(text: string): string {
    if (text === '') return '';
    const { frames, message } = this.#messageItem(0);
    return frames + message.refuse(text);
  }

  /** They come last. A message that a call has ended takes no more. */
  #annotate(citations: readonly UrlCitation[]): string {
    return this.#message?.annotate(citations, this.#before) ?? '';
  }

  /**
   * The open message, or a new one.
   *
   * @param length - of the text that is about to be written, and already counted
   */
  #messageItem(length: number): { readonly frames: string; readonly message: MessageItem } {
    if (this.#message) return { frames: '', message: this.#message };
    const frames = this.#settle();
    const message = new MessageItem(this.#log, this.#place('msg'));
    this.#message = message;
    this.#before = this.#told - length;
    return { frames: frames + this.#add(message), message };
  }

  /** Readable reasoning; a host that does not sign ends it by saying something else. */
  #think(text: string): string {
    if (text === '') return '';
    const { frames, reasoning } = this.#reasoningItem();
    return frames + reasoning.think(text);
  }

  /** A signed block ends its item, whether or not its text was shown. */
  #sign(block: ThinkingBlock): string {
    const { frames, reasoning } = this.#reasoningItem();
    reasoning.sign(block);
    this.#reasoning = undefined;
    return frames + reasoning.close('completed');
  }

  #reasoningItem(): { readonly frames: string; readonly reasoning: ReasoningItem } {
    if (this.#reasoning) return { frames: '', reasoning: this.#reasoning };
    const frames = this.#settle();
    const reasoning = new ReasoningItem(this.#log, this.#place('rs'));
    this.#reasoning = reasoning;
    return { frames: frames + this.#add(reasoning), reasoning };
  }

  #call(
    { index, id, name }: { readonly index: number; readonly id: string; readonly name: string },
    kind: 'function_call' | 'custom_tool_call',
  ): { readonly frames: string; readonly call: CallItem } {
    const frames = this.#settle();
    const place = this.#place(kind === 'function_call' ? 'fc' : 'ctc');
    const call = new CallItem(this.#log, place, kind, { call_id: id, name });
    this.#calls.set(index, call);
    return { frames: frames + this.#add(call), call };
  }

  /** Before a new item: closes the open one, and calls to which nothing can be added any more. */
  #settle(): string {
    let frames = (this.#message ?? this.#reasoning)?.close('completed') ?? '';
    this.#message = undefined;
    this.#reasoning = undefined;
    for (const [index, call] of this.#calls) {
      if (!call.isWhole) continue;
      frames += call.close('completed');
      this.#calls.delete(index);
    }
    return frames;
  }

  /** Gives an item its place. */
  #add(item: OutputItem): string {
    this.#items.push(item);
    return item.open();
  }

  /** The next place, with an id that begins as OpenAI's do: clients tell kinds of items apart by that. */
  #place(prefix: string): ItemPlace {
    const output_index = this.#items.length;
    return { id: `${prefix}_${this.#suffix}_${output_index}`, output_index };
  }
}
