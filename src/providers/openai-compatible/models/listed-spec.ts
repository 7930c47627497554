import {
  isRecord,
  type JsonObject,
  type ModelCapabilities,
  type ModelSpec,
} from '../../../provider-kit/index.ts';

/** Names of the context window: OpenRouter, Together and Fireworks, Groq, Mistral, vLLM. */
const WINDOWS = ['context_length', 'context_window', 'max_context_length', 'max_model_len'] as const;

/**
 * What a host's list of models says of one of them, and no more. OpenAI itself tells the id alone.
 *
 * @param provider - the host's name
 * @returns `undefined` for what is not a model
 */
export function listedSpec(info: unknown, provider: string): ModelSpec | undefined {
  if (!isRecord(info) || typeof info['id'] !== 'string' || info['id'] === '') return undefined;
  const contextWindow = WINDOWS.map((name) => info[name]).find(isCount);
  const maxOutputTokens = [info, inner(info, 'top_provider')]
    .map((each) => each['max_completion_tokens'])
    .find(isCount);
  const capabilities = listedCapabilities(info);
  const facts: Partial<ModelSpec> = {
    ...(contextWindow !== undefined && { contextWindow }),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    ...(Object.keys(capabilities).length > 0 && { capabilities }),
  };
  return {
    // Gemini lists its models under the path of its own API, and is asked for them without it.
    id: info['id'].replace(/^models\//, ''),
    provider,
    // Who tells nothing is no source for what is known already.
    ...(Object.keys(facts).length > 0 && { ...facts, source: 'GET /models' }),
  };
}

/** Mistral says yes and no; OpenRouter lists what may be sent, and what is not listed may not. */
function listedCapabilities(info: JsonObject): ModelCapabilities {
  const said = inner(info, 'capabilities');
  const params = info['supported_parameters'];
  const inputs = inner(info, 'architecture')['input_modalities'];
  const facts: Partial<Record<keyof ModelCapabilities, unknown>> = {
    tools: said['function_calling'] ?? holds(params, 'tools'),
    structuredOutput: holds(params, 'structured_outputs'),
    reasoning: said['reasoning'] ?? holds(params, 'reasoning'),
    vision: said['vision'] ?? holds(inputs, 'image'),
    pdf: holds(inputs, 'file'),
  };
  return Object.fromEntries(Object.entries(facts).filter(([, fact]) => typeof fact === 'boolean'));
}

function holds(list: unknown, word: string): boolean | undefined {
  return Array.isArray(list) ? list.includes(word) : undefined;
}

function inner(info: JsonObject, name: string): JsonObject {
  const value = info[name];
  return isRecord(value) ? value : {};
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0;
}
