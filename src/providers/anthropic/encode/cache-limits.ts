import { isRecord } from '../../../provider-kit/index.ts';
import { withMark } from './cache-marks.ts';
import type { CacheControl, WireTool } from './claude-wire.ts';
import { type EncodeContext, warn } from './encode-context.ts';
import type { Entry, Turn } from './turns.ts';

/** Most breakpoints in a request, the automatic one included (CA-3). */
const MAX_BREAKPOINTS = 4;

/** The parts of a request that carry breakpoints, in the order of the prompt's prefix. */
export interface Marked {
  readonly tools: readonly WireTool[];
  readonly system: readonly Entry[];
  readonly turns: readonly Turn[];
  /** The top-level mark: the API puts it on the last block (CA-1). */
  readonly automatic: CacheControl | undefined;
}

/**
 * Keeps the breakpoints within what the API accepts: the last four, and no shorter life before a longer one
 * (CA-3, CA-5). Returns its argument when there is nothing to change.
 */
export function limitBreakpoints(context: EncodeContext, marked: Marked): Marked {
  const lives = lifetimes(marked);
  const room = MAX_BREAKPOINTS - (marked.automatic ? 1 : 0);
  const excess = Math.max(0, lives.length - room);
  if (excess > 0) warn(context, 'clamped', 'cache_control', 'only the last 4 cache breakpoints are sent');
  const kept = lives.slice(excess);
  const all = marked.automatic ? [...kept, lifeOf(marked.automatic)] : kept;
  const isUnordered = all.some((life, index) => life === '1h' && all[index - 1] === '5m');
  const onLast = marked.automatic && lastIsMarked(marked) && all.at(-1) !== all.at(-2);
  const first = isUnordered || onLast ? all[0] : undefined;
  if (first)
    warn(
      context,
      'unsupported_value',
      'cache_control.ttl',
      `longer must come first; all are sent as ${first}`,
    );
  return excess > 0 || first ? rewrite(marked, excess, first) : marked;
}

/** The life of a mark; without a word it is the API's default of five minutes. */
const lifeOf = (mark: unknown): '5m' | '1h' => (isRecord(mark) && mark['ttl'] === '1h' ? '1h' : '5m');

/** Five minutes are the default and need no word. */
const markOf = (life: '5m' | '1h'): CacheControl =>
  life === '1h' ? { type: 'ephemeral', ttl: life } : { type: 'ephemeral' };

/** The lives of all explicit breakpoints, in the order of the prefix: tools, system, messages (CA-3). */
function lifetimes({ tools, system, turns }: Marked): readonly ('5m' | '1h')[] {
  const lives: ('5m' | '1h')[] = [];
  for (const tool of tools) if (tool['cache_control'] != null) lives.push(lifeOf(tool['cache_control']));
  for (const { block } of system)
    if (block['cache_control'] != null) lives.push(lifeOf(block['cache_control']));
  for (const { entries } of turns) {
    for (const { block } of entries) {
      if (block['cache_control'] != null) lives.push(lifeOf(block['cache_control']));
    }
  }
  return lives;
}

/**
 * True when the automatic breakpoint falls on a block that has one of its own; both must then agree (CA-5).
 */
function lastIsMarked({ turns }: Marked): boolean {
  return turns.at(-1)?.entries.at(-1)?.block['cache_control'] != null;
}

/** Drops the first `excess` breakpoints and gives the others one life, where one is named. */
function rewrite(marked: Marked, excess: number, life: '5m' | '1h' | undefined): Marked {
  let seen = 0;
  const next = (mark: unknown): CacheControl | undefined => {
    return seen++ < excess ? undefined : markOf(life ?? lifeOf(mark));
  };
  const entry = (item: Entry): Entry => {
    const mark = item.block['cache_control'];
    return mark == null ? item : { ...item, block: withMark(item.block, next(mark)) };
  };
  return {
    tools: marked.tools.map((tool) => {
      const { cache_control: mark, ...rest } = tool;
      if (mark == null) return tool;
      const kept = next(mark);
      return kept ? { ...rest, cache_control: kept } : rest;
    }),
    system: marked.system.map(entry),
    turns: marked.turns.map((turn) => ({ ...turn, entries: turn.entries.map(entry) })),
    automatic: marked.automatic && markOf(life ?? lifeOf(marked.automatic)),
  };
}
