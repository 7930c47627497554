import { isRecord } from '../../../provider-kit/index.ts';
import { type ChatContext, warnOf } from './chat-context.ts';
import { fitStrictSchema } from './strict-format.ts';

/** DeepSeek refuses JSON mode unless the word stands in the prompt. */
const ONLY_JSON = 'Answer with JSON only: one JSON object, without a code fence or a word beside it.';

/**
 * Fits `response_format` to what the host can do.
 *
 * @returns an instruction for the prompt, where the format has to be asked for in words
 */
export function fitFormat(context: ChatContext): string | undefined {
  const { params, quirks } = context;
  const format = params.get('response_format');
  const type = isRecord(format) ? format['type'] : undefined;
  const able = quirks.jsonSchema ?? 'json_schema';
  if (!isRecord(format) || type === 'text') return undefined;
  if (able === 'json_schema') {
    fitStrictSchema(context, format);
    return undefined;
  }
  if (type === 'json_object' && able === 'json_object') return undefined;
  warnOf(
    context,
    'response_format',
    'asked for in the prompt: this host cannot hold an answer to a schema',
    'json_object_best_effort',
  );
  if (able === 'none') params.delete('response_format');
  else params.set('response_format', { type: 'json_object' });
  return instruction(format['json_schema']);
}

function instruction(wanted: unknown): string {
  const { schema, description } = isRecord(wanted) ? wanted : {};
  const about = typeof description === 'string' && description !== '' ? ` It is: ${description}.` : '';
  const valid = isRecord(schema)
    ? ` It has to be valid against this JSON schema: ${JSON.stringify(schema)}`
    : '';
  return `${ONLY_JSON}${about}${valid}`;
}
