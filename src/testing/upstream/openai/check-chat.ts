import { isObject, listOf, objectOf } from '../read-json.ts';
import { checkChatMessages } from './check-chat-messages.ts';
import { checkChatParams } from './check-chat-params.ts';
import { checkFunctions } from './check-functions.ts';
import { checkStrictSchema } from './check-strict-schema.ts';
import { type Complaint, complain, firstComplaint, missing, unknownKey } from './complaint.ts';

type Body = Readonly<Record<string, unknown>>;

/** Top-level fields of Chat Completions (`openai` 7.57, `ChatCompletionCreateParamsBase` and `stream`). */
const fields: ReadonlySet<string> = new Set(
  `messages model audio frequency_penalty function_call functions logit_bias logprobs max_completion_tokens
  max_tokens metadata modalities moderation n parallel_tool_calls prediction presence_penalty prompt_cache_key
  prompt_cache_options prompt_cache_retention reasoning_effort response_format safety_identifier seed service_tier
  stop store stream stream_options temperature tool_choice tools top_logprobs top_p user verbosity
  web_search_options`.split(/\s+/),
);

/**
 * What the API would hold against a chat request, or undefined.
 *
 * It checks what translations get wrong, not everything the API checks.
 */
export function checkChat(body: unknown): Complaint | undefined {
  if (!isObject(body)) return complain(null, null, 'We could not parse the JSON body of your request.');
  if (typeof body['model'] !== 'string' || body['model'] === '') {
    return complain(null, null, 'you must provide a model parameter');
  }
  return firstComplaint(
    () => unknownKey(body, fields),
    () => checkChatMessages(body['messages']),
    () => checkFunctions(body),
    () => checkChatParams(body),
    () => checkResponseFormat(body),
  );
}

/** JSON mode wants to be spoken of in the messages; a strict schema has rules of its own (RF-2, RF-5). */
function checkResponseFormat(body: Body): Complaint | undefined {
  const format = objectOf(body['response_format']);
  if (format['type'] === 'json_object') {
    const spoken = listOf(body['messages']).some((message) =>
      /json/i.test(JSON.stringify(objectOf(message)['content']) ?? ''),
    );
    if (spoken) return undefined;
    return complain(
      'messages',
      null,
      "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
    );
  }
  if (format['type'] !== 'json_schema') return undefined;
  const { name, schema, strict } = objectOf(format['json_schema']);
  if (typeof name !== 'string' || !/^[a-zA-Z0-9_-]{1,64}$/.test(name)) {
    return missing('response_format.json_schema.name');
  }
  if (strict !== true) return undefined;
  const fault = checkStrictSchema(schema);
  if (fault === undefined) return undefined;
  return complain('response_format', null, `Invalid schema for response_format '${name}': ${fault}`);
}
