import type { ClaudeModel, ModelClass } from './claude-model.ts';

/** Names with any other character (`[1m]`, `:thinking`, `@date`) belong to other dialects (REQ-2). */
const CLAUDE_NAME = /^claude-[a-z0-9.-]+$/i;

/** The names of the three lines since 4.0: line, major and perhaps minor version at the end. */
const FAMILY = /-(opus|sonnet|haiku)-(\d{1,2})-?(\d{1,2})?$/;

/** What a name can tell. */
type Guess = Pick<
  ClaudeModel,
  'modelClass' | 'midSystem' | 'forcedToolUnsupported' | 'prefill' | 'boundThinking'
> & { readonly maxOutputTokens?: number };

/**
 * Facts of a `claude-*` id that the table does not list: its class by pattern, no limits but the documented ones.
 *
 * Nothing here switches thinking on, and price or limits are never borrowed from a neighbour (MOD-7).
 *
 * @returns `undefined` when the name is not one of Anthropic's
 * @see contracts, translation section 4.4
 */
export function guessClaudeModel(name: string): ClaudeModel | undefined {
  if (!CLAUDE_NAME.test(name)) return undefined;
  return {
    id: name,
    aliases: [],
    fastMode: false,
    structuredOutputs: true,
    serverTools: true,
    inferenceGeo: true,
    lifecycle: { status: 'unknown' },
    source: 'pattern',
    asOf: '2026-11-22',
    ...guess(name.toLowerCase().replaceAll('.', '-')),
  };
}

/** Reads a lower-case name with dashes for dots. A name of no known form is taken for an old model. */
function guess(name: string): Guess {
  if (/(fable|mythos)-/.test(name)) {
    return { ...newest('A'), forcedToolUnsupported: true, maxOutputTokens: 128_000 };
  }
  // Two digits at most: a date such as 20260609 is no version (MOD-3).
  const [, line, major, minor] = FAMILY.exec(name) ?? [];
  if (line === undefined) return older('H', true);
  const version = Number(major) * 100 + Number(minor ?? 0);
  if (version >= 505) return { ...newest(LINE_CLASS[line] ?? 'A'), forcedToolUnsupported: line !== 'haiku' };
  if (version >= 407) return older('E', false);
  return version >= 406 ? older('F', false) : older('H', true);
}

/** How the 5.5 generation thinks, by line. */
const LINE_CLASS: Readonly<Record<string, ModelClass>> = { opus: 'A', sonnet: 'B', haiku: 'C' };

/** Features of the 5.5 generation, which later models are taken to keep. */
function newest(modelClass: ModelClass): Omit<Guess, 'forcedToolUnsupported'> {
  return { modelClass, midSystem: true, prefill: false, boundThinking: true };
}

/** Without system turns: marked text is understood by every model, a role is not. */
function older(modelClass: ModelClass, prefill: boolean): Guess {
  return { modelClass, prefill, midSystem: false, forcedToolUnsupported: false, boundThinking: false };
}
