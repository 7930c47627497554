import type {
  CallOptions,
  ChatRequest,
  ReasoningEffort,
  ResponseFormat,
  Tool,
  ToolChoice,
} from '../index.ts';
import { NAME, readPrompt } from './read-prompt.ts';
import type { CallOptionsV4, ToolV4, WarningV4 } from './spec.ts';

/** What a call of the AI SDK asks of the pool. */
export interface Call {
  readonly request: ChatRequest;
  readonly options: CallOptions;
  readonly warnings: WarningV4[];
}

const EFFORTS: readonly string[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];

/** Those of the pool's call options that a caller may set through `providerOptions.runestone.call`. */
const CALL_OPTIONS = [
  'tenant',
  'priority',
  'sessionId',
  'deadlineMs',
  'requestId',
  'metadata',
  'strict',
  'provider',
  'maxCostUsd',
] as const;

/**
 * A call in the words of the OpenAI API. Fields under `providerOptions.runestone` are added to the request as they
 * are; those under its `call` are options of the call.
 */
export function callOf(modelId: string, options: CallOptionsV4): Call {
  const { call, ...fields } = options.providerOptions?.[NAME] ?? {};
  const tools = options.tools?.filter(({ type }) => type === 'function') ?? [];
  const strangers = options.tools?.filter(({ type }) => type !== 'function') ?? [];
  const request: ChatRequest = {
    model: modelId,
    messages: readPrompt(options.prompt),
    ...known({
      max_completion_tokens: options.maxOutputTokens,
      temperature: options.temperature,
      top_p: options.topP,
      top_k: options.topK,
      presence_penalty: options.presencePenalty,
      frequency_penalty: options.frequencyPenalty,
      seed: options.seed,
      stop: options.stopSequences,
      response_format: formatOf(options.responseFormat),
      tools: tools.length > 0 ? tools.map(toolOf) : undefined,
      tool_choice: tools.length > 0 ? choiceOf(options.toolChoice) : undefined,
      reasoning_effort: effortOf(options.reasoning),
    }),
    ...fields,
  };
  return {
    request,
    options: {
      ...Object.fromEntries(CALL_OPTIONS.flatMap((key) => entryOf(call, key))),
      ...(options.abortSignal && { signal: options.abortSignal }),
    },
    warnings: strangers.map(({ name }) => ({
      type: 'other',
      message: `${name}: a tool that a provider executes is not passed on`,
    })),
  };
}

function entryOf(call: unknown, key: string): [string, unknown][] {
  const value: unknown = Object(call)[key];
  return value === undefined ? [] : [[key, value]];
}

function known(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** The schema goes as it is: whether a host takes it is decided by the translation, which also says so. */
function toolOf({ name, description, inputSchema, strict }: ToolV4): Tool {
  const parameters = Object(inputSchema);
  return {
    type: 'function',
    function: {
      name,
      parameters,
      ...(description && { description }),
      ...(strict !== undefined && { strict }),
    },
  };
}

function choiceOf(choice: CallOptionsV4['toolChoice']): ToolChoice | undefined {
  if (!choice) return undefined;
  return choice.type === 'tool' ? { type: 'function', function: { name: choice.toolName } } : choice.type;
}

/** A schema is asked for strictly, since the AI SDK checks the answer against it anyway. */
function formatOf(format: CallOptionsV4['responseFormat']): ResponseFormat | undefined {
  if (format?.type !== 'json') return undefined;
  const { schema, name = 'response', description } = format;
  if (schema === undefined) return { type: 'json_object' };
  return {
    type: 'json_schema',
    json_schema: { name, schema: Object(schema), strict: true, ...(description && { description }) },
  };
}

/** `provider-default`, and words of a later specification, leave the choice to the provider. */
function effortOf(reasoning: string | undefined): ReasoningEffort | undefined {
  return isEffort(reasoning) ? reasoning : undefined;
}

function isEffort(word: string | undefined): word is ReasoningEffort {
  return word !== undefined && EFFORTS.includes(word);
}
