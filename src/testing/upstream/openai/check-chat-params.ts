import { objectOf } from '../read-json.ts';
import { type Complaint, complain, firstComplaint, unknownKey, wrongType } from './complaint.ts';

type Body = Readonly<Record<string, unknown>>;

/** Numbers with their bounds (`openai` 7.57, comments of `ChatCompletionCreateParamsBase`). */
const ranges: Readonly<Record<string, readonly [number, number]>> = {
  frequency_penalty: [-2, 2],
  max_completion_tokens: [1, Number.MAX_SAFE_INTEGER],
  max_tokens: [1, Number.MAX_SAFE_INTEGER],
  presence_penalty: [-2, 2],
  temperature: [0, 2],
  top_logprobs: [0, 20],
  top_p: [0, 1],
};

/** Most stop sequences of one request. */
const MAX_STOPS = 4;

/** What the API would hold against everything that is neither message nor tool. */
export function checkChatParams(body: Body): Complaint | undefined {
  return firstComplaint(
    () => checkStreamOptions(body),
    () => checkRanges(body),
    () => checkStop(body['stop']),
    () => checkReasoning(body),
  );
}

/** Options of a stream belong to a stream. */
function checkStreamOptions({ stream, stream_options: options }: Body): Complaint | undefined {
  if (options === undefined || options === null) return undefined;
  if (stream !== true) {
    return complain(
      'stream_options',
      null,
      "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
    );
  }
  return unknownKey(objectOf(options), new Set(['include_usage', 'include_obfuscation']), 'stream_options');
}

function checkRanges(body: Body): Complaint | undefined {
  for (const [name, [min, max]] of Object.entries(ranges)) {
    const value = body[name];
    if (value === undefined || value === null) continue;
    if (typeof value !== 'number') return wrongType(name, 'a number');
    if (value >= min && value <= max) continue;
    const side = value < min ? 'below minimum' : 'above maximum';
    return complain(
      name,
      value < min ? 'integer_below_min_value' : 'integer_above_max_value',
      `Invalid '${name}': number ${side} value. Expected a value ${value < min ? `>= ${min}` : `<= ${max}`}, but got ${value} instead.`,
    );
  }
  return undefined;
}

function checkStop(stop: unknown): Complaint | undefined {
  if (!Array.isArray(stop) || stop.length <= MAX_STOPS) return undefined;
  return complain(
    'stop',
    'array_above_max_length',
    `Invalid 'stop': array too long. Expected an array with maximum length ${MAX_STOPS}, but got an array with length ${stop.length} instead.`,
  );
}

/** Models that think before they answer: they have no sampling, and another name for the limit. */
const reasoningModel = /^(o\d|gpt-[56](?!.*chat))/;

function checkReasoning(body: Body): Complaint | undefined {
  if (typeof body['max_tokens'] === 'number' && typeof body['max_completion_tokens'] === 'number') {
    return complain(
      'max_tokens',
      'invalid_parameter_combination',
      "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.",
    );
  }
  if (!reasoningModel.test(String(body['model']))) return undefined;
  if (typeof body['max_tokens'] === 'number') {
    return complain(
      'max_tokens',
      'unsupported_parameter',
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
    );
  }
  if (body['reasoning_effort'] === 'none') return undefined;
  // 1 is what these models do anyway; it passes.
  const sampled = ['temperature', 'top_p'].find((name) => typeof body[name] === 'number' && body[name] !== 1);
  const refused = sampled ?? ['logprobs', 'top_logprobs', 'logit_bias'].find((name) => body[name]);
  if (refused === undefined) return undefined;
  return complain(
    refused,
    sampled ? 'unsupported_value' : 'unsupported_parameter',
    sampled
      ? `Unsupported value: '${refused}' does not support ${body[refused]} with this model. Only the default (1) value is supported.`
      : `Unsupported parameter: '${refused}' is not supported with this model.`,
  );
}
