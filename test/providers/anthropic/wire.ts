import { readFileSync } from 'node:fs';
import { createParser } from 'eventsource-parser';
import type {
  ChatEvent,
  ThinkingBlock,
  UrlCitation,
  Usage,
  Warning,
} from '../../../src/provider-kit/index.ts';
import {
  type AnswerContext,
  MessageReducer,
} from '../../../src/providers/anthropic/decode/message-reducer.ts';
import { readMessage } from '../../../src/providers/anthropic/decode/read-message.ts';
import type { ReadingOptions } from '../../../src/providers/anthropic/reading.ts';

/** A parsed event of the Messages wire. */
export type WireEvent = { readonly type: string; readonly [key: string]: unknown };

/** The `data` of every event of a recorded stream. */
export function fixture(name: string): WireEvent[] {
  const events: WireEvent[] = [];
  const parser = createParser({ onEvent: ({ data }) => events.push(JSON.parse(data)) });
  parser.feed(readFileSync(`test/fixtures/anthropic/${name}.sse`, 'utf8'));
  return events;
}

/** All that a reducer is told. */
export type ReducerOptions = ReadingOptions & AnswerContext;

/** How answers are read when a test does not care. */
export const reading: ReducerOptions = {
  provider: 'anthropic',
  created: 1_700_000_000,
  mayPause: false,
  continued: { content: [], textLength: 0, container: undefined },
  toolNames: new Map(),
  customTools: new Set(),
  jsonTool: false,
  legacyFunctions: false,
  ephemeralPrompt: false,
  exposeReasoning: false,
  jsonFence: false,
};

/** A reducer that reads as `reading` says, but for what the test cares about. */
export function reducerWith(options: Partial<ReducerOptions> = {}): MessageReducer {
  const merged = { ...reading, ...options };
  return new MessageReducer(merged, merged);
}

/** What a streamed answer tells, to the end of its body. */
export function reduce(events: readonly unknown[], options: Partial<ReducerOptions> = {}): ChatEvent[] {
  const out: ChatEvent[] = [];
  const reducer = reducerWith(options);
  for (const event of events) reducer.push(event, out);
  reducer.endOfStream(out);
  return out;
}

/** What a whole message tells. */
export function readWhole(message: unknown, options: Partial<ReducerOptions> = {}): ChatEvent[] {
  const out: ChatEvent[] = [];
  readMessage(message, reducerWith(options), out);
  return out;
}

/** What the reducer tells for each of the events, in their order. */
export function stepwise(events: readonly unknown[], options: Partial<ReducerOptions> = {}): ChatEvent[][] {
  const reducer = reducerWith(options);
  return events.map((event) => {
    const out: ChatEvent[] = [];
    reducer.push(event, out);
    return out;
  });
}

/** Events of the wire, for tests that write their own. */
export const wire = {
  start: (message: Readonly<Record<string, unknown>> = {}): WireEvent => ({
    type: 'message_start',
    message: {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'claude-test',
      content: [],
      ...message,
    },
  }),
  block: (index: unknown, content_block: unknown): WireEvent => ({
    type: 'content_block_start',
    index,
    content_block,
  }),
  delta: (index: unknown, delta: unknown): WireEvent => ({ type: 'content_block_delta', index, delta }),
  stopBlock: (index: unknown): WireEvent => ({ type: 'content_block_stop', index }),
  text: (index: number, ...parts: string[]): WireEvent[] => [
    wire.block(index, { type: 'text', text: '' }),
    ...parts.map((text) => wire.delta(index, { type: 'text_delta', text })),
    wire.stopBlock(index),
  ],
  tool: (index: number, id: string, name: string, ...parts: string[]): WireEvent[] => [
    wire.block(index, { type: 'tool_use', id, name, input: {} }),
    ...parts.map((json) => wire.delta(index, { type: 'input_json_delta', partial_json: json })),
    wire.stopBlock(index),
  ],
  end: (stop_reason: unknown, rest: Readonly<Record<string, unknown>> = {}): WireEvent[] => [
    { type: 'message_delta', delta: { stop_reason, ...rest }, usage: { output_tokens: 7 } },
    { type: 'message_stop' },
  ],
};

/** What a list of events amounts to. */
export interface Told {
  text: string;
  reasoning: string;
  refusal: string;
  blocks: ThinkingBlock[];
  calls: { id: string; name: string; arguments: string }[];
  custom: { index: number; id: string; name: string; input: string }[];
  annotations: readonly UrlCitation[];
  warnings: Warning[];
  usage: Usage | undefined;
  vendor: Readonly<Record<string, unknown>>;
  finish: string | undefined;
  raw: string | undefined;
}

/** Adds the events up. */
export function told(events: readonly ChatEvent[]): Told {
  const sum: Told = {
    text: '',
    reasoning: '',
    refusal: '',
    blocks: [],
    calls: [],
    custom: [],
    annotations: [],
    warnings: [],
    usage: undefined,
    vendor: {},
    finish: undefined,
    raw: undefined,
  };
  for (const event of events) add(sum, event);
  return sum;
}

function add(sum: Told, event: ChatEvent): void {
  switch (event.type) {
    case 'text_delta':
      sum.text += event.text;
      break;
    case 'reasoning_delta':
      sum.reasoning += event.text;
      break;
    case 'refusal_delta':
      sum.refusal += event.text;
      break;
    case 'thinking_block':
      sum.blocks.push(event.block);
      break;
    case 'tool_call_start':
      sum.calls[event.index] = { id: event.id, name: event.name, arguments: '' };
      break;
    case 'tool_call_delta':
      sum.calls[event.index]!.arguments += event.arguments;
      break;
    case 'custom_tool_call': {
      const { type: _, ...call } = event;
      sum.custom.push(call);
      break;
    }
    case 'annotations':
      sum.annotations = event.annotations;
      break;
    case 'warning':
      sum.warnings.push(event.warning);
      break;
    case 'usage':
      sum.usage = event.usage;
      break;
    case 'vendor':
      sum.vendor = event.data as Readonly<Record<string, unknown>>;
      break;
    case 'finish':
      sum.finish = event.reason;
      sum.raw = event.raw;
      break;
  }
}

/** Events of the given types only. */
export function only(events: readonly ChatEvent[], ...types: ChatEvent['type'][]): ChatEvent[] {
  return events.filter(({ type }) => types.includes(type));
}

/** What a function throws. Fails the test when it does not. */
export function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
