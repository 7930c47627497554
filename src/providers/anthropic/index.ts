import {
  type Batch,
  type CheckCall,
  isRunestoneError,
  type Provider,
  type ProviderCall,
  readErrorText,
  type WireResponse,
} from '../../provider-kit/index.ts';
import { AnswerReader } from './answer-reader.ts';
import type { AnthropicOptions } from './anthropic-options.ts';
import { ClaudeHost } from './claude-host.ts';
import { type AnswerContext, MessageReducer } from './decode/message-reducer.ts';
import { effectiveMaxTokens, encodeRequest } from './encode/index.ts';
import { type ErrorContext, fromSdkError, messagesError } from './errors.ts';
import { requireClaudeModel, resolveClaudeModel } from './models/resolve-claude.ts';
import { modelSpecs } from './models/specs.ts';

export type { AnthropicOptions, ClientSettings, SdkClient, TranslationOptions } from './anthropic-options.ts';

/** A current model: fast, capable, and promised until 2027-09-28. */
const DEFAULT_MODEL = 'claude-sonnet-5-5';

/** Longest answer that is waited for whole; the SDK draws the same line (T-6, T-8). */
const MAX_WHOLE_TOKENS = 21_333;

/**
 * Claude, through the Messages API and its official SDK, which is loaded on the first request.
 *
 * @throws ConfigError when the key is missing or the base URL is not fit for one
 *
 * @example
 * new ProviderPool({ providers: [anthropic({ apiKey: process.env.ANTHROPIC_API_KEY! })] });
 */
export function anthropic(options: AnthropicOptions): Provider {
  const host = new ClaudeHost(options);
  return {
    name: host.name,
    module: 'anthropic',
    models: modelSpecs(),
    defaultModel: resolveClaudeModel(options.defaultModel ?? DEFAULT_MODEL)?.id ?? DEFAULT_MODEL,
    keys: host.keys.labels,
    resolveModel: (model) => resolveClaudeModel(model)?.id,
    answersWhole: (request, model) => {
      const known = resolveClaudeModel(model);
      return known !== undefined && effectiveMaxTokens(request, known) <= MAX_WHOLE_TOKENS;
    },
    stream: (call) => stream(host, call),
    check: (call) => check(host, call),
    close: () => host.client.close(),
  };
}

async function* stream(host: ClaudeHost, call: ProviderCall): AsyncGenerator<Batch> {
  const { name, keys, client } = host;
  const { signal, connectMs } = call;
  const model = requireClaudeModel(call.model, name);
  const encoded = encodeRequest(call.request, model, host.encodeOptions(call));
  const { betas, body, blockMap, reading, warnings } = encoded;
  if (warnings.length > 0) yield warnings.map((warning) => ({ type: 'warning', warning }));
  const apiKey = await keys.reveal(call.key, call.apiKey);
  // Completed when the head of the answer is in; one object throughout, since copying it costs more than filling it.
  const context: { -readonly [Fact in keyof AnswerContext]: AnswerContext[Fact] } = {
    provider: name,
    model: model.id,
    secrets: [apiKey],
    lifecycle: model.lifecycle,
    toCallerPath: (path) => blockMap.callerPath(path),
    upstreamRequestId: undefined,
    created: 0,
  };
  const path = betas.length > 0 ? '/v1/messages?beta=true' : '/v1/messages';
  const headers = host.headers(apiKey, encoded);
  const response = await sent(client.send({ path, body, headers, signal, connectMs }), context, signal);
  try {
    if (response.status !== 200) throw await failed(response, context);
    context.created = Math.floor(Date.now() / 1000);
    context.upstreamRequestId = response.headers.get('request-id') ?? undefined;
    const answer = new AnswerReader(response, new MessageReducer(reading, context), context);
    for (let batch = await answer.read(); batch; batch = await answer.read()) yield batch;
  } finally {
    response.finish();
  }
}

async function check(host: ClaudeHost, { signal, key, apiKey: own, connectMs }: CheckCall): Promise<void> {
  const apiKey = await host.keys.reveal(key, own);
  const context: ErrorContext = { provider: host.name, secrets: [apiKey] };
  const response = await host.client.get({
    path: '/v1/models?limit=1',
    headers: host.headers(apiKey),
    signal,
    connectMs,
  });
  try {
    if (response.status !== 200) throw await failed(response, context);
  } finally {
    response.finish();
  }
}

async function sent(
  answer: Promise<WireResponse>,
  context: ErrorContext,
  signal: AbortSignal,
): Promise<WireResponse> {
  try {
    return await answer;
  } catch (error) {
    if (signal.aborted || isRunestoneError(error)) throw error;
    throw fromSdkError(error, context);
  }
}

async function failed(response: WireResponse, context: ErrorContext): Promise<Error> {
  return messagesError(response.status, response.headers, await readErrorText(response), context);
}
