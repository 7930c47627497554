import * as z from 'zod';

/**
 * What a Messages request must look like. As the house's own schema: known fields have their types, so that a fault
 * is told at the client's path, and all else passes.
 *
 * @see https://platform.claude.com/docs/en/api/messages
 */

const record = z.record(z.string(), z.unknown());

/** Only what is read here; the rest of a block is its own business. */
const inner: Readonly<Record<string, z.ZodType>> = {
  text: z.looseObject({ text: z.string() }),
  image: z.looseObject({ source: z.looseObject({ type: z.string() }) }),
  document: z.looseObject({ source: z.looseObject({ type: z.string() }) }),
  tool_use: z.looseObject({ id: z.string().min(1), name: z.string().min(1), input: record }),
};

/** Blocks of a turn: those, and results with such blocks inside. */
const outer: Readonly<Record<string, z.ZodType>> = {
  ...inner,
  tool_result: z.looseObject({
    tool_use_id: z.string().min(1),
    content: z.union([z.string(), z.array(blockOf(inner))]).nullish(),
    is_error: z.boolean().nullish(),
  }),
};

/** A block is checked by the schema of its own type, so that a fault is told at its exact path. */
function blockOf(known: Readonly<Record<string, z.ZodType>>): z.ZodType {
  return checkedBy(z.looseObject({ type: z.string() }), ({ type }) =>
    typeof type === 'string' && Object.hasOwn(known, type) ? known[type] : undefined,
  );
}

/** An object that is checked twice: as what it is in any case, and as what its own fields say it is. */
function checkedBy(
  base: z.ZodType<Readonly<Record<string, unknown>>>,
  schemaOf: (value: Readonly<Record<string, unknown>>) => z.ZodType | undefined,
): z.ZodType {
  return base.superRefine((value, context) => {
    for (const issue of schemaOf(value)?.safeParse(value).error?.issues ?? []) {
      context.addIssue({ code: 'custom', path: issue.path, message: issue.message });
    }
  });
}

/** `system` among the turns is the API's own since 2026 (MSG-2). */
const turn = z.looseObject({
  role: z.enum(['user', 'assistant', 'system']),
  content: z.union([z.string(), z.array(blockOf(outer))]),
});

const ownTool = z.looseObject({ name: z.string().min(1), input_schema: record });

/** A client's own tool has a name; Anthropic's have a type, and some no name. */
const tool = checkedBy(z.looseObject({ type: z.string().nullish() }), ({ type }) =>
  type === undefined || type === null || type === 'custom' ? ownTool : undefined,
);

const toolChoice = z.looseObject({
  type: z.enum(['auto', 'any', 'tool', 'none']),
  name: z.string().optional(),
  disable_parallel_tool_use: z.boolean().nullish(),
});

/** What counting needs: all that is read, and no cap on the answer. */
export const countedSchema: z.ZodType = z.looseObject({
  messages: z.array(turn).min(1),
  model: z.string().min(1).max(512).nullish(),
  system: z
    .union([z.string(), z.array(z.looseObject({ type: z.literal('text'), text: z.string() }))])
    .nullish(),
  tools: z.array(tool).nullish(),
  tool_choice: toolChoice.nullish(),
  thinking: z.looseObject({ type: z.string() }).nullish(),
  output_config: z
    .looseObject({
      effort: z.enum(['low', 'medium', 'high', 'xhigh', 'max']).nullish(),
      format: record.nullish(),
    })
    .nullish(),
});

/** The guard of `POST /v1/messages`. */
export const messagesSchema: z.ZodType = countedSchema.and(
  z.looseObject({
    max_tokens: z.int().min(0),
    stop_sequences: z.array(z.string()).nullish(),
    stream: z.boolean().nullish(),
    temperature: z.number().nullish(),
    top_p: z.number().nullish(),
    metadata: z.looseObject({ user_id: z.string().nullish() }).nullish(),
    service_tier: z.string().nullish(),
  }),
);
