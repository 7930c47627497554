import type { ConformanceFixtures } from 'runestone/testing';

/** Short, because every byte of a whole answer is a place to cut it. */
const encoded = (event: object): string => JSON.stringify(event);

interface Event {
  readonly type: string;
  readonly [field: string]: unknown;
}

const messages = (...events: readonly Event[]): string =>
  events.map((event) => `event: ${event.type}\ndata: ${encoded(event)}\n\n`).join('');

const started = {
  type: 'message_start',
  message: {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'm',
    content: [],
    usage: { input_tokens: 9 },
  },
};

const block = (index: number, content_block: object, ...deltas: readonly object[]): Event[] => [
  { type: 'content_block_start', index, content_block },
  ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
  { type: 'content_block_stop', index },
];

const use = (index: number, name: string, ...pieces: readonly string[]): Event[] =>
  block(
    index,
    { type: 'tool_use', id: `toolu_${index}`, name, input: {} },
    ...pieces.map((partial_json) => ({ type: 'input_json_delta', partial_json })),
  );

const said = (text: string): object => ({ type: 'text_delta', text });

const stopped = (stop_reason: string): Event[] => [
  { type: 'message_delta', delta: { stop_reason }, usage: { output_tokens: 7 } },
  { type: 'message_stop' },
];

const greeting = block(0, { type: 'text', text: '' }, said('Grüße, '), said('Wörld 🌍'));
const weather = { name: 'weather', arguments: { city: 'Köln' } };

/** Anthropic's Messages. */
export const messagesWire: ConformanceFixtures = {
  model: 'claude-haiku-4-5',
  text: {
    body: messages(started, ...greeting, ...stopped('end_turn')),
    text: 'Grüße, Wörld 🌍',
    usage: { inputTokens: 9, outputTokens: 7 },
  },
  toolCall: {
    body: messages(started, ...use(0, 'weather', '{"city":', '"Köln"}'), ...stopped('tool_use')),
    calls: [weather],
  },
  parallelToolCalls: {
    body: messages(
      started,
      ...use(0, 'weather', '{"city":"Köln"}'),
      ...use(1, 'time'),
      ...stopped('tool_use'),
    ),
    calls: [weather, { name: 'time', arguments: {} }],
  },
  unfinished: messages(started, ...greeting.slice(0, 2)),
  errorEvent: {
    body: 'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n',
    code: 'overloaded',
  },
  errorBody: (_status, message) => encoded({ type: 'error', error: { type: 'error', message } }),
};

const completions = (...events: readonly object[]): string =>
  events.map((event) => `data: ${encoded(event)}\n\n`).join('');

const delta = (fields: object, finish_reason: string | null = null): object => ({
  id: 'c-1',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'm',
  choices: [{ index: 0, delta: fields, finish_reason }],
});

const calling = (index: number, piece: string, name?: string): object =>
  delta({
    tool_calls: [
      { index, ...(name && { id: `call_${index}`, type: 'function' }), function: { name, arguments: piece } },
    ],
  });

const DONE = 'data: [DONE]\n\n';

/** OpenAI's Chat Completions. */
export const completionsWire: ConformanceFixtures = {
  model: 'gpt-x',
  text: {
    body:
      completions(
        delta({ role: 'assistant', content: 'Grüße, ' }),
        delta({ content: 'Wörld 🌍' }),
        delta({}, 'stop'),
        { id: 'c-1', choices: [], usage: { prompt_tokens: 9, completion_tokens: 7, total_tokens: 16 } },
      ) + DONE,
    text: 'Grüße, Wörld 🌍',
    usage: { inputTokens: 9, outputTokens: 7 },
  },
  toolCall: {
    body:
      completions(calling(0, '{"city":', 'weather'), calling(0, '"Köln"}'), delta({}, 'tool_calls')) + DONE,
    calls: [weather],
  },
  parallelToolCalls: {
    body:
      completions(
        calling(0, '{"city":', 'weather'),
        calling(1, '', 'time'),
        calling(0, '"Köln"}'),
        delta({}, 'tool_calls'),
      ) + DONE,
    calls: [weather, { name: 'time', arguments: {} }],
  },
  unfinished: completions(delta({ role: 'assistant', content: 'Grüße, ' })),
  errorEvent: {
    body: completions({ error: { type: 'overloaded_error', message: 'Overloaded', code: null } }),
    code: 'overloaded',
  },
};
