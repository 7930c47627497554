import { z } from 'zod';
import type { WireBody } from '../../src/providers/anthropic/encode/claude-wire.ts';
import { conversationFaults } from './conversation-rules.ts';
import { assistantBlock, cacheControl, systemBlock, userBlock } from './messages-api-blocks.ts';

/**
 * The body of `POST /v1/messages`, version 2026-10-21, after the types of the vendor's SDK
 * (`MessageCreateParams` in `resources/messages/messages.d.ts`) and what the API is known to say about values.
 *
 * A second opinion: nothing here is taken from the encoder. Strict, as the API is: "Extra inputs are not permitted".
 */

const message = z.discriminatedUnion('role', [
  z.strictObject({ role: z.literal('user'), content: z.array(userBlock).min(1) }),
  z.strictObject({ role: z.literal('assistant'), content: z.array(assistantBlock).min(1) }),
  z.strictObject({ role: z.literal('system'), content: z.array(systemBlock).min(1) }),
]);

const extras = {
  allowed_callers: z.array(z.string()).optional(),
  cache_control: cacheControl.optional(),
  defer_loading: z.boolean().optional(),
  input_examples: z.array(z.record(z.string(), z.unknown())).optional(),
  strict: z.boolean().optional(),
};

/** "input_schema does not support oneOf, allOf, or anyOf at the top level" */
const inputSchema = z.looseObject({
  type: z.literal('object'),
  anyOf: z.undefined().optional(),
  oneOf: z.undefined().optional(),
  allOf: z.undefined().optional(),
});
const clientTool = z.strictObject({
  type: z.literal('custom').optional(),
  name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/, 'tool names match ^[a-zA-Z0-9_-]{1,64}$'),
  description: z.string().min(1).optional(),
  input_schema: inputSchema,
  eager_input_streaming: z.boolean().optional(),
  ...extras,
});
/** Anthropic's own tools; each version has settings of its own. */
const serverTool = z.looseObject({
  type: z.string().regex(/^(?!custom$)[a-z0-9_]+$/),
  name: z.string().optional(),
  ...extras,
});

const parallel = { disable_parallel_tool_use: z.boolean().optional() };
const toolChoice = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('auto'), ...parallel }),
  z.strictObject({ type: z.literal('any'), ...parallel }),
  z.strictObject({ type: z.literal('tool'), name: z.string(), ...parallel }),
  z.strictObject({ type: z.literal('none') }),
]);

const display = { display: z.enum(['summarized', 'omitted']).nullish() };
const thinking = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('enabled'), budget_tokens: z.int().min(1024), ...display }),
  z.strictObject({ type: z.literal('adaptive'), ...display }),
  z.strictObject({ type: z.literal('between_tools') }),
  z.strictObject({ type: z.literal('disabled') }),
]);

const visible = z.string().regex(/\S/, 'must contain non-whitespace text');
const outputConfig = z.strictObject({
  effort: z.enum(['low', 'medium', 'high', 'xhigh', 'max']).nullish(),
  format: z.strictObject({ type: z.literal('json_schema'), schema: z.looseObject({}) }).nullish(),
});

const known = {
  model: z.string().min(1),
  max_tokens: z.int().min(0),
  messages: z.array(message).min(1).max(100_000),
  stream: z.boolean(),
  system: z
    .array(z.strictObject({ type: z.literal('text'), text: visible, cache_control: cacheControl.optional() }))
    .min(1)
    .optional(),
  tools: z
    .array(z.union([clientTool, serverTool]))
    .min(1)
    .optional(),
  tool_choice: toolChoice.optional(),
  thinking: thinking.optional(),
  output_config: outputConfig.optional(),
  stop_sequences: z.array(visible).min(1).optional(),
  metadata: z.strictObject({ user_id: z.string().max(256).optional() }).optional(),
  cache_control: cacheControl.optional(),
  container: z.union([z.string(), z.looseObject({})]).optional(),
  diagnostics: z.strictObject({ previous_message_id: z.string().nullish() }).optional(),
  inference_geo: z.string().optional(),
  service_tier: z.enum(['auto', 'standard_only']).optional(),
  speed: z.enum(['standard', 'fast']).optional(),
};

/** Fields that exist under a beta header only. */
const beta = {
  context_management: z.looseObject({}).optional(),
  compaction: z.looseObject({}).optional(),
  mcp_servers: z.array(z.looseObject({})).optional(),
  fallbacks: z.unknown().optional(),
  fallback_credit_token: z.string().optional(),
  thread: z.unknown().optional(),
  billing_policy: z.unknown().optional(),
};

/** Fields that version 2023-06-01 has besides, for models up to 4.6. */
const sampling = {
  temperature: z.number().min(0).max(1).optional(),
  top_p: z.number().min(0).max(1).optional(),
  top_k: z.int().min(1).optional(),
};

/** Which of the API's faces a body is meant for. */
export interface Face {
  /** Some beta header is sent. */
  readonly beta: boolean;
  /** Version 2023-06-01. */
  readonly legacy: boolean;
}

const shapes = {
  current: z.strictObject(known),
  beta: z.strictObject({ ...known, ...beta }),
  legacy: z.strictObject({ ...known, ...sampling }),
  betaLegacy: z.strictObject({ ...known, ...beta, ...sampling }),
};

/** What the Messages API would find wrong with a body, path by path; nothing when it is fine. */
export function bodyFaults(body: WireBody, face: Face): string[] {
  const shape = face.beta ? (face.legacy ? 'betaLegacy' : 'beta') : face.legacy ? 'legacy' : 'current';
  const { error } = shapes[shape].safeParse(body);
  const issues = (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
  return issues.length > 0 ? issues : conversationFaults(body);
}
