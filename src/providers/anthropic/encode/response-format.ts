import { isRecord } from '../../../provider-kit/index.ts';
import { type EncodeContext, refusal, warn } from './encode-context.ts';
import { loadProblem, schemaLoad, structuralProblem } from './schema-limits.ts';
import { dereference, describesObject, type Schema } from './schema-refs.ts';
import { strictSchema } from './strict-schema.ts';

/** What `response_format` became; at most one of the first three is set. */
export interface AnswerFormat {
  /** Goes to `output_config.format` (RF-3). */
  readonly format?: Readonly<Record<string, unknown>>;
  /** Goes to the end of the system prompt (RF-2). */
  readonly instruction?: string;
  /** Becomes the one tool whose call is the answer (RF-4). */
  readonly toolSchema?: Schema;
}

/**
 * Never changed: a changed system prompt invalidates cache and reasoning of a running conversation (T-10).
 */
const PLAIN_JSON = 'Respond with a single JSON object and nothing else.';

/**
 * Translates `response_format` (section 1.7).
 *
 * @throws ProviderError `invalid_request` for a schema that is no object, or that `strict` demands and nobody can keep
 */
export function answerFormat(context: EncodeContext): AnswerFormat {
  const asked = context.request.response_format;
  if (asked == null || asked.type === 'text') return {};
  if (asked.type === 'json_schema')
    return bySchema(context, asked.json_schema, 'response_format.json_schema');
  // Some clients put the schema beside `json_object`.
  const beside = asked['schema'];
  if (isRecord(beside)) return bySchema(context, { schema: beside }, 'response_format');
  return bestEffort(context, PLAIN_JSON);
}

/**
 * True when the answer has to come as the call of a synthetic tool, for want of structured outputs (RF-4).
 */
export function usesJsonTool(context: EncodeContext): boolean {
  const format = context.request.response_format;
  if (context.model.structuredOutputs || format == null || format.type === 'text') return false;
  return format.type === 'json_schema' ? isRecord(format.json_schema.schema) : isRecord(format['schema']);
}

/** A schema with its circumstances, from either of the two places it may stand in. */
interface Wanted {
  readonly schema?: Schema;
  readonly description?: string;
  /** True: rather refuse than answer without the guarantee. */
  readonly strict?: boolean | null;
}

/**
 * Constrained output for a schema. `strict` makes no difference to what is sent: what the schema constrains is
 * more than best effort in any case (RF-3). It only decides what becomes of a schema that cannot be kept.
 */
function bySchema(context: EncodeContext, wanted: Wanted, path: string): AnswerFormat {
  const { schema } = wanted;
  if (schema === undefined) return bestEffort(context, PLAIN_JSON);
  const root = dereference(schema, schema);
  if (!root || !describesObject(root)) {
    throw refusal(
      context,
      `${path}.schema`,
      'invalid_json_schema',
      'the root of the schema must be an object',
    );
  }
  const described = withDescription(schema, wanted.description);
  if (!context.model.structuredOutputs) return { toolSchema: described };
  const strict = strictSchema(described);
  const problem = structuralProblem(schema) ?? loadProblem(schemaLoad(strict));
  if (problem === undefined) return { format: { type: 'json_schema', schema: strict } };
  if (wanted.strict === true) {
    throw refusal(
      context,
      `${path}.schema`,
      'invalid_json_schema',
      `the schema ${problem}; not possible with strict`,
    );
  }
  // One string of the schema is what the rule asks for (RF-6).
  return bestEffort(context, `${PLAIN_JSON}\nIt must match this JSON schema:\n${JSON.stringify(schema)}`);
}

/** The format's description has no place of its own on the wire; a schema's own one is more exact (RF-3). */
function withDescription(schema: Schema, description: string | undefined): Schema {
  const isNews = typeof description === 'string' && description !== '' && !schema['description'];
  return isNews ? { ...schema, description } : schema;
}

/** No mode enforces it: the model is told, and an answer in a fence loses the fence (RF-2). */
function bestEffort(context: EncodeContext, instruction: string): AnswerFormat {
  warn(context, 'json_object_best_effort', 'response_format', 'JSON is asked for in words and not enforced');
  return { instruction };
}
