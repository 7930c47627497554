import type { ChatRequest } from '../../../provider-kit/index.ts';
import type { ClaudeModel } from '../models/claude-model.ts';
import type { ReadingOptions } from '../reading.ts';
import { isRepaired } from '../repairs.ts';
import { createBlockMap } from './block-map.ts';
import type { WireBody } from './claude-wire.ts';
import { createContext, type EncodeContext, warn } from './encode-context.ts';
import type { EncodedRequest, EncodeOptions } from './encode-options.ts';
import { endUser } from './end-user.ts';
import { noticeModel, targetModel } from './model-notice.ts';
import { nativeFields, nativeHeaders } from './native-fields.ts';
import { asksForNoCap, capPath, outputCap } from './output-cap.ts';
import { checkPlainParams, stopSequences } from './plain-params.ts';
import { encodePrompt, type Prompt } from './prompt.ts';
import { sampling } from './sampling.ts';
import { service } from './service-tier.ts';
import { stripThinking } from './strip-thinking.ts';
import { exposesReasoning } from './thinking.ts';
import type { Turn } from './turns.ts';
import { wellFormedJson } from './well-formed.ts';

export type { BlockMap } from './block-map.ts';
export type { WireBlock, WireBody, WireMessage, WireTool, WireToolChoice } from './claude-wire.ts';
export type { EncodedRequest, EncodeOptions } from './encode-options.ts';
export { targetModel } from './model-notice.ts';
export { effectiveMaxTokens } from './output-cap.ts';

const STRIPPED = 'upstream refused the reasoning of earlier turns; it was left out of this request';

/** Most bytes that a serialised body may have (REQ-41). Above it the API answers 413, at times not in JSON. */
export const MAX_BODY_BYTES: number = 32 * 1024 * 1024;

/**
 * Translates a chat request for the Messages API (section 1 of the translation contract).
 *
 * A pure function of its arguments: translating a longer conversation gives the shorter one's translation as its
 * prefix (T-10). Never changes the request; shares with it what needs no change.
 *
 * @throws ProviderError `invalid_request` for what cannot be sent, or with `strict` for what would be weakened;
 *   `model_not_found` for a retired model when `retiredModels` is `reject`
 */
export function encodeRequest(
  request: ChatRequest,
  model: ClaudeModel,
  options: EncodeOptions,
): EncodedRequest {
  const stripped = isRepaired(options.repairs, 'strip_thinking') ? stripThinking(request) : request;
  const context = createContext(stripped, targetModel(model, options), options);
  // Cheap checks first: what is refused should not have cost the translation of its history.
  noticeModel(context, model);
  if (stripped !== request) warn(context, 'thinking_stripped', 'messages', STRIPPED);
  checkPlainParams(context);
  const native = nativeFields(context);
  const maxTokens = outputCap(context);
  const prompt = encodePrompt(context, maxTokens);
  const body = assemble(context, maxTokens, prompt, native);
  return {
    body: wellFormedJson(body),
    betas: [...context.betas],
    headers: nativeHeaders(context),
    warnings: context.warnings,
    reading: readingOf(context, prompt),
    repairs: {
      stripThinking: prompt.replaysThinking && !options.strict,
      capOutput: asksForNoCap(stripped) && !isRepaired(options.repairs, 'cap_output'),
    },
    blockMap: createBlockMap(prompt.turns, prompt.system, prompt.toolPaths, capPath(request)),
  };
}

/**
 * Only fields that are known to the API, by name: a spread of the request would send what it refuses (T-1,
 * REQ-37).
 */
function assemble(
  context: EncodeContext,
  maxTokens: number,
  prompt: Prompt,
  native: Readonly<Record<string, unknown>>,
): WireBody {
  const { id } = context.model;
  const body: Record<string, unknown> & Pick<WireBody, 'model' | 'max_tokens' | 'messages' | 'stream'> = {
    model: context.options.modelIds?.[id] ?? id,
    max_tokens: maxTokens,
    messages: prompt.turns.map(messageOf),
    stream: context.options.stream,
  };
  const type = prompt.thinking?.type;
  if (prompt.system.length > 0) body['system'] = prompt.system.map(({ block }) => block);
  if (prompt.tools.length > 0) body['tools'] = prompt.tools;
  add(body, {
    tool_choice: prompt.choice,
    thinking: prompt.thinking,
    output_config: prompt.outputConfig,
    stop_sequences: stopSequences(context),
    metadata: endUser(context),
    cache_control: prompt.automaticCache,
  });
  add(body, sampling(context, type === 'enabled' || type === 'adaptive'));
  add(body, service(context));
  add(body, native);
  return body;
}

/** Only what is there: the SDK would send `null`, and a conditional spread for each field costs more than the rest. */
function add(body: Record<string, unknown>, fields: object): void {
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) body[name] = value;
}

/** The turn without the paths it came from. */
function messageOf({ role, entries }: Turn): WireBody['messages'][number] {
  return { role, content: entries.map(({ block }) => block) };
}

/** What has to be undone in the answer: aliases, emulated tools, fences. */
function readingOf(context: EncodeContext, prompt: Prompt): ReadingOptions {
  const { functions } = context.request;
  return {
    toolNames: prompt.aliases,
    customTools: prompt.customTools,
    jsonTool: prompt.usesJsonTool,
    legacyFunctions: Array.isArray(functions) && functions.length > 0,
    ephemeralPrompt: prompt.isEphemeral,
    exposeReasoning: exposesReasoning(context),
    // Only who wants no stream can be given an answer without its fence: it is held back to the end.
    jsonFence: prompt.isBestEffortJson && context.request.stream !== true,
  };
}
