import type { Tool } from '../../../provider-kit/index.ts';
import { isRecord } from '../../../provider-kit/index.ts';
import { requireBeta } from './beta-names.ts';
import { cacheMark } from './cache-marks.ts';
import type { WireTool } from './claude-wire.ts';
import { customTool } from './custom-tools.ts';
import { type EncodeContext, refusal } from './encode-context.ts';
import type { ToolNames } from './tool-names.ts';
import { inputSchema } from './tool-schema.ts';
import { webSearchTool } from './web-search.ts';

/** A tool on its way to the wire. */
export interface ToolDraft {
  readonly kind: 'function' | 'custom' | 'native';
  /** The caller's name; absent for a native toolset, which has none. */
  readonly name: string | undefined;
  readonly tool: WireTool;
  /** The caller asked for `strict` (TL-9, TL-10). */
  readonly strict: boolean;
  /** The caller's path: `tools[2]`, `functions[0]`, `web_search_options`. */
  readonly from: string;
}

/** An object of the caller's, not yet checked. */
type Fields = Readonly<Record<string, unknown>>;

/**
 * The tools of a request in the caller's order, which is part of the cache prefix (TL-1 to TL-17).
 *
 * @throws ProviderError `invalid_request` for unknown kinds, duplicate names, and `functions` beside `tools`
 */
export function toolDrafts(context: EncodeContext, names: ToolNames): readonly ToolDraft[] {
  const { tools, functions } = context.request;
  const legacy = Array.isArray(functions) ? functions : [];
  if (legacy.length > 0 && tools && tools.length > 0) {
    throw refusal(context, 'functions', 'unsupported_parameter', 'send either `functions` or `tools`');
  }
  const drafts = [
    ...(tools ?? []).map((tool, index) => draftOf(context, names, tool, `tools[${index}]`)),
    ...legacy
      .filter(isRecord)
      .map((fn, index) => functionDraft(context, names, {}, fn, `functions[${index}]`)),
  ];
  const search = webSearchTool(
    context,
    drafts.some(({ tool }) => tool.name === 'web_search'),
  );
  if (search) {
    drafts.push({
      kind: 'native',
      name: search.name,
      tool: search,
      strict: false,
      from: 'web_search_options',
    });
  }
  refuseDuplicates(context, drafts);
  return drafts;
}

/** One entry of `tools`, by its type. */
function draftOf(context: EncodeContext, names: ToolNames, tool: Tool, from: string): ToolDraft {
  if (tool.type === 'function' && tool.function) {
    return functionDraft(context, names, tool, tool.function, `${from}.function`, from);
  }
  if (tool.type === 'custom') {
    const custom = customTool(context, names, tool['custom'], from);
    return {
      kind: 'custom',
      strict: false,
      from,
      ...custom,
      tool: { ...custom.tool, ...extras(context, tool, {}, from) },
    };
  }
  return nativeDraft(context, tool, from);
}

/** Families of Anthropic's own tools; each has dated versions (TL-16). */
const NATIVE =
  /^(?:bash|text_editor|computer|web_search|web_fetch|code_execution|tool_search_tool|memory|browser)_|^mcp_toolset$/;

/** A tool of Anthropic's own, as it came: it has no name to rewrite and no schema to check. */
function nativeDraft(context: EncodeContext, tool: Tool, from: string): ToolDraft {
  const isAccepted = (context.options.acceptNativeTools ?? true) && NATIVE.test(tool.type);
  if (!isAccepted) {
    throw refusal(
      context,
      `${from}.type`,
      'unsupported_value',
      'neither a function nor a tool Anthropic offers',
    );
  }
  requireBeta(context, 'tool', tool.type);
  const name = typeof tool['name'] === 'string' ? tool['name'] : undefined;
  return { kind: 'native', name, tool, strict: false, from };
}

/** A function, of `tools` or of the legacy list; `type: "custom"` is optional and left out (TL-1). */
function functionDraft(
  context: EncodeContext,
  names: ToolNames,
  tool: Fields,
  definition: Fields,
  path: string,
  from: string = path,
): ToolDraft {
  const { name, description, parameters, strict } = definition;
  if (typeof name !== 'string' || name === '') {
    throw refusal(context, `${path}.name`, 'missing_required_parameter', 'a function needs a name');
  }
  return {
    kind: 'function',
    name,
    strict: strict === true,
    from,
    tool: {
      name: names.wire(name, `${path}.name`),
      // An empty description is noise, and a made-up one would be ours (TL-2).
      ...(typeof description === 'string' && description !== '' && { description }),
      input_schema: inputSchema(context, parameters, `${path}.parameters`),
      ...extras(context, tool, definition, from),
    },
  };
}

/** Anthropic's own settings on a function tool (TL-17). */
const EXTRAS: readonly string[] = [
  'defer_loading',
  'allowed_callers',
  'input_examples',
  'eager_input_streaming',
];

/** From the tool object or from inside `function`; the tool object wins. */
function extras(context: EncodeContext, tool: Fields, definition: Fields, path: string): Fields {
  const found: Record<string, unknown> = {};
  for (const key of EXTRAS) {
    const value = tool[key] ?? definition[key];
    if (value !== undefined && value !== null) found[key] = value;
  }
  const mark = cacheMark(context, tool['cache_control'] == null ? definition : tool, path);
  return mark ? { ...found, cache_control: mark } : found;
}

/** "Tool names must be unique"; names that differ in case are two names (TL-5). */
function refuseDuplicates(context: EncodeContext, drafts: readonly ToolDraft[]): void {
  const seen = new Set<string>();
  for (const { tool, from, kind } of drafts) {
    if (tool.name === undefined) continue;
    if (seen.has(tool.name)) {
      const inner = kind === 'native' || from.startsWith('functions') ? '' : `.${kind}`;
      throw refusal(context, `${from}${inner}.name`, 'invalid_value', 'tool names must be unique');
    }
    seen.add(tool.name);
  }
}
