import type { ClaudeModel, ModelClass } from './claude-model.ts';

/** Names with any other character (`[1m]`, `:thinking`, `@date`) belong to other dialects (REQ-2). */
const CLAUDE_NAME = /^claude-[a-z0-9.-]+$/i;

const FAMILY = /-(opus|sonnet|haiku)-(\d{1,2})-?(\d{1,2})?$/;

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

const LINE_CLASS: Readonly<Record<string, ModelClass>> = { opus: 'A', sonnet: 'B', haiku: 'C' };

function newest(modelClass: ModelClass): Omit<Guess, 'forcedToolUnsupported'> {
  return { modelClass, midSystem: true, prefill: false, boundThinking: true };
}

function older(modelClass: ModelClass, prefill: boolean): Guess {
  return { modelClass, prefill, midSystem: false, forcedToolUnsupported: false, boundThinking: false };
}
