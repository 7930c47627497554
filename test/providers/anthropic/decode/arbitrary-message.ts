import fc from 'fast-check';
import type { WireEvent } from '../wire.ts';

type Block = Readonly<Record<string, unknown>>;

/** A whole message, and one way in which it may be streamed. */
export interface StreamedMessage {
  readonly message: Readonly<Record<string, unknown>>;
  readonly events: readonly WireEvent[];
}

const words = fc.string({ minLength: 1, maxLength: 30, unit: 'grapheme' });
const input = fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 2 }), {
  minKeys: 1,
  maxKeys: 4,
});

const citation = fc.constantFrom(
  {
    type: 'web_search_result_location',
    url: 'https://a.example/1',
    title: 'A',
    cited_text: 'x',
    encrypted_index: 'E',
  },
  { type: 'char_location', cited_text: 'y', document_index: 0, document_title: null },
);

const block: fc.Arbitrary<Block> = fc.oneof(
  { weight: 3, arbitrary: words.map((text) => ({ type: 'text', text, citations: null })) },
  fc.tuple(words, fc.array(citation, { minLength: 1, maxLength: 2 })).map(([text, citations]) => ({
    type: 'text',
    text,
    citations,
  })),
  fc.tuple(fc.oneof(fc.constant(''), words), words).map(([thinking, signature]) => ({
    type: 'thinking',
    thinking,
    signature,
  })),
  words.map((data) => ({ type: 'redacted_thinking', data })),
  { weight: 2, arbitrary: input.map((value) => ({ type: 'tool_use', name: 'f', input: value })) },
  input.map((value) => ({ type: 'server_tool_use', id: 's', name: 'web_search', input: value })),
  words.map((text) => ({ type: 'web_search_tool_result', tool_use_id: 's', content: [{ text }] })),
  words.map((text) => ({ type: 'hologram', text })),
);

const usage = fc.record({
  input_tokens: fc.nat(9_999),
  cache_read_input_tokens: fc.nat(99),
  cache_creation_input_tokens: fc.nat(99),
  output_tokens: fc.nat(999),
  service_tier: fc.constantFrom('standard', 'priority'),
});

const stopReason = fc.constantFrom(
  ...['end_turn', 'tool_use', 'stop_sequence', 'max_tokens', 'refusal', 'pause_turn', 'satisfied'],
);

/** Messages of every kind of block, with their texts and inputs split anywhere. */
export const streamedMessage: fc.Arbitrary<StreamedMessage> = fc
  .record({
    blocks: fc.array(block, { maxLength: 6 }),
    usage,
    stop: stopReason,
    cuts: fc.infiniteStream(fc.nat(12)),
  })
  .map(({ blocks, usage, stop, cuts }) => {
    const content = blocks.map((each, index) =>
      each['type'] === 'tool_use' ? { ...each, id: `toolu_${index}` } : each,
    );
    const head = { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-test', container: null };
    const stopped = { stop_reason: stop, stop_sequence: null, stop_details: null };
    const start = { ...head, content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } };
    const nextCut = (): number => cuts.next().value ?? 1;
    return {
      message: { ...head, content, ...stopped, usage },
      events: [
        { type: 'message_start', message: start },
        ...content.flatMap((each, index) => streamed(each, index, nextCut)),
        { type: 'message_delta', delta: stopped, usage: { output_tokens: usage.output_tokens } },
        { type: 'message_stop' },
      ],
    };
  });

function streamed(block: Block, index: number, nextCut: () => number): WireEvent[] {
  const { start, deltas } = taken(block, nextCut);
  return [
    { type: 'content_block_start', index, content_block: start },
    ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
    { type: 'content_block_stop', index },
  ];
}

/** A block as it starts, and the deltas that complete it. */
function taken(
  block: Block,
  nextCut: () => number,
): { readonly start: Block; readonly deltas: readonly Block[] } {
  const { type, text, thinking, signature, input, citations } = block;
  if (type === 'text') {
    const cited = Array.isArray(citations) ? citations : [];
    return {
      start: { ...block, text: '', citations: cited.length > 0 ? [] : null },
      deltas: [
        ...cited.map((each) => ({ type: 'citations_delta', citation: each })),
        ...pieces(String(text), nextCut).map((piece) => ({ type: 'text_delta', text: piece })),
      ],
    };
  }
  if (type === 'thinking') {
    return {
      start: { ...block, thinking: '', signature: '' },
      deltas: [
        ...pieces(String(thinking), nextCut).map((piece) => ({ type: 'thinking_delta', thinking: piece })),
        { type: 'signature_delta', signature },
      ],
    };
  }
  if (input === undefined) return { start: block, deltas: [] };
  const deltas = pieces(JSON.stringify(input), nextCut);
  return {
    start: { ...block, input: {} },
    deltas: ['', ...deltas].map((partial_json) => ({ type: 'input_json_delta', partial_json })),
  };
}

/** The text in pieces, some of them empty, cut in the middle of characters too. */
function pieces(text: string, nextCut: () => number): string[] {
  const parts: string[] = [];
  for (let at = 0; at < text.length; ) {
    const length = nextCut();
    parts.push(text.slice(at, at + length));
    at += length;
  }
  return parts;
}
