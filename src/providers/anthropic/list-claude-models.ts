import {
  type CheckCall,
  isRecord,
  type ModelSpec,
  ProviderError,
  readText,
} from '../../provider-kit/index.ts';
import type { ClaudeHost } from './claude-host.ts';
import { failed } from './claude-stream.ts';
import type { ErrorContext } from './errors.ts';
import { liveSpec } from './models/live-spec.ts';

/** All of them on one page. Retired models appear only when they are asked for (SDK 1.12, `ModelListParams`). */
const EVERY_MODEL =
  '/v1/models?limit=1000&lifecycle%5B%5D=active&lifecycle%5B%5D=deprecated&lifecycle%5B%5D=retired';

const MAX_BYTES = 4 * 1024 * 1024;

/** What Anthropic's Models API says of each model today (MOD-6). */
export async function listClaudeModels(host: ClaudeHost, call: CheckCall): Promise<readonly ModelSpec[]> {
  const { signal, connectMs } = call;
  const apiKey = await host.reveal(call);
  const context: ErrorContext = { provider: host.name, secrets: host.secrets(apiKey) };
  const headers = host.headers(apiKey);
  const response = await host.client.get({ path: EVERY_MODEL, headers, signal, connectMs });
  try {
    if (response.status !== 200) throw await failed(response, context);
    return modelsIn(await readText(response, { provider: host.name, maxBytes: MAX_BYTES }), host.name);
  } finally {
    response.finish();
  }
}

function modelsIn(text: string, provider: string): readonly ModelSpec[] {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    // Told below.
  }
  const data = isRecord(answer) ? answer['data'] : undefined;
  if (!Array.isArray(data)) {
    throw new ProviderError({
      provider,
      code: 'bad_response',
      message: 'the answer holds no list of models',
    });
  }
  return data.flatMap((info) => liveSpec(info) ?? []);
}
