import { isRecord } from '../../../provider-kit/index.ts';
import { type EncodeContext, refusal } from './encode-context.ts';

/** What the caller wants of the tools, in whichever of the dialects. */
export type ToolWish = {
  /** The field that says it. */
  readonly from: 'tool_choice' | 'function_call';
  /** At most one call (TC-13). */
  readonly single: boolean;
} & (
  | { readonly kind: 'absent' | 'auto' | 'none' | 'any' }
  | { readonly kind: 'named'; readonly name: string }
  | { readonly kind: 'allowed'; readonly names: readonly string[]; readonly required: boolean }
);

/** A wish without the circumstances that all wishes share. */
type Kind = ToolWish extends infer Wish
  ? Wish extends ToolWish
    ? Omit<Wish, 'from' | 'single'>
    : never
  : never;

/**
 * Reads `tool_choice`, or the legacy `function_call`, with `parallel_tool_calls` (TC-1 to TC-8, TC-11,
 * TL-14).
 */
export function readToolWish(context: EncodeContext): ToolWish {
  const {
    tool_choice: choice,
    functions,
    function_call: legacy,
    parallel_tool_calls: parallel,
  } = context.request;
  if (Array.isArray(functions) && functions.length > 0) {
    // The legacy answer has room for one call only.
    return { from: 'function_call', single: true, ...readChoice(context, legacy, 'function_call') };
  }
  const from = choice == null && legacy != null ? 'function_call' : 'tool_choice';
  const isSingle = isRecord(choice) && choice['disable_parallel_tool_use'] === true;
  return { from, single: parallel === false || isSingle, ...readChoice(context, choice ?? legacy, from) };
}

/** OpenAI's words for the choices that need no name. */
const WORDS: Readonly<Record<string, 'auto' | 'none' | 'any'>> = {
  auto: 'auto',
  none: 'none',
  required: 'any',
};

/**
 * The choice in whichever form: OpenAI's words and objects, Anthropic's objects (TC-11), or the legacy
 * name.
 */
function readChoice(context: EncodeContext, choice: unknown, from: ToolWish['from']): Kind {
  if (choice === undefined || choice === null) return { kind: 'absent' };
  if (typeof choice === 'string' && Object.hasOwn(WORDS, choice)) return { kind: WORDS[choice] ?? 'auto' };
  if (!isRecord(choice)) throw refusal(context, from, 'invalid_value', 'unknown tool choice');
  switch (choice['type']) {
    case 'function':
      return named(context, choice['function'], from);
    case 'custom':
      return named(context, choice['custom'], from);
    case 'allowed_tools':
      return allowed(context, choice['allowed_tools'], from);
    case 'auto':
    case 'any':
    case 'none':
      return { kind: choice['type'] };
    case 'tool':
    case undefined:
      // Anthropic's own form, and the legacy `{name}`.
      return named(context, choice, from);
    default:
      throw refusal(context, `${from}.type`, 'invalid_value', 'unknown tool choice');
  }
}

/** A form with its name missing is a fault, not a crash (BUG-27). */
function named(context: EncodeContext, holder: unknown, from: string): Kind {
  const name = isRecord(holder) ? holder['name'] : undefined;
  if (typeof name === 'string') return { kind: 'named', name };
  throw refusal(context, from, 'invalid_value', 'expected the name of a tool');
}

/** Whether the names are declared is for the decision to say, which knows the tools. */
function allowed(context: EncodeContext, value: unknown, from: string): Kind {
  const { mode, tools } = isRecord(value) ? value : {};
  if (!Array.isArray(tools)) {
    throw refusal(context, `${from}.allowed_tools.tools`, 'invalid_type', 'expected an array');
  }
  return { kind: 'allowed', required: mode === 'required', names: tools.map(nameOf) };
}

/** Every shape in which gateways write an entry: nested by kind, or flat. */
function nameOf(tool: unknown): string {
  if (!isRecord(tool)) return '';
  const holder = isRecord(tool['function'])
    ? tool['function']
    : isRecord(tool['custom'])
      ? tool['custom']
      : tool;
  return String(holder['name'] ?? '');
}
