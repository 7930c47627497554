import type { WireToolChoice } from './claude-wire.ts';
import { type EncodeContext, refusal, warn } from './encode-context.ts';
import type { ToolDraft } from './tool-drafts.ts';
import { readToolWish, type ToolWish } from './tool-wish.ts';

/** The choice to send, and the tools that remain to choose from. */
export interface ToolDecision {
  /** Absent: the API's default, which is `auto` with parallel calls (TC-1). */
  readonly choice: WireToolChoice | undefined;
  /** All of them, but where an allow-list cuts them (TC-8). */
  readonly drafts: readonly ToolDraft[];
  /** A forced choice that the model cannot take became a request in words (TC-10). */
  readonly weakened: { readonly wireName: string | undefined; readonly from: string } | undefined;
}

/**
 * Decides `tool_choice` (section 1.6).
 *
 * @param thinksByBudget - `thinking: enabled` refuses a forced choice on every model
 */
export function decideToolChoice(
  context: EncodeContext,
  drafts: readonly ToolDraft[],
  thinksByBudget: boolean,
): ToolDecision {
  const wish = readToolWish(context);
  const single = wish.single ? { disable_parallel_tool_use: true as const } : {};
  if (drafts.length === 0) return withoutTools(context, wish);
  const allowed = wish.kind === 'allowed' ? allowedDrafts(context, drafts, wish) : drafts;
  switch (forceOf(wish, allowed)) {
    case 'absent':
      return { choice: wish.single ? { type: 'auto', ...single } : undefined, drafts, weakened: undefined };
    case 'auto':
      return { choice: { type: 'auto', ...single }, drafts: allowed, weakened: undefined };
    case 'none':
      // Without the parallel flag, which this type does not have; with the tools, which history needs (TC-4).
      return { choice: { type: 'none' }, drafts, weakened: undefined };
    case 'any':
      return forced(context, { type: 'any', ...single }, allowed, wish, thinksByBudget);
    case 'tool': {
      const name = wireNameOf(context, allowed, wish);
      return forced(context, { type: 'tool', name, ...single }, allowed, wish, thinksByBudget);
    }
  }
}

/**
 * The five things that can be sent, from the four ways to wish them. An empty allow-list allows nothing, and a
 * list of one leaves no choice (TC-8).
 */
function forceOf(wish: ToolWish, allowed: readonly ToolDraft[]): 'absent' | 'auto' | 'none' | 'any' | 'tool' {
  switch (wish.kind) {
    case 'named':
      return 'tool';
    case 'allowed':
      if (wish.names.length === 0) return 'none';
      if (!wish.required) return 'auto';
      return allowed.length === 1 ? 'tool' : 'any';
    default:
      return wish.kind;
  }
}

/** Nothing to choose from: the choice is left out, and a forced one refused (TC-9). */
function withoutTools(context: EncodeContext, wish: ToolWish): ToolDecision {
  const isForced = wish.kind === 'any' || wish.kind === 'named' || (wish.kind === 'allowed' && wish.required);
  if (isForced)
    throw refusal(context, wish.from, 'invalid_value', 'a tool is demanded, but there are no tools');
  return { choice: undefined, drafts: [], weakened: undefined };
}

/** Anthropic has no allow-list in its choice, so that the list itself is cut (TC-8). */
function allowedDrafts(
  context: EncodeContext,
  drafts: readonly ToolDraft[],
  wish: ToolWish & { readonly kind: 'allowed' },
): readonly ToolDraft[] {
  for (const [index, name] of wish.names.entries()) {
    if (!drafts.some((draft) => draft.name === name)) {
      const param = `${wish.from}.allowed_tools.tools[${index}]`;
      throw refusal(context, param, 'invalid_value', 'no tool of this name is declared');
    }
  }
  const kept = drafts.filter(({ name }) => name !== undefined && wish.names.includes(name));
  if (wish.names.length > 0 && kept.length < drafts.length) {
    warn(
      context,
      'cache_prefix_changed',
      wish.from,
      'the other tools are left out, which changes the cached prefix',
    );
  }
  return kept;
}

/** The name under which the wanted tool is sent (TL-4). */
function wireNameOf(context: EncodeContext, drafts: readonly ToolDraft[], wish: ToolWish): string {
  const name = wish.kind === 'named' ? wish.name : drafts[0]?.name;
  const wire = drafts.find((draft) => draft.name === name)?.tool.name;
  if (wire !== undefined) return wire;
  throw refusal(context, wish.from, 'invalid_value', 'no tool of this name is declared');
}

/** A forced choice, or on models that refuse one the request for it in words (TC-5, TC-6, TC-10). */
function forced(
  context: EncodeContext,
  choice: WireToolChoice & { readonly type: 'any' | 'tool' },
  drafts: readonly ToolDraft[],
  wish: ToolWish,
  thinksByBudget: boolean,
): ToolDecision {
  if (!context.model.forcedToolUnsupported && !thinksByBudget) return { choice, drafts, weakened: undefined };
  warn(
    context,
    'forced_tool_choice_weakened',
    wish.from,
    'cannot be forced here; the model is asked for the call in words and may not make it',
  );
  const wireName = choice.type === 'tool' ? choice.name : undefined;
  return {
    choice: { type: 'auto', ...(wish.single && { disable_parallel_tool_use: true }) },
    drafts,
    weakened: { wireName, from: wish.from },
  };
}

/** What the model is asked for in place of a forced choice. */
export function forcedCallText(wireName: string | undefined): string {
  return wireName === undefined
    ? 'Answer by calling one of the available tools.'
    : `Answer by calling the tool \`${wireName}\`.`;
}

/** True when the caller's choice forces a call, in whatever form. */
export function forcesTool(context: EncodeContext): boolean {
  const wish = readToolWish(context);
  return wish.kind === 'any' || wish.kind === 'named' || (wish.kind === 'allowed' && wish.required);
}
