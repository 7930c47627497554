import type { AnswerInfo, ChatEvent } from '../index.ts';
import { finishReasonOf, metadataOf, sourceOf, usageOf } from './end-parts.ts';
import { NAME } from './read-prompt.ts';
import type { StreamPartV4 } from './spec.ts';

/** A call of a tool that has begun: its arguments grow until the answer ends. */
interface Calling {
  readonly id: string;
  readonly name: string;
  input: string;
}

type Part = 'text' | 'reasoning';

/** Events of an answer as parts of the AI SDK: text and reasoning in blocks, a tool call once it is complete. */
export class PartWriter {
  readonly #info: () => AnswerInfo;
  #open: { readonly part: Part; readonly id: string } | undefined;
  #blocks = 0;
  #sources = 0;
  /** By the index of the call; in the order in which they began. */
  readonly #calls = new Map<number, Calling>();

  constructor(info: () => AnswerInfo) {
    this.#info = info;
  }

  /**
   * @returns the parts that follow from an event; none for what the AI SDK has no word for
   */
  write(event: ChatEvent): StreamPartV4[] {
    switch (event.type) {
      case 'start':
        return [
          {
            type: 'response-metadata',
            id: event.id,
            modelId: event.model,
            timestamp: new Date(event.created * 1_000),
          },
        ];
      case 'text_delta':
      case 'refusal_delta':
        return this.#delta('text', event.text);
      case 'reasoning_delta':
        return this.#delta('reasoning', event.text);
      case 'thinking_block':
        return this.#signed(event.block);
      case 'tool_call_start':
        this.#calls.set(event.index, { id: event.id, name: event.name, input: '' });
        return [...this.#close(), { type: 'tool-input-start', id: event.id, toolName: event.name }];
      case 'tool_call_delta':
        return this.#argument(event.index, event.arguments);
      case 'annotations':
        return event.annotations.map((citation) => sourceOf(citation, this.#sources++));
      case 'finish':
        return [...this.#close(), ...this.#complete(), this.#finish(event)];
      default:
        return [];
    }
  }

  /** Text that is empty opens no block: the AI SDK would show an empty one. */
  #delta(part: Part, delta: string): StreamPartV4[] {
    if (delta === '') return [];
    const opened = this.#open?.part === part ? [] : this.#begin(part);
    const id = this.#open?.id ?? '';
    return [...opened, { type: `${part}-delta`, id, delta }];
  }

  #begin(part: Part): StreamPartV4[] {
    const closed = this.#close();
    const id = `${part}-${this.#blocks++}`;
    this.#open = { part, id };
    return [...closed, { type: `${part}-start`, id }];
  }

  /** The signature comes when the block is complete, and goes with its end, so that it can be replayed. */
  #signed(block: object): StreamPartV4[] {
    const opened = this.#open?.part === 'reasoning' ? [] : this.#begin('reasoning');
    const id = this.#open?.id ?? '';
    this.#open = undefined;
    return [
      ...opened,
      { type: 'reasoning-end', id, providerMetadata: { [NAME]: { thinking_block: block } } },
    ];
  }

  #close(): StreamPartV4[] {
    const open = this.#open;
    this.#open = undefined;
    return open ? [{ type: `${open.part}-end`, id: open.id }] : [];
  }

  #argument(index: number, delta: string): StreamPartV4[] {
    const call = this.#calls.get(index);
    if (!call || delta === '') return [];
    call.input += delta;
    return [{ type: 'tool-input-delta', id: call.id, delta }];
  }

  /** Only once the answer ends well: half of a call must not be run. No arguments are an empty object. */
  #complete(): StreamPartV4[] {
    return [...this.#calls.values()].flatMap(({ id, name, input }): StreamPartV4[] => [
      { type: 'tool-input-end', id },
      { type: 'tool-call', toolCallId: id, toolName: name, input: input || '{}' },
    ]);
  }

  #finish({ reason, raw }: Extract<ChatEvent, { type: 'finish' }>): StreamPartV4 {
    const info = this.#info();
    return {
      type: 'finish',
      finishReason: finishReasonOf(reason, raw),
      usage: usageOf(info),
      providerMetadata: metadataOf(info),
    };
  }
}
