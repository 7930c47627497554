import fc from 'fast-check';
import type { RawRequest } from '../../providers/anthropic/encode/encoding.ts';
import { PNG, text, thought } from '../../providers/anthropic/encode/encoding.ts';
import { anyText, plainText } from './texts.ts';

/** What callers add to messages and requests beyond OpenAI's reference (section 1.10 of the contract). */

const mark = fc.constantFrom(
  { type: 'ephemeral' },
  { type: 'ephemeral', ttl: '1h' },
  { type: 'ephemeral', ttl: '5m' },
);

const signed = fc.constantFrom<RawRequest>(
  { thinking_blocks: [thought('s')] },
  { thinking_blocks: [thought('s', 'hm'), { type: 'redacted_thinking', data: 'd' }] },
  { thinking_blocks: [{ type: 'thinking', thinking: 'unsigned' }] },
  { reasoning_content: 'never sent' },
  { reasoning_details: [{ type: 'reasoning.text', text: 'hm', signature: 's' }] },
  { reasoning_details: [{ type: 'reasoning.encrypted', data: 'd' }] },
  { thinking_blocks: [thought('s')], provider_specific_fields: { anthropic: { model: 'claude-opus-5-5' } } },
);

/** A native answer to a search, as Anthropic returned it. */
const search = [
  { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'sea' } },
  {
    type: 'web_search_tool_result',
    tool_use_id: 'srvtoolu_1',
    content: [
      { type: 'web_search_result', url: 'https://sea.example', title: 'Sea', encrypted_content: 'E' },
    ],
  },
];
const native = fc.constantFrom('end_turn', 'pause_turn', 'refusal').map((stop_reason) => ({
  content: 'The sea.',
  provider_specific_fields: {
    anthropic: {
      model: 'claude-sonnet-5-5',
      stop_reason,
      content: [thought('s'), ...search, text('The '), text('sea.')],
    },
  },
}));

const nativePart = fc.constantFrom<RawRequest>(
  { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PNG } },
  {
    type: 'document',
    source: { type: 'text', media_type: 'text/plain', data: 'hi' },
    citations: { enabled: true },
  },
  {
    type: 'search_result',
    source: 'https://sea.example',
    title: 'Sea',
    content: [{ ...text('Blue.'), citations: [{ type: 'char_location', cited_text: 'B' }] }],
  },
  { ...text('cited'), citations: [{ type: 'char_location', cited_text: 'c' }] },
  {
    type: 'file',
    file: { file_data: 'aGk=', filename: 'a.txt' },
    title: 'A',
    context: 'about',
    citations: { enabled: true },
  },
);

/** A change of one message, by its role. */
const changes: Readonly<Record<string, fc.Arbitrary<RawRequest>>> = {
  assistant: fc.oneof({ weight: 4, arbitrary: signed }, { weight: 1, arbitrary: native }),
  tool: fc.oneof(
    fc.constantFrom<RawRequest>({ is_error: true }, { is_error: false }),
    fc.constant({ content: [{ type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}` } }] }),
  ),
  user: fc
    .tuple(fc.array(nativePart, { minLength: 1, maxLength: 2 }), plainText)
    .map(([parts, words]) => ({ content: [...parts, text(words)] })),
};
const marked = mark.map((cache_control): RawRequest => ({ cache_control }));

/** The message as it is, or in one case of four with something that OpenAI's reference does not know. */
export function extended(message: RawRequest): fc.Arbitrary<RawRequest> {
  const change = changes[String(message['role'])];
  return fc
    .option(change ? fc.oneof({ weight: 3, arbitrary: change }, marked) : marked, { freq: 3, nil: {} })
    .map((more) => ({ ...message, ...more }));
}

const thinking = fc.constantFrom(
  { type: 'adaptive' },
  { type: 'adaptive', display: 'summarized' },
  { type: 'enabled', budget_tokens: 3000 },
  { type: 'disabled' },
  { type: 'between_tools' },
);

/** Native fields that a request may have at the top level or in its `anthropic` bag. */
const field: fc.Arbitrary<RawRequest> = fc.oneof(
  thinking.map((each) => ({ thinking: each })),
  mark.map((cache_control) => ({ cache_control })),
  fc.constantFrom<RawRequest>(
    { output_config: { effort: 'high' } },
    { output_config: { format: { type: 'json_schema', schema: { type: 'object' } } } },
    { output_format: { type: 'json_schema', schema: { type: 'object' } } },
    { top_k: 5 },
    { speed: 'fast' },
    { service_tier: 'standard_only' },
    { metadata: { user_id: 'u-3' } },
    { container: 'container_1' },
    { inference_geo: 'us' },
    { diagnostics: { previous_message_id: 'msg_1' } },
    { user_profile_id: 'p', workspace_id: 'w' },
    { betas: ['context-1m-2025-08-07', 'pdfs-2024-09-25'] },
    { mcp_servers: [{ type: 'url', name: 'm', url: 'https://mcp.example' }] },
    { context_management: { edits: [{ type: 'clear_tool_uses_20250919' }] } },
  ),
);
const bagOnly = fc.constantFrom<RawRequest>({ prewarm: true }, { prefill: 'convert' }, { unheard_of: 1 });
const outside = fc.oneof(
  fc.constantFrom<RawRequest>(
    { include_reasoning: true },
    { reasoning: { exclude: false } },
    { reasoning: { effort: 'low' } },
  ),
  anyText.map((value) => ({ unheard_of: value })),
);

/** Native extensions of a whole request. */
export const requestExtensions: fc.Arbitrary<RawRequest> = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: field },
      { weight: 3, arbitrary: fc.oneof(field, bagOnly).map((bag) => ({ anthropic: bag })) },
      { weight: 2, arbitrary: outside },
    ),
    { maxLength: 2 },
  )
  .map((list) => Object.assign({}, ...list));

/** Tools that Anthropic brings along. */
export const nativeTools: fc.Arbitrary<readonly RawRequest[]> = fc.subarray<RawRequest>(
  [
    { type: 'bash_20250124', name: 'bash' },
    { type: 'text_editor_20250728', name: 'str_replace_based_edit_tool' },
    { type: 'web_search_20250305', name: 'web_search', max_uses: 2 },
    { type: 'code_execution_20250825', name: 'code_execution' },
    { type: 'memory_20250818', name: 'memory' },
    {
      type: 'function',
      function: { name: 'late' },
      defer_loading: true,
      cache_control: { type: 'ephemeral' },
    },
    { type: 'function', function: { name: 'shown', input_examples: [{}], allowed_callers: ['direct'] } },
  ],
  { maxLength: 2 },
);
