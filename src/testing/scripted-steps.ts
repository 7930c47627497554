import type {
  ChatEvent,
  FinishReason,
  ProviderError,
  ProviderErrorCode,
  Usage,
} from '../provider-kit/index.ts';
import { countTokens } from './upstream/tokens.ts';

/** What a scripted provider does in one call. */
export interface ScriptedStep {
  /** Yielded in order, one at a time. The provider puts a `start` first when there is none. */
  readonly events: readonly ChatEvent[];
  /** What comes after the last event: a plain end, silence until the signal fires, or an error. */
  readonly ending: 'end' | 'silence' | Failure;
  /** Wait before each event, in milliseconds. @default 0 */
  readonly delayMs?: number;
}

type ErrorFields = ConstructorParameters<typeof ProviderError>[0];

/** An error that a scripted provider throws. */
export type Failure = Omit<ErrorFields, 'provider' | 'model' | 'message'> & {
  /** @default names the code */
  readonly message?: string;
};

/** What `replies` can vary. */
export interface RepliesOptions {
  /** Null sends no usage at all. @default output counted from the events, 10 input tokens */
  readonly usage?: Usage | null;
  /** @default `tool_calls` when a tool is called, else `stop` */
  readonly finish?: FinishReason;
  /** Wait before each event, in milliseconds. @default 0 */
  readonly delayMs?: number;
}

/**
 * A complete answer: text, pieces of text, or any events. Usage and finish are added at the end, unless the
 * events finish by themselves.
 */
export function replies(
  said: string | readonly (string | ChatEvent)[],
  options: RepliesOptions = {},
): ScriptedStep {
  const events = eventsOf(said);
  const { delayMs } = options;
  const finished = events.some((event) => event.type === 'finish');
  return {
    events: finished ? events : [...events, ...closingOf(events, options)],
    ending: 'end',
    ...(delayMs !== undefined && { delayMs }),
  };
}

/**
 * A failure before any content.
 *
 * @example
 * fails('rate_limited', { status: 429, retryAfterMs: 250 })
 */
export function fails(code: ProviderErrorCode, details: Omit<Failure, 'code'> = {}): ScriptedStep {
  return { events: [], ending: { ...details, code } };
}

/** Silence, after what is given: it lasts until the call's signal fires. */
export function hangs(after: string | readonly (string | ChatEvent)[] = []): ScriptedStep {
  return { events: eventsOf(after), ending: 'silence' };
}

/** An answer that stops short after what is given: with this error, or without a word when there is none. */
export function breaks(after: string | readonly (string | ChatEvent)[], failure?: Failure): ScriptedStep {
  return { events: eventsOf(after), ending: failure ?? 'end' };
}

function eventsOf(said: string | readonly (string | ChatEvent)[]): ChatEvent[] {
  const items = typeof said === 'string' ? [said] : said;
  return items.map((item) => (typeof item === 'string' ? { type: 'text_delta', text: item } : item));
}

/** Usage, unless the test wants none, and the finish that fits the events. */
function closingOf(events: readonly ChatEvent[], { usage, finish }: RepliesOptions): ChatEvent[] {
  const calls = events.some((event) => event.type === 'tool_call_start' || event.type === 'custom_tool_call');
  const reason = finish ?? (calls ? 'tool_calls' : 'stop');
  const counted =
    usage === undefined ? { inputTokens: 10, outputTokens: countTokens(written(events)) } : usage;
  const finishing: ChatEvent = { type: 'finish', reason, raw: reason };
  return counted === null ? [finishing] : [{ type: 'usage', usage: counted }, finishing];
}

/** What the model wrote: text and arguments, the parts that cost output tokens. */
function written(events: readonly ChatEvent[]): string {
  return events
    .map((event) => ('text' in event ? event.text : event.type === 'tool_call_delta' ? event.arguments : ''))
    .join('');
}
