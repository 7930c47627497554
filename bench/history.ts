import type { ChatMessage, ChatRequest, ContentPart, Tool, ToolCall } from '../src/chat/request.ts';

/** Messages of the conversation, the system's among them. */
export const MESSAGES = 200;

const vocabulary =
  'the harbour "quoted" log line\nof a path\\to\\file.ts returns 42 rows — naïve café, naïveté: {braces} and [brackets] every'.split(
    ' ',
  );

/** Prose with what prose of programs is full of: quotes, line ends, backslashes, a few letters beyond ASCII. */
function prose(seed: number, length: number): string {
  let text = '';
  for (let at = seed; text.length < length; at += 1 + (at % 3))
    text += `${vocabulary[at % vocabulary.length]} `;
  return text.slice(0, length);
}

/** Bytes that look like a PNG to whoever checks them. */
function image(seed: number, bytes: number): ContentPart {
  const data = Buffer.alloc(bytes, seed);
  data.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return { type: 'image_url', image_url: { url: `data:image/png;base64,${data.toString('base64')}` } };
}

const tools: readonly Tool[] = Array.from({ length: 12 }, (_, index) => ({
  type: 'function',
  function: {
    name: `tool_${index}`,
    description: prose(index, 400),
    parameters: {
      type: 'object',
      properties: {
        path: { type: 'string', description: prose(index + 1, 80) },
        lines: { type: 'array', items: { type: 'integer', minimum: 0 } },
        mode: { enum: ['read', 'write'] },
      },
      required: ['path'],
      additionalProperties: false,
    },
  },
}));

/** What the user says: mostly a line, now and then with a picture, once with a pasted log. */
function question(round: number): ChatMessage {
  if (round === 20) return { role: 'user', content: prose(round, 60_000) };
  const text = prose(round, 800);
  if (round % 10 !== 5) return { role: 'user', content: text };
  return { role: 'user', content: [{ type: 'text', text }, image(round, 36_000)] };
}

function call(round: number, place: number): ToolCall {
  const args = { path: `src/${round}/${place}.ts`, lines: [round, place], content: prose(round, 1_200) };
  const name = `tool_${(2 * round + place) % tools.length}`;
  return {
    id: `toolu_${round}_${place}`,
    type: 'function',
    function: { name, arguments: JSON.stringify(args) },
  };
}

/** The assistant asks for two tools; in the latest third of the conversation with its thoughts, which go back. */
function asking(round: number): ChatMessage {
  const content = prose(round + 7, 600);
  const tool_calls = [call(round, 0), call(round, 1)];
  const message: ChatMessage = { role: 'assistant', content, tool_calls };
  if (round < 26) return message;
  const thinking = { type: 'thinking', thinking: prose(round, 1_500), signature: 'c2ln'.repeat(200) };
  const uses = tool_calls.map(({ id, function: called }) => ({
    type: 'tool_use',
    id,
    name: called?.name,
    input: JSON.parse(called?.arguments ?? '{}'),
  }));
  const native = { content: [thinking, { type: 'text', text: content }, ...uses], stop_reason: 'tool_use' };
  return { ...message, provider_specific_fields: { anthropic: { ...native, model: 'claude-sonnet-5-5' } } };
}

/** Half of the results are JSON in a text, half are plain. */
function result(round: number, place: number): ChatMessage {
  const rows = Array.from({ length: 40 }, (_, row) => ({ row, name: prose(row, 40), ok: row % 2 === 0 }));
  const content = place === 0 ? JSON.stringify(rows) : prose(round + 3, 5_200);
  return { role: 'tool', tool_call_id: `toolu_${round}_${place}`, content };
}

/** One question, the work it causes, and its answer. */
function work(round: number): ChatMessage[] {
  const answer: ChatMessage = { role: 'assistant', content: prose(round + 11, 2_200) };
  return [question(round), asking(round), result(round, 0), result(round, 1), answer];
}

/** What the last message says, by which one sees that all of it arrived. */
export const LAST_WORDS = 'That was the last line of the last file.';

/** The last message's text, if it stands in a written body of whatever dialect; `''` if it was lost. */
export function lastWords(body: string): string {
  return body.lastIndexOf(LAST_WORDS) < 0 ? '' : LAST_WORDS;
}

/** A long conversation of an agent: about 1 MB of texts, calls, results, pictures and thoughts. The same every time. */
export function history(): ChatRequest {
  const rounds = Array.from({ length: Math.ceil(MESSAGES / 5) }, (_, round) => work(round)).flat();
  const system: ChatMessage = { role: 'system', content: prose(1, 6_000) };
  const last: ChatMessage = { role: 'tool', tool_call_id: 'toolu_39_1', content: LAST_WORDS };
  const messages = [system, ...rounds.slice(0, MESSAGES - 2), last];
  return {
    model: 'claude-sonnet-5-5',
    max_tokens: 8_000,
    messages,
    tools,
    tool_choice: 'auto',
    stream: true,
  };
}
