import * as z from 'zod';

/**
 * What a Responses request must look like, as far as it is read here. Known fields have their types, so that a fault
 * is told at the client's path; the rest is the pool's to check, or nobody's.
 *
 * @see https://platform.openai.com/docs/api-reference/responses/create
 */

const record = z.record(z.string(), z.unknown());
const content = z.union([z.string(), z.array(z.looseObject({ type: z.string() }))]);
const name = z.string().min(1);

/** By the type of an item; one without a type is a message. */
const items: Readonly<Record<string, z.ZodType>> = {
  message: z.looseObject({ role: z.enum(['user', 'assistant', 'system', 'developer']), content }),
  function_call: z.looseObject({ call_id: name, name, arguments: z.string() }),
  function_call_output: z.looseObject({ call_id: name, output: content }),
  custom_tool_call: z.looseObject({ call_id: name, name, input: z.string() }),
  custom_tool_call_output: z.looseObject({ call_id: name, output: content }),
};

/** By the type of a tool; others are refused by their name, later. */
const tools: Readonly<Record<string, z.ZodType>> = {
  function: z.looseObject({ name, parameters: record.nullish(), strict: z.boolean().nullish() }),
  custom: z.looseObject({ name, format: z.looseObject({ type: z.string() }).nullish() }),
};

/** By the type of a format. */
const formats: Readonly<Record<string, z.ZodType>> = {
  json_schema: z.looseObject({ name, schema: record, strict: z.boolean().nullish() }),
};

/** An object that is checked by the schema of its type. */
function typed(schemas: Readonly<Record<string, z.ZodType>>, otherwise = ''): z.ZodType {
  return z.looseObject({ type: z.string().nullish() }).superRefine((value, context) => {
    const type = value.type ?? otherwise;
    const schema = Object.hasOwn(schemas, type) ? schemas[type] : undefined;
    for (const issue of schema?.safeParse(value).error?.issues ?? []) {
      context.addIssue({ code: 'custom', path: issue.path, message: issue.message });
    }
  });
}

/** The guard of `POST /v1/responses`. */
export const responsesSchema: z.ZodType = z.looseObject({
  input: z.union([z.string().min(1), z.array(typed(items, 'message')).min(1)], {
    error: 'must be text, or a list of items',
  }),
  model: z.string().min(1).max(512).nullish(),
  instructions: z.string().nullish(),
  tools: z.array(typed(tools)).nullish(),
  tool_choice: z.union([z.enum(['none', 'auto', 'required']), z.looseObject({ type: z.string() })]).nullish(),
  text: z.looseObject({ format: typed(formats).nullish(), verbosity: z.string().nullish() }).nullish(),
  reasoning: z
    .looseObject({
      effort: z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']).nullish(),
      summary: z.string().nullish(),
    })
    .nullish(),
  max_output_tokens: z.int().min(1).nullish(),
  temperature: z.number().nullish(),
  top_p: z.number().nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  stream: z.boolean().nullish(),
});
