import {
  isRecord,
  type ProviderCall,
  ProviderError,
  readText,
  tokenCount,
} from '../../provider-kit/index.ts';
import type { ClaudeHost } from './claude-host.ts';
import { failed } from './claude-stream.ts';
import { encodeRequest } from './encode/index.ts';
import type { ErrorContext } from './errors.ts';
import { requireClaudeModel } from './models/resolve-claude.ts';

/** What the endpoint reads; anything else in its body is a 400 (SDK 1.12, `MessageCountTokensParams`). */
const COUNTED = ['model', 'messages', 'system', 'tools', 'tool_choice', 'thinking', 'output_config'] as const;

const MAX_BYTES = 64 * 1024;

/** How many input tokens Anthropic counts in a request: free, and with limits of its own. */
export async function countClaudeTokens(host: ClaudeHost, call: ProviderCall): Promise<number> {
  const { signal, connectMs, onSend } = call;
  const claude = requireClaudeModel(call.model, host.name);
  const encoded = encodeRequest(call.request, claude, host.encodeOptions(call));
  const apiKey = await host.reveal(call);
  const context: ErrorContext = {
    provider: host.name,
    model: claude.id,
    secrets: host.secrets(apiKey),
    lifecycle: claude.lifecycle,
    toCallerPath: (path) => encoded.blockMap.callerPath(path),
  };
  const body = Object.fromEntries(
    COUNTED.flatMap((field) => (encoded.body[field] === undefined ? [] : [[field, encoded.body[field]]])),
  );
  const beta = encoded.betas.length > 0 ? '?beta=true' : '';
  const response = await host.client.send({
    path: `/v1/messages/count_tokens${beta}`,
    body,
    headers: host.headers(apiKey, encoded),
    signal,
    connectMs,
    onSend,
  });
  try {
    if (response.status !== 200) throw await failed(response, context);
    return countIn(await readText(response, { provider: host.name, maxBytes: MAX_BYTES }), host.name);
  } finally {
    response.finish();
  }
}

function countIn(text: string, provider: string): number {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    // Said below.
  }
  const tokens = isRecord(answer) ? tokenCount(answer['input_tokens']) : undefined;
  if (tokens === undefined) {
    throw new ProviderError({ provider, code: 'bad_response', message: 'the answer holds no count' });
  }
  return tokens;
}
