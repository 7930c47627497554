import type { CheckCall, Provider } from '../../provider-kit/index.ts';
import type { AnthropicOptions } from './anthropic-options.ts';
import { checkOptions } from './check-options.ts';
import { ClaudeHost } from './claude-host.ts';
import { ClaudeStream, failed } from './claude-stream.ts';
import { countClaudeTokens } from './count-claude-tokens.ts';
import { effectiveMaxTokens } from './encode/index.ts';
import type { ErrorContext } from './errors.ts';
import { listClaudeModels } from './list-claude-models.ts';
import { resolveClaudeModel } from './models/resolve-claude.ts';
import { modelSpecs } from './models/specs.ts';

export type {
  AnthropicOptions,
  ClientFactory,
  ClientSettings,
  SdkClient,
  TranslationOptions,
} from './anthropic-options.ts';

/** A current model: fast, capable, and promised until 2027-09-28. */
const DEFAULT_MODEL = 'claude-sonnet-5-5';

/** Longest answer that is waited for whole; the SDK draws the same line (T-6, T-8). */
const MAX_WHOLE_TOKENS = 21_333;

/**
 * Claude, through the Messages API and its official SDK, which is loaded on the first request.
 *
 * With a `client` of your own it is reached elsewhere. Then there is neither health check nor catalogue: not every
 * host lists models.
 *
 * @throws ConfigError when the key is missing, the base URL is not fit for one, or an option does not exist
 *
 * @example
 * new ProviderPool({ providers: [anthropic({ apiKey: process.env.ANTHROPIC_API_KEY! })] });
 */
export function anthropic(options: AnthropicOptions): Provider {
  checkOptions(options);
  const host = new ClaudeHost(options);
  return {
    name: host.name,
    module: 'anthropic',
    models: modelSpecs(),
    defaultModel: resolveClaudeModel(options.defaultModel ?? DEFAULT_MODEL)?.id ?? DEFAULT_MODEL,
    ...(host.keyLabels && { keys: host.keyLabels }),
    tellsSending: true,
    resolveModel: (model) => resolveClaudeModel(host.modelOf(model))?.id,
    answersWhole: (request, model) => {
      const known = resolveClaudeModel(model);
      // A retired model may be replaced by one that answers at greater length.
      if (!known || known.lifecycle.status === 'retired') return false;
      return effectiveMaxTokens(request, known) <= MAX_WHOLE_TOKENS;
    },
    stream: (call) => new ClaudeStream(host, call),
    countTokens: (call) => countClaudeTokens(host, call),
    ...(options.client === undefined && {
      check: (call: CheckCall) => check(host, call),
      listModels: (call: CheckCall) => listClaudeModels(host, call),
    }),
    close: () => host.client.close(),
  };
}

async function check(host: ClaudeHost, call: CheckCall): Promise<void> {
  const { signal, connectMs } = call;
  const apiKey = await host.reveal(call);
  const context: ErrorContext = { provider: host.name, secrets: host.secrets(apiKey) };
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
