import { isRecord, type JsonObject } from '../../../provider-kit/index.ts';
import { type ChatContext, warnOf } from './chat-context.ts';
import { openaiStrictSchema } from './openai-schema.ts';

/**
 * Puts the schema of a strict `response_format` into the subset that the host demands, or takes `strict` away from
 * one that cannot be put there: an unconstrained answer is worth more than a 400, and its reader checks it.
 */
export function fitStrictSchema(context: ChatContext, format: JsonObject): void {
  const wanted = format['json_schema'];
  if (context.quirks.strictSubset !== true || !isRecord(wanted) || wanted['strict'] !== true) return;
  if (!isRecord(wanted['schema'])) return;
  const { schema, problem } = openaiStrictSchema(wanted['schema']);
  if (problem !== undefined) {
    const message = `the schema ${problem}, which strict mode does not take; sent without`;
    warnOf(context, 'response_format.json_schema.strict', message, 'strict_dropped');
  }
  context.params.set('response_format', {
    ...format,
    json_schema: { ...wanted, schema, strict: problem === undefined },
  });
}
