import { JSON_TOOL_NAME } from '../reading.ts';
import { type EncodeContext, refusal } from './encode-context.ts';
import type { Schema } from './schema-refs.ts';
import { forcesTool, type ToolDecision } from './tool-choice.ts';
import { inputSchema } from './tool-schema.ts';

/**
 * Lets the answer come as the call of a synthetic tool, on models without structured outputs (RF-4).
 *
 * With tools of the caller beside it any call will do, else this one is forced.
 *
 * @throws ProviderError `invalid_request` when the caller forces another tool or switches thinking on
 */
export function jsonTool(
  context: EncodeContext,
  decision: ToolDecision,
  schema: Schema,
  hasTools: boolean,
  thinks: boolean,
): ToolDecision {
  if (thinks || (hasTools && forcesTool(context))) {
    const what = thinks ? 'thinking' : 'a forced tool';
    throw refusal(
      context,
      'response_format',
      'unsupported_value',
      `this model cannot combine it with ${what}`,
    );
  }
  const tool = {
    name: JSON_TOOL_NAME,
    description: 'Gives the answer. Call it once, with the whole answer.',
    input_schema: inputSchema(context, schema, 'response_format.json_schema.schema'),
  };
  const mayCallOthers = hasTools && decision.choice?.type !== 'none';
  return {
    choice: mayCallOthers
      ? { type: 'any', disable_parallel_tool_use: true }
      : { type: 'tool', name: JSON_TOOL_NAME, disable_parallel_tool_use: true },
    drafts: [
      ...decision.drafts,
      { kind: 'function', name: JSON_TOOL_NAME, tool, strict: false, from: 'response_format' },
    ],
    weakened: undefined,
  };
}
