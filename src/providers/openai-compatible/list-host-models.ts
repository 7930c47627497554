import { type CheckCall, isRecord, type ModelSpec, readText } from '../../provider-kit/index.ts';
import { failedCall } from './completion-stream.ts';
import { type ChatErrorContext, notAnAnswer } from './errors.ts';
import { listedSpec } from './models/listed-spec.ts';
import type { OpenAIHost } from './openai-host.ts';

/** The longest list there is, OpenRouter's, has about 1 MB. */
const MAX_BYTES = 16 * 1024 * 1024;

/** The models that a host lists today, with what it says of them. */
export async function listHostModels(host: OpenAIHost, call: CheckCall): Promise<readonly ModelSpec[]> {
  const apiKey = await host.reveal(call);
  const context: ChatErrorContext = { provider: host.name, secrets: host.secrets(apiKey) };
  const response = await host.listModels(apiKey, call.signal, call.connectMs);
  if (response.status !== 200) throw await failedCall(response, context);
  try {
    const text = await readText(response, { provider: host.name, maxBytes: MAX_BYTES });
    return modelsIn(text).flatMap((info) => listedSpec(info, host.name) ?? []);
  } catch (error) {
    // The parser's own message quotes the text.
    throw error instanceof SyntaxError ? notAnAnswer(context, 'the answer holds no list of models') : error;
  } finally {
    response.finish();
  }
}

/** Under `data`, or bare (Together). @throws SyntaxError when there is no list */
function modelsIn(text: string): readonly unknown[] {
  const answer: unknown = JSON.parse(text);
  const data = isRecord(answer) ? answer['data'] : answer;
  if (!Array.isArray(data)) throw new SyntaxError('no list');
  return data;
}
