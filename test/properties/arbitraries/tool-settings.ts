import fc from 'fast-check';
import type OpenAI from 'openai7';
import { toolName, toolNames } from './calls.ts';
import { anySchema } from './schemas.ts';
import { anyText } from './texts.ts';

type Params = OpenAI.ChatCompletionCreateParamsNonStreaming;

/** The fields of a request that are about tools. */
export type ToolFields = Pick<
  Params,
  'tools' | 'tool_choice' | 'parallel_tool_calls' | 'functions' | 'function_call' | 'web_search_options'
>;

const definition = fc.record(
  {
    name: toolName,
    description: anyText,
    parameters: anySchema,
    strict: fc.constantFrom(true, false, null),
  },
  { requiredKeys: ['name'] },
);
const functionTool = definition.map(
  (each): OpenAI.ChatCompletionTool => ({ type: 'function', function: each }),
);

const customTool = fc
  .tuple(
    anyText,
    fc.constantFrom<OpenAI.ChatCompletionCustomTool['custom']['format']>(
      undefined,
      { type: 'text' },
      { type: 'text' },
      { type: 'grammar', grammar: { definition: 'start: "a"', syntax: 'lark' } },
    ),
  )
  .map(
    ([description, format]): OpenAI.ChatCompletionTool => ({
      type: 'custom',
      custom: { name: 'scribble', description, ...(format && { format }) },
    }),
  );

const nameOf = (tool: OpenAI.ChatCompletionTool): string =>
  tool.type === 'function' ? tool.function.name : tool.custom.name;

/** Tools of different names. */
const tools = fc.uniqueArray(
  fc.oneof({ weight: 6, arbitrary: functionTool }, { weight: 1, arbitrary: customTool }),
  { maxLength: 5, selector: nameOf },
);

/** Every form of the choice; the names are declared, as the API demands. */
function choiceOf(declared: readonly OpenAI.ChatCompletionTool[]): fc.Arbitrary<ToolFields['tool_choice']> {
  const words = fc.constantFrom<ToolFields['tool_choice']>('auto', 'none', undefined, undefined);
  if (declared.length === 0) return words;
  const named = fc
    .constantFrom(...declared)
    .map((tool) =>
      tool.type === 'function'
        ? ({ type: 'function', function: { name: nameOf(tool) } } as const)
        : ({ type: 'custom', custom: { name: nameOf(tool) } } as const),
    );
  const allowed = fc
    .tuple(fc.subarray([...declared]), fc.constantFrom('auto' as const, 'required' as const))
    .map(([some, mode]) => ({
      type: 'allowed_tools' as const,
      allowed_tools: {
        mode,
        tools: some.map((tool) => ({ type: tool.type, [tool.type]: { name: nameOf(tool) } })),
      },
    }));
  return fc.oneof(words, fc.constant('required' as const), named, allowed);
}

const withTools: fc.Arbitrary<ToolFields> = tools
  .chain((declared) =>
    fc.record({
      tools: fc.constant(declared),
      tool_choice: choiceOf(declared),
      parallel_tool_calls: fc.constantFrom(true, false, undefined),
    }),
  )
  .map(present);

const withFunctions: fc.Arbitrary<ToolFields> = fc
  .record({
    functions: fc.uniqueArray(
      fc.record({ name: toolName, description: anyText, parameters: anySchema }, { requiredKeys: ['name'] }),
      { minLength: 1, maxLength: 3, selector: ({ name }) => name },
    ),
    function_call: fc.constantFrom<ToolFields['function_call']>('auto', 'none', undefined),
  })
  .map(present);

const withSearch: fc.Arbitrary<ToolFields> = fc
  .constantFrom<NonNullable<ToolFields['web_search_options']>>(
    {},
    { search_context_size: 'low' },
    { user_location: { type: 'approximate', approximate: { city: 'Bern', timezone: 'Europe/Zurich' } } },
  )
  .map((web_search_options) => ({ web_search_options }));

/** The same without members that are `undefined`. */
function present(fields: { readonly [Key in keyof ToolFields]: ToolFields[Key] | undefined }): ToolFields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** Tools, legacy functions, web search, or nothing of the kind. */
export const toolFields: fc.Arbitrary<ToolFields> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  { weight: 6, arbitrary: withTools },
  { weight: 1, arbitrary: withFunctions },
  { weight: 1, arbitrary: fc.tuple(withTools, withSearch).map(([some, search]) => ({ ...some, ...search })) },
);

export { toolNames };
