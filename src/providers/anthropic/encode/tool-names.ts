import { isRecord } from '../../../provider-kit/index.ts';
import { JSON_TOOL_NAME } from '../reading.ts';
import { type EncodeContext, warnOnce } from './encode-context.ts';
import { sha256Hex } from './node-digest.ts';

/** The caller's tool names on their way to the wire. */
export interface ToolNames {
  /** The name to send; notes the alias where it differs. */
  wire(name: string, from: string): string;
  /** The name to send, without noting anything. */
  peek(name: string): string;
  /** Aliases used so far: wire name to the caller's name. */
  readonly aliases: ReadonlyMap<string, string>;
}

/**
 * The names of one request. A name is kept when the API takes it and no tool of Anthropic's has it (TL-4, TL-6).
 *
 * @param reserved - names that a server tool or the JSON tool of this request has
 */
export function createToolNames(context: EncodeContext, reserved: ReadonlySet<string>): ToolNames {
  const aliases = new Map<string, string>();
  const peek = (name: string): string => (isWireName(name) && !reserved.has(name) ? name : aliasOf(name));
  return {
    aliases,
    peek,
    wire(name, from) {
      const wire = peek(name);
      if (wire !== name && !aliases.has(wire)) {
        aliases.set(wire, name);
        warnOnce(context, 'tool_name_aliased', from, 'sent under an alias and mapped back in the answer');
      }
      return wire;
    },
  };
}

/** 64 is documented, the live API takes 128; the smaller one is portable to other hosts (D-16). */
const isWireName = (name: string): boolean => /^[a-zA-Z0-9_-]{1,64}$/.test(name);

/**
 * A legal name that is a function of the original alone, so that every turn of a conversation agrees
 * (T-10).
 */
function aliasOf(name: string): string {
  const readable = name.replace(/[^a-zA-Z0-9_-]/g, '_').slice(0, 55);
  return `${readable}_${sha256Hex(name).slice(0, 8)}`;
}

/**
 * The names that a function of the caller's must not have in this request.
 *
 * A server tool reserves its name only where a function has the same one: otherwise past calls of that name are
 * calls of the server tool, and keep it.
 */
export function reservedNames(context: EncodeContext, usesJsonTool: boolean): ReadonlySet<string> {
  const { tools, functions, web_search_options: webSearch } = context.request;
  const taken = new Set<string>(usesJsonTool ? [JSON_TOOL_NAME] : []);
  if (isRecord(webSearch) && context.model.serverTools) taken.add('web_search');
  const named = new Set<string>();
  for (const tool of tools ?? []) {
    const name = tool['name'];
    if (tool.function) named.add(tool.function.name);
    else if (isRecord(tool['custom'])) named.add(String(tool['custom']['name']));
    else if (typeof name === 'string') taken.add(name);
  }
  for (const fn of Array.isArray(functions) ? functions : []) if (isRecord(fn)) named.add(String(fn['name']));
  return new Set([...taken].filter((name) => named.has(name) || name === JSON_TOOL_NAME));
}
