import { isObject, listOf, objectOf } from '../read-json.ts';
import { checkStrictSchema } from './check-strict-schema.ts';
import { type Complaint, complain, emptyArray, missing, unknownKey } from './complaint.ts';

type Body = Readonly<Record<string, unknown>>;

/** The API's own pattern for the names of functions. */
const NAME = /^[a-zA-Z0-9_-]{1,64}$/;

const functionFields: ReadonlySet<string> = new Set(['name', 'description', 'parameters', 'strict']);

/** What the API would hold against `tools`, `tool_choice` and `parallel_tool_calls`. */
export function checkFunctions(body: Body): Complaint | undefined {
  const { tools, tool_choice: choice, parallel_tool_calls: parallel } = body;
  if (tools === undefined || tools === null) {
    if (choice !== undefined && choice !== null && choice !== 'none') return onlyWithTools('tool_choice');
    return parallel === undefined || parallel === null ? undefined : onlyWithTools('parallel_tool_calls');
  }
  if (listOf(tools).length === 0) return emptyArray('tools');
  for (const [index, tool] of listOf(tools).entries()) {
    const found = checkTool(objectOf(tool), `tools[${index}]`);
    if (found) return found;
  }
  return checkChoice(choice, listOf(tools));
}

function onlyWithTools(param: string): Complaint {
  return complain(
    param,
    null,
    `Invalid value for '${param}': '${param}' is only allowed when 'tools' are specified.`,
  );
}

/** A function to be called, or a custom tool, which only needs a name. */
function checkTool(tool: Body, path: string): Complaint | undefined {
  const kind = tool['type'];
  if (kind !== 'function' && kind !== 'custom') {
    return complain(
      `${path}.type`,
      'invalid_value',
      `Invalid value: '${String(kind)}'. Supported values are: 'function' and 'custom'.`,
    );
  }
  const unknown = unknownKey(tool, new Set(['type', kind]), path);
  if (unknown) return unknown;
  const { name, parameters, strict } = objectOf(tool[kind]);
  if (name === undefined) return missing(`${path}.${kind}.name`);
  if (typeof name !== 'string' || !NAME.test(name)) {
    return complain(
      `${path}.${kind}.name`,
      'invalid_value',
      `Invalid '${path}.${kind}.name': string does not match pattern. Expected a string that matches the pattern '${NAME.source}'.`,
    );
  }
  if (kind === 'custom') return undefined;
  return (
    unknownKey(objectOf(tool['function']), functionFields, `${path}.function`) ??
    checkParameters(name, parameters, strict, path)
  );
}

function checkParameters(
  name: string,
  parameters: unknown,
  strict: unknown,
  path: string,
): Complaint | undefined {
  // Left out: a function without parameters.
  if (parameters === undefined || parameters === null) return undefined;
  const fault =
    isObject(parameters) && parameters['type'] === 'object'
      ? strict === true
        ? checkStrictSchema(parameters)
        : undefined
      : `schema must be a JSON Schema of 'type: "object"', got 'type: "${String(objectOf(parameters)['type'] ?? 'None')}"'.`;
  if (fault === undefined) return undefined;
  return complain(
    `${path}.function.parameters`,
    'invalid_function_parameters',
    `Invalid schema for function '${name}': ${fault}`,
  );
}

/** A choice of a tool that is not there. */
function checkChoice(choice: unknown, tools: readonly unknown[]): Complaint | undefined {
  const { type, function: named, custom } = objectOf(choice);
  if (type !== 'function' && type !== 'custom') return undefined;
  const name = objectOf(type === 'function' ? named : custom)['name'];
  const known = tools.map(objectOf).some((tool) => objectOf(tool[String(tool['type'])])['name'] === name);
  if (known) return undefined;
  return complain('tool_choice', null, `Tool choice '${String(name)}' not found in 'tools' parameter.`);
}
