import type { ThinkingBlock } from '../../chat/events.ts';
import type { JsonObject } from '../../chat/json.ts';
import { isWholeInput } from '../call-input.ts';
import { eventFrame } from '../event-frame.ts';
import type { MessageForm } from './message-form.ts';

/** A call under way. */
interface OpenCall {
  /** The index of its block. */
  readonly at: number;
  /** The JSON text so far: only when it is complete may the block be closed. */
  input: string;
}

/**
 * The content blocks of one streamed message: which is open, and the frames that open, fill and close them.
 *
 * One block is open at a time, as Claude has it, unless a host tells several calls at once.
 */
export class BlockFrames {
  readonly #form: MessageForm;
  /** The index of the next block, dense from 0: Anthropic's client finds blocks by their place in the content. */
  #next = 0;
  /** Calls have a list of their own. */
  #open: 'text' | 'thinking' | undefined;
  #openAt = 0;
  /** What stands before the text of a delta. */
  #before = '';
  /** By the number of the call. */
  readonly #calls = new Map<number, OpenCall>();

  constructor(form: MessageForm) {
    this.#form = form;
  }

  /** The hot path: a piece of text between two strings. */
  text(text: string): string {
    if (text === '') return '';
    const begun = this.#open === 'text' ? '' : this.#begin('text');
    return `${begun}${this.#before}${JSON.stringify(text)}}}\n\n`;
  }

  /** A piece of readable reasoning. */
  thinking(text: string): string {
    if (text === '') return '';
    const begun = this.#open === 'thinking' ? '' : this.#begin('thinking');
    return `${begun}${this.#before}${JSON.stringify(text)}}}\n\n`;
  }

  /** A block of reasoning is complete. What of its text was not told piece by piece is told now. */
  signed(block: ThinkingBlock): string {
    if (block.type === 'redacted_thinking') return this.whole(block);
    const told = this.#open === 'thinking';
    const begun = told ? '' : this.#begin('thinking') + this.thinking(block.thinking);
    return begun + this.#delta({ type: 'signature_delta', signature: block.signature }) + this.#close();
  }

  /** Citations of the text before, which end its block (RES-10). */
  cited(citations: readonly unknown[]): string {
    // Without any, the text has only ended: another one follows.
    if (this.#open !== 'text') return '';
    return (
      citations.map((citation) => this.#delta({ type: 'citations_delta', citation })).join('') + this.#close()
    );
  }

  /**
   * Begins a call (STR-11). Its input comes as deltas, and the start says `{}` as the API does: clients that read the
   * start alone must not find half an input there.
   *
   * @param more - what Claude says of the call beside its name */
  callStart(call: number, id: string, name: string, more: JsonObject = {}): string {
    const frames = this.#settle();
    const at = this.#next++;
    this.#calls.set(call, { at, input: '' });
    return frames + start(at, { type: 'tool_use', id, name, input: {}, ...this.#form.call, ...more });
  }

  /** A fragment of the arguments, handed on as it is: it may end inside a string (STR-12). */
  callDelta(call: number, json: string): string {
    const open = this.#calls.get(call);
    if (!open || json === '') return '';
    open.input += json;
    return delta(open.at, { type: 'input_json_delta', partial_json: json });
  }

  /** A block that is told at once. Its input comes as a delta all the same: clients look for it there. */
  whole(block: JsonObject): string {
    const frames = this.#settle();
    const at = this.#next++;
    const { input } = block;
    if (input === undefined) return frames + start(at, this.#form.fields(block)) + stop(at);
    const json = delta(at, { type: 'input_json_delta', partial_json: JSON.stringify(input) });
    return frames + start(at, this.#form.fields({ ...block, input: {} })) + json + stop(at);
  }

  /** Closes whatever is open. Of a cut call too: the stop reason says that it is not to be executed (FIN-5). */
  end(): string {
    const frames = this.#close() + [...this.#calls.values()].map(({ at }) => stop(at)).join('');
    this.#calls.clear();
    return frames;
  }

  /** Opens a block, and prepares what stands before each of its deltas. */
  #begin(kind: 'text' | 'thinking'): string {
    const frames = this.#settle();
    this.#open = kind;
    this.#openAt = this.#next++;
    const deltaType = kind === 'text' ? 'text_delta' : 'thinking_delta';
    this.#before = `event: content_block_delta\ndata: {"type":"content_block_delta","index":${this.#openAt},"delta":{"type":"${deltaType}","${kind}":`;
    const block = kind === 'text' ? { text: '', citations: undefined } : { thinking: '', signature: '' };
    return frames + start(this.#openAt, this.#form.fields({ type: kind, ...block }));
  }

  /** Before a new block: closes the open one, and calls to which nothing can be added any more. */
  #settle(): string {
    let frames = this.#close();
    for (const [call, { at, input }] of this.#calls) {
      if (!isWholeInput(input)) continue;
      frames += stop(at);
      this.#calls.delete(call);
    }
    return frames;
  }

  /** Closes the open text or reasoning. */
  #close(): string {
    if (this.#open === undefined) return '';
    this.#open = undefined;
    return stop(this.#openAt);
  }

  /** What is added to it, in a form that needs no speed. */
  #delta(fields: JsonObject): string {
    return delta(this.#openAt, fields);
  }
}

const start = (index: number, content_block: JsonObject): string =>
  eventFrame('content_block_start', { index, content_block });

const delta = (index: number, fields: JsonObject): string =>
  eventFrame('content_block_delta', { index, delta: fields });

const stop = (index: number): string => eventFrame('content_block_stop', { index });
