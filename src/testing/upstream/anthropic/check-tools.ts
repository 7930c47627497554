import { isObject, listOf, objectOf } from '../read-json.ts';

/** The API's own pattern for tool names (TL-4). */
const NAME = /^[a-zA-Z0-9_-]{1,128}$/;

/** What the API would hold against `tools` and `tool_choice`, or undefined. */
export function checkTools(tools: unknown, choice: unknown): string | undefined {
  const names = new Set<unknown>();
  for (const [index, item] of listOf(tools).entries()) {
    const tool = objectOf(item);
    const complaint = checkTool(tool, index);
    if (complaint) return complaint;
    if (tool['name'] !== undefined && names.has(tool['name'])) return 'tools: Tool names must be unique.';
    names.add(tool['name']);
  }
  return checkChoice(objectOf(choice), names);
}

/** Tools with a `type` of their own are run by the API and have rules of their own. */
function checkTool(tool: Readonly<Record<string, unknown>>, index: number): string | undefined {
  if (tool['type'] !== undefined && tool['type'] !== 'custom') return undefined;
  const at = `tools.${index}.custom`;
  const { name, input_schema: schema } = tool;
  if (typeof name !== 'string' || !NAME.test(name)) {
    return `${at}.name: String should match pattern '${NAME.source}'`;
  }
  if (!isObject(schema)) return `${at}.input_schema: Field required`;
  if (schema['type'] !== 'object') return `${at}.input_schema.type: Input should be 'object'`;
  return undefined;
}

/** A choice among nothing, or of a tool that is not there. */
function checkChoice(
  { type, name }: Readonly<Record<string, unknown>>,
  names: ReadonlySet<unknown>,
): string | undefined {
  if (type === undefined || type === 'none') return undefined;
  if (names.size === 0) return 'tool_choice: may only be specified while providing `tools`';
  if (type === 'tool' && !names.has(name))
    return `tool_choice: Tool '${String(name)}' not found in provided tools`;
  return undefined;
}
