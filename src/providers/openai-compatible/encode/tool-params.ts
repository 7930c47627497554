import { isRecord, type JsonObject } from '../../../provider-kit/index.ts';
import { type ChatContext, warnOf, warnOnceOf } from './chat-context.ts';
import { stripObject } from './strip-object.ts';

/** Fits the tools and the choice among them to the host. */
export function fitTools(context: ChatContext): void {
  const { params } = context;
  const tools = params.get('tools');
  if (!Array.isArray(tools)) return;
  if (tools.length === 0) {
    // OpenAI refuses an empty list, and a choice among nothing; Claude takes both, and callers rely on it.
    for (const name of ['tools', 'tool_choice', 'parallel_tool_calls']) params.delete(name);
    return;
  }
  params.set(
    'tools',
    tools.map((tool, index) => (isRecord(tool) ? fitTool(tool, index, context) : tool)),
  );
  fitToolChoice(context);
}

/** TL-17 fields may stand beside the definition or in it. */
function fitTool(tool: JsonObject, index: number, context: ChatContext): JsonObject {
  const path = `tools[${index}]`;
  const stripped = stripObject(tool, 'tool', path, context);
  const definition = stripped['function'];
  if (!isRecord(definition)) return stripped;
  const fitted = fitStrict(stripObject(definition, 'tool', `${path}.function`, context), path, context);
  return fitted === definition ? stripped : { ...stripped, function: fitted };
}

/** Quirk `noStrictTools`. `false` is refused as well as `true`, and says nothing. */
function fitStrict(definition: JsonObject, path: string, context: ChatContext): JsonObject {
  if (context.quirks.noStrictTools !== true || !('strict' in definition)) return definition;
  const { strict, ...rest } = definition;
  if (strict === true) {
    warnOnceOf(
      context,
      `${path}.function.strict`,
      'not sent: this host does not hold calls to their schema',
      'strict_dropped',
    );
  }
  return rest;
}

/** `required` and a named tool become `auto` where a call cannot be forced. */
function fitToolChoice(context: ChatContext): void {
  const choice = context.params.get('tool_choice');
  const forced = choice === 'required' || isRecord(choice);
  if (!forced || context.quirks.noForcedToolChoice !== true) return;
  warnOf(
    context,
    'tool_choice',
    'sent as auto: this host cannot be made to call a tool',
    'forced_tool_choice_weakened',
  );
  context.params.set('tool_choice', 'auto');
}
