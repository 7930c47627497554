import {
  ApiKeys,
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
import { AnthropicClient } from './client.ts';
import { type AnswerContext, MessageReducer } from './decode/message-reducer.ts';
import type { EncodedRequest } from './encode/encode-options.ts';
import { effectiveMaxTokens, encodeRequest } from './encode/index.ts';
import { type ErrorContext, fromSdkError, messagesError } from './errors.ts';
import { requireClaudeModel, resolveClaudeModel } from './models/resolve-claude.ts';
import { modelSpecs } from './models/specs.ts';

export type { AnthropicOptions, ClientSettings, SdkClient, TranslationOptions } from './anthropic-options.ts';

/** A current model: fast, capable, and promised until 2027-09-28. */
const DEFAULT_MODEL = 'claude-sonnet-5-5';

/** Longest answer that is waited for whole; the SDK draws the same line (T-6, T-8). */
const MAX_WHOLE_TOKENS = 21_333;

/** The version whose rules the translation follows (T-1). */
const API_VERSION = '2026-10-21';

/**
 * Claude, through the Messages API and its official SDK, which is loaded on the first request.
 *
 * @throws ConfigError when the key is missing or the base URL is not fit for one
 *
 * @example
 * new ProviderPool({ providers: [anthropic({ apiKey: process.env.ANTHROPIC_API_KEY! })] });
 */
export function anthropic(options: AnthropicOptions): Provider {
  const name = options.name ?? 'anthropic';
  const keys = new ApiKeys(name, options.apiKey);
  const client = new AnthropicClient(name, options);
  const host: Host = { name, options, keys, client };
  return {
    name,
    module: 'anthropic',
    models: modelSpecs(),
    defaultModel: resolveClaudeModel(options.defaultModel ?? DEFAULT_MODEL)?.id ?? DEFAULT_MODEL,
    keys: keys.labels,
    resolveModel: (model) => resolveClaudeModel(model)?.id,
    answersWhole: (request, model) => {
      const known = resolveClaudeModel(model);
      return known !== undefined && effectiveMaxTokens(request, known) <= MAX_WHOLE_TOKENS;
    },
    stream: (call) => stream(host, call),
    check: (call) => check(host, call),
    close: () => client.close(),
  };
}

interface Host {
  readonly name: string;
  readonly options: AnthropicOptions;
  readonly keys: ApiKeys;
  readonly client: AnthropicClient;
}

async function* stream(host: Host, call: ProviderCall): AsyncGenerator<Batch> {
  const { name, options, keys, client } = host;
  const { stream, strict, retiredModels, signal, connectMs } = call;
  const model = requireClaudeModel(call.model, name);
  const encoded = encodeRequest(call.request, model, {
    ...options,
    provider: name,
    stream,
    strict,
    retiredModels,
  });
  if (encoded.warnings.length > 0) yield encoded.warnings.map((warning) => ({ type: 'warning', warning }));
  const apiKey = await keys.reveal(call.key, call.apiKey);
  // Completed when the head of the answer is in; one object throughout, since copying it costs more than filling it.
  const context: { -readonly [Fact in keyof AnswerContext]: AnswerContext[Fact] } = {
    provider: name,
    model: model.id,
    secrets: [apiKey],
    lifecycle: model.lifecycle,
    toCallerPath: (path) => encoded.blockMap.callerPath(path),
    upstreamRequestId: undefined,
    created: 0,
  };
  const response = await sent(
    client.send({
      path: encoded.betas.length > 0 ? '/v1/messages?beta=true' : '/v1/messages',
      body: encoded.body,
      headers: headersOf(options, encoded),
      apiKey,
      signal,
      connectMs,
    }),
    context,
    signal,
  );
  try {
    if (response.status !== 200) throw await failed(response, context);
    context.created = Math.floor(Date.now() / 1000);
    context.upstreamRequestId = response.headers.get('request-id') ?? undefined;
    const answer = new AnswerReader(response, new MessageReducer(encoded.reading, context), context);
    for (let batch = await answer.read(); batch; batch = await answer.read()) yield batch;
  } finally {
    response.finish();
  }
}

async function check(
  { name, options, keys, client }: Host,
  { signal, key, apiKey: own, connectMs }: CheckCall,
): Promise<void> {
  const apiKey = await keys.reveal(key, own);
  const context: ErrorContext = { provider: name, secrets: [apiKey] };
  const headers = { ...options.headers, 'anthropic-version': options.apiVersion ?? API_VERSION };
  const response = await client.get('/v1/models?limit=1', { apiKey, headers, signal, connectMs });
  try {
    if (response.status !== 200) throw await failed(response, context);
  } finally {
    response.finish();
  }
}

/** T-4: a name given here wins over one from the environment, and `null` keeps it out. */
function headersOf(
  { headers, apiVersion }: AnthropicOptions,
  encoded: EncodedRequest,
): Record<string, string | null> {
  return {
    ...headers,
    ...encoded.headers,
    'anthropic-version': apiVersion ?? API_VERSION,
    'anthropic-beta': encoded.betas.length > 0 ? encoded.betas.join(',') : null,
  };
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
