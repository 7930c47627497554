import { isRecord, type JsonObject } from '../../chat/json.ts';
import type { ChatRequest, Tool, ToolChoice } from '../../chat/request.ts';
import { unsupported } from './responses-refusals.ts';

/**
 * Tools and the choice among them, which this dialect writes flat and chat writes nested.
 *
 * @throws InvalidRequestError for the tools that OpenAI runs itself
 */
export function toolFields({ tools, tool_choice: choice }: JsonObject): Partial<ChatRequest> {
  return {
    ...(Array.isArray(tools) && {
      tools: tools.filter(isRecord).map((tool, index) => toolOf(tool, `tools[${index}]`)),
    }),
    ...(choice !== undefined && choice !== null && { tool_choice: choiceOf(choice) }),
  };
}

/** One tool. Fields that only OpenAI's own server could honour stay behind. */
function toolOf(tool: JsonObject, path: string): Tool {
  const { type, name, description, parameters, strict, format, cache_control: mark } = tool;
  const about = { name: String(name), ...(typeof description === 'string' && { description }) };
  // Claude's breakpoint may stand beside a tool in any dialect (TL-17).
  const marked = mark === undefined ? {} : { cache_control: mark };
  if (type === 'function') {
    const schema = isRecord(parameters) ? { parameters } : {};
    return {
      type,
      function: { ...about, ...schema, ...(typeof strict === 'boolean' && { strict }) },
      ...marked,
    };
  }
  if (type === 'custom') {
    return { type, custom: { ...about, ...(isRecord(format) && { format: formatOf(format) }) }, ...marked };
  }
  throw unsupported(
    `${path}.type`,
    `the tool \`${String(type).slice(0, 40)}\` is run by OpenAI and not available here; use a function`,
    'unsupported_value',
  );
}

/** A grammar is flat here, and one level deeper in chat (TL-13). */
function formatOf(format: JsonObject): JsonObject {
  if (format['type'] !== 'grammar' || isRecord(format['grammar'])) return format;
  const { type, ...grammar } = format;
  return { type, grammar };
}

/** The choice: a word, a name, or a list of what is allowed (TC-3 to TC-8). */
function choiceOf(choice: unknown): ToolChoice {
  if (choice === 'none' || choice === 'auto' || choice === 'required') return choice;
  const { type, mode, tools } = isRecord(choice) ? choice : {};
  if (type !== 'allowed_tools') return { ...namedOf(choice, 'tool_choice') };
  const allowed = Array.isArray(tools) ? tools : [];
  return {
    type,
    allowed_tools: {
      mode,
      tools: allowed.map((tool, index) => namedOf(tool, `tool_choice.tools[${index}]`)),
    },
  };
}

/** A tool that is named, in the nested form. */
function namedOf(choice: unknown, path: string): { readonly type: string } {
  const { type, name } = isRecord(choice) ? choice : {};
  if (type === 'function' || type === 'custom') return { type, [type]: { name } };
  throw unsupported(`${path}.type`, 'only functions and custom tools can be chosen', 'unsupported_value');
}
