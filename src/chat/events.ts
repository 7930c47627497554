import type { Usage } from '../usage/usage.ts';
import type { JsonObject } from './json.ts';

/** Why an answer ended, in OpenAI's words. */
export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter';

/** A block of reasoning as the provider signed it. It must go back verbatim in the next turn. */
export type ThinkingBlock =
  | { readonly type: 'thinking'; readonly thinking: string; readonly signature: string }
  | { readonly type: 'redacted_thinking'; readonly data: string };

/** A citation of a web page, over UTF-16 offsets of the whole answer text. */
export interface UrlCitation {
  readonly type: 'url_citation';
  readonly url_citation: {
    readonly url: string;
    readonly title: string;
    readonly start_index: number;
    readonly end_index: number;
  };
}

/** Something the caller should know although the answer goes on: a parameter weakened, a host that behaved oddly. */
export interface Warning {
  /** Stable, snake_case: `unsupported_parameter`, `clamped`, `model_retired`, … */
  readonly code: string;
  /** Path of the field in the caller's request; absent when the warning is not about one. */
  readonly param?: string;
  readonly message: string;
}

/**
 * What flows inside the house, from provider to door. One meaning per event.
 *
 * The terminal event is part of the protocol: a stream that ends without `finish` was cut short.
 */
export type ChatEvent =
  /** The provider accepted the call. `id` and `model` are its own words, `created` is in epoch seconds. */
  | { readonly type: 'start'; readonly id: string; readonly model: string; readonly created: number }
  | { readonly type: 'text_delta'; readonly text: string }
  | { readonly type: 'refusal_delta'; readonly text: string }
  /** Readable reasoning, as far as the provider shows it. */
  | { readonly type: 'reasoning_delta'; readonly text: string }
  /** A completed, signed block of reasoning; carries no new text for people. */
  | { readonly type: 'thinking_block'; readonly block: ThinkingBlock }
  /** `index` counts the tool calls of the answer, dense from 0. */
  | { readonly type: 'tool_call_start'; readonly index: number; readonly id: string; readonly name: string }
  /** `arguments` is a fragment of JSON text; fragments of one `index` join in order. */
  | { readonly type: 'tool_call_delta'; readonly index: number; readonly arguments: string }
  /** A call of a free-form tool, complete. */
  | {
      readonly type: 'custom_tool_call';
      readonly index: number;
      readonly id: string;
      readonly name: string;
      readonly input: string;
    }
  | { readonly type: 'annotations'; readonly annotations: readonly UrlCitation[] }
  /** Running total so far, not a difference. The last one counts, also when the stream dies. */
  | { readonly type: 'usage'; readonly usage: Usage }
  | { readonly type: 'warning'; readonly warning: Warning }
  /**
   * What the house does not model, under the provider's name. The last one is carried to the last chunk, never read.
   * Claude tells earlier ones in the place of what only its own wire has: a `content_block`, the `citations` of the
   * text before or that it has ended (`text_ended`), further fields of the `tool_use` that follows.
   */
  | { readonly type: 'vendor'; readonly provider: string; readonly data: unknown }
  /** What a call that is no chat has brought, complete: vectors, a count. */
  | { readonly type: 'result'; readonly value: unknown }
  /**
   * In place of `finish`: upstream paused in the middle of its turn, and goes on when `message`, the assistant's
   * turn so far, is sent back (FIN-8). Only where the call allows it; it never reaches a caller.
   */
  | { readonly type: 'pause'; readonly message: JsonObject }
  /** Exactly once, and last. `raw` is the provider's own word. */
  | { readonly type: 'finish'; readonly reason: FinishReason; readonly raw: string | undefined };

/**
 * The events of one network read, in order. Layers pass batches on, because a hop costs per item.
 * An empty batch says that bytes arrived which completed no event: it keeps the idle timer quiet.
 */
export type Batch = readonly ChatEvent[];

/**
 * True for an event after which the answer is this one: no retry, no failover.
 *
 * Usage, signatures, hidden reasoning and the bare start do not commit. Readable reasoning does only while it
 * is exposed to the caller; a provider sends it only then.
 */
export function isCommitting(event: ChatEvent): boolean {
  switch (event.type) {
    case 'text_delta':
    case 'refusal_delta':
    case 'reasoning_delta':
      return event.text.length > 0;
    case 'tool_call_start':
    case 'custom_tool_call':
    case 'result':
      return true;
    default:
      return false;
  }
}

/** True when any event of the batch commits. */
export function commits(batch: Batch): boolean {
  for (const event of batch) if (isCommitting(event)) return true;
  return false;
}
