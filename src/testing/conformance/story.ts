import type { Batch, ChatEvent, Usage } from '../../provider-kit/index.ts';

/** What a stream told, and how it ended. */
export interface Story {
  readonly events: readonly ChatEvent[];
  /** What it threw; `undefined` when it just ended. */
  readonly error?: unknown;
}

/** Reads a stream to its end, whatever that is. */
export async function storyOf(stream: AsyncIterable<ChatEvent | Batch>): Promise<Story> {
  const events: ChatEvent[] = [];
  try {
    for await (const item of stream) events.push(...eventsIn(item));
    return { events };
  } catch (error) {
    return { events, error };
  }
}

/** A provider may yield one event, or those of one read. */
export function eventsIn(item: ChatEvent | Batch): Batch {
  return 'type' in item ? [item] : item;
}

/** The text of an answer. */
export function textOf({ events }: Story): string {
  return events.map((event) => (event.type === 'text_delta' ? event.text : '')).join('');
}

/** The tool calls of an answer, by their index. Arguments that are no JSON stay text. */
export function callsOf({ events }: Story): { name: string; arguments: unknown }[] {
  const calls: { name: string; text: string }[] = [];
  for (const event of events) {
    if (event.type === 'tool_call_start') calls[event.index] = { name: event.name, text: '' };
    const call = event.type === 'tool_call_delta' ? calls[event.index] : undefined;
    if (call && event.type === 'tool_call_delta') call.text += event.arguments;
  }
  return Array.from(calls, (call) => ({ name: call?.name ?? '', arguments: parsed(call?.text ?? '') }));
}

/** The last word on usage. */
export function usageOf({ events }: Story): Usage | undefined {
  return events.findLast((event) => event.type === 'usage')?.usage;
}

/**
 * Events without what may differ from call to call: ids that a provider makes up, times, and where a text was cut.
 */
export function essence({ events }: Story): readonly unknown[] {
  const essential: unknown[] = [];
  let last: { readonly type: string; readonly index?: number; text: string } | undefined;
  for (const event of events) {
    const { index, text } = deltaOf(event);
    if (text !== undefined && last?.type === event.type && last.index === index) last.text += text;
    else {
      last =
        text === undefined ? undefined : { type: event.type, ...(index !== undefined && { index }), text };
      essential.push(last ?? (event.type === 'start' ? 'start' : { ...event, id: undefined }));
    }
  }
  return essential;
}

/** The piece of text that an event carries, and what it belongs to. */
function deltaOf(event: ChatEvent): { index?: number; text?: string } {
  if (event.type === 'tool_call_delta') return { index: event.index, text: event.arguments };
  return 'text' in event ? { text: event.text } : {};
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text === '' ? '{}' : text);
  } catch {
    return text;
  }
}
