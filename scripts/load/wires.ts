import type { WireName } from 'runestone/testing';

/** An answer on a wire, in two parts: what comes first holds no finish reason. */
export interface WholeAnswer {
  readonly type: string;
  readonly begin: string;
  readonly rest: string;
  /** The body of an error with a status of its own. */
  readonly error: string;
  /** An error inside of an answer. */
  readonly errorEvent: string;
}

/** The answer that says these words. */
export function answerOn(wire: WireName, stream: boolean, words: readonly string[]): WholeAnswer {
  const error = JSON.stringify(errorOf(wire));
  const errorEvent = stream ? sse(errorOf(wire), wire === 'anthropic' ? 'error' : undefined) : error;
  if (stream) {
    const events = wire === 'anthropic' ? messageEvents(words) : chunkEvents(words);
    const half = events.length >> 1;
    const [begin, rest] = [events.slice(0, half).join(''), events.slice(half).join('')];
    return { type: 'text/event-stream', begin, rest, error, errorEvent };
  }
  const text = JSON.stringify(wire === 'anthropic' ? messageOf(words) : completionOf(words));
  const half = text.length >> 1;
  return { type: 'application/json', begin: text.slice(0, half), rest: text.slice(half), error, errorEvent };
}

function errorOf(wire: WireName): object {
  const error = { type: wire === 'anthropic' ? 'overloaded_error' : 'server_error', message: 'Overloaded' };
  return wire === 'anthropic' ? { type: 'error', error } : { error: { ...error, code: 'overloaded' } };
}

function sse(data: unknown, event?: string): string {
  return `${event ? `event: ${event}\n` : ''}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
}

const usage = { input_tokens: 12, output_tokens: 8 };
const message = {
  id: 'msg_01load',
  type: 'message',
  role: 'assistant',
  model: 'claude-haiku-4-5',
  stop_sequence: null,
};

function messageOf(words: readonly string[]): object {
  return { ...message, content: [{ type: 'text', text: words.join('') }], stop_reason: 'end_turn', usage };
}

function messageEvents(words: readonly string[]): string[] {
  return [
    { type: 'message_start', message: { ...message, content: [], stop_reason: null, usage } },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    ...words.map((text) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })),
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage },
    { type: 'message_stop' },
  ].map((event) => sse(event, event.type));
}

const completion = { id: 'chatcmpl-load', created: 1_700_000_000, model: 'gpt-4.1-mini' };
const tokens = { prompt_tokens: 12, completion_tokens: 8, total_tokens: 20 };

function completionOf(words: readonly string[]): object {
  const answer = { role: 'assistant', content: words.join(''), refusal: null };
  const choices = [{ index: 0, message: answer, finish_reason: 'stop', logprobs: null }];
  return { ...completion, object: 'chat.completion', choices, usage: tokens };
}

function chunkEvents(words: readonly string[]): string[] {
  const chunk = (delta: object, finish_reason: string | null = null): object => ({
    ...completion,
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, finish_reason }],
  });
  return [
    chunk({ role: 'assistant', content: '' }),
    ...words.map((content) => chunk({ content })),
    chunk({}, 'stop'),
    { ...completion, object: 'chat.completion.chunk', choices: [], usage: tokens },
    '[DONE]',
  ].map((each) => sse(each));
}
