import type { Frame, Point } from './frame.ts';
import type { Answer } from './model-answer.ts';
import type { SseStyle } from './sse-style.ts';
import type { Ending, Split, Step } from './step.ts';

/** What the upstream answers: data, to be read off a test at a glance. Made with `reply`. */
export type Reply = AnswerReply | StatusReply | RawReply | SilentReply | StepsReply;

/** An answer of the model, whole or with faults. Written as a stream or as JSON, as the request wants it. */
export interface AnswerReply {
  readonly kind: 'answer';
  /** @default made up from the request: see `defaultAnswer` */
  readonly answer?: Answer;
  readonly pace?: Pace;
  readonly style?: SseStyle;
  readonly faults?: readonly Fault[];
  /** Added to the usual ones; they win. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Its shape on the wire, whatever the request wants. @default what the request wants */
  readonly as?: 'stream' | 'json';
  readonly edit?: AnswerEdit;
}

/** How an answer is spoilt on its way out, where no fault has a name for it. */
export interface AnswerEdit {
  /** Its events, where it is streamed. */
  readonly frames?: (frames: readonly Frame[]) => readonly Frame[];
  /** Its JSON, where it is not; text is sent as it is. */
  readonly body?: (body: unknown) => unknown;
  /** All that is done to the connection, the head included; after everything else. */
  readonly steps?: (steps: readonly Step[]) => readonly Step[];
}

/** How fast an answer comes. Non-streamed answers take as long as their stream would have. */
export interface Pace {
  /** Wait before the response head, in milliseconds. @default 0 */
  readonly firstMs?: number;
  /** Wait before each content delta but the first, in milliseconds. @default 0 */
  readonly delayMs?: number;
}

/** Something that goes wrong at a point of an answer. */
export type Fault =
  | {
      readonly kind: 'end';
      readonly after: Point;
      readonly how: Ending;
      /** Half of the next event is sent first. */
      readonly midEvent?: boolean;
    }
  /** Silence; the answer goes on afterwards. `Infinity` for ever. */
  | { readonly kind: 'stall'; readonly after: Point; readonly ms: number; readonly midEvent?: boolean }
  /** Pings only, `everyMs` apart, for `ms`. */
  | { readonly kind: 'pings'; readonly after: Point; readonly everyMs: number; readonly ms: number }
  | {
      readonly kind: 'error_event';
      readonly after: Point;
      /** Anthropic's `error.type`; on OpenAI's wire it is put in OpenAI's words. */
      readonly type: string;
      readonly message: string;
      /** What the connection does then. */
      readonly how: Ending;
    };

/** An answer with an HTTP status of its own. */
export interface StatusReply {
  readonly kind: 'status';
  readonly status: number;
  /** `error.type`. @default the one that belongs to the status on the wire that is asked */
  readonly type?: string;
  readonly message?: string;
  /** Anthropic's `error.details`, such as `{ error_code }`; on OpenAI's wire fields of `error`: `{ code, param }`. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** Text is sent as it is, anything else as JSON. @default the wire's own error body */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Wait before the head, in milliseconds. @default 0 */
  readonly firstMs?: number;
}

/** Bytes under the test's full control. */
export interface RawReply {
  readonly kind: 'raw';
  readonly pieces: readonly Uint8Array[];
  /** @default 200 */
  readonly status?: number;
  /** @default an event stream's */
  readonly headers?: Readonly<Record<string, string>>;
  /** `event` writes each piece by itself. @default `event` */
  readonly split?: Split;
  /** Wait between pieces, in milliseconds. @default 0 */
  readonly delayMs?: number;
  /** @default `eof` */
  readonly how?: Ending;
}

/** Exactly these steps, whatever was asked. */
export interface StepsReply {
  readonly kind: 'steps';
  readonly steps: readonly Step[];
}

/** No response head at all. */
export interface SilentReply {
  readonly kind: 'silent';
  readonly how: Exclude<Ending, 'eof'>;
  /** Wait before the connection ends, in milliseconds. @default 0 */
  readonly firstMs?: number;
}
