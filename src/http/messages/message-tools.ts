import { isRecord, type JsonObject } from '../../chat/json.ts';
import type { ChatRequest, Tool } from '../../chat/request.ts';

/**
 * A tool: the client's own as a function, with its Claude-only settings beside it (TL-17); one of Anthropic's as it is
 * (TL-16).
 */
export function toolOf(tool: JsonObject): Tool {
  const { type, name, description, input_schema: schema, strict, ...more } = tool;
  if (typeof type === 'string' && type !== 'custom') return { ...tool, type };
  return {
    type: 'function',
    function: {
      name: String(name),
      ...(typeof description === 'string' && { description }),
      ...(isRecord(schema) && { parameters: schema }),
      ...(typeof strict === 'boolean' && { strict }),
    },
    ...more,
  };
}

/** `tool_choice` in OpenAI's words, in which forbidding parallel calls is a field of its own (TC-2 to TC-6). */
export function toolChoiceOf(choice: unknown): Pick<ChatRequest, 'tool_choice' | 'parallel_tool_calls'> {
  if (!isRecord(choice)) return {};
  return {
    tool_choice: wish(choice),
    ...(choice['disable_parallel_tool_use'] === true && { parallel_tool_calls: false }),
  };
}

/** The choice alone. A name that is missing is found out by the pool, which knows the tools. */
function wish({ type, name }: JsonObject): NonNullable<ChatRequest['tool_choice']> {
  if (type === 'any') return 'required';
  if (type === 'none' || type === 'auto') return type;
  return { type: 'function', function: { name: String(name ?? '') } };
}
