import { isCacheable, withMark } from './cache-marks.ts';
import type { WireBlock } from './claude-wire.ts';
import { type EncodeContext, refusal, warn } from './encode-context.ts';
import { isBlock } from './native-parts.ts';
import { type Entry, isEmptyText, type Turn } from './turns.ts';

/** Most messages a request may have after translation (REQ-1). */
const MAX_MESSAGES = 100_000;

/**
 * Brings turns into the form that is sent: results alone where they must be alone, cache marks on blocks that may
 * carry them, no empty turn.
 *
 * @throws ProviderError `invalid_request` for a user turn that says nothing (MSG-20), and for too many messages or images
 */
export function finishTurns(context: EncodeContext, turns: readonly Turn[]): Turn[] {
  const finished: Turn[] = [];
  for (const turn of turns) {
    const entries = settleMarks(turn.resultsOnly ? foldIntoResults(context, turn.entries) : turn.entries);
    if (entries.length > 0) finished.push({ ...turn, entries });
    else if (turn.empty !== undefined) {
      throw refusal(context, turn.empty, 'invalid_value', 'a user message needs visible content');
    }
  }
  if (finished.length === 0) {
    throw refusal(context, 'messages', 'invalid_value', 'expected a user message besides the system prompt');
  }
  if (context.options.requireUserFirst && finished[0]?.role !== 'user') {
    finished.unshift({
      role: 'user',
      entries: [{ block: { type: 'text', text: '.' }, from: 'messages[0]' }],
    });
  }
  if (finished.length > MAX_MESSAGES) {
    throw refusal(
      context,
      'messages',
      'array_above_max_length',
      `at most ${MAX_MESSAGES} messages can be sent`,
    );
  }
  checkImages(context, finished);
  return finished;
}

/**
 * After a turn that mixed server and client tools, only results may answer: what the user said beside them moves
 * into the last result (TL-R13).
 */
function foldIntoResults(context: EncodeContext, entries: readonly Entry[]): readonly Entry[] {
  const results = entries.filter(({ block }) => block.type === 'tool_result');
  const others = entries.filter(({ block }) => block.type !== 'tool_result' && !isEmptyText(block));
  const last = results.at(-1);
  if (!last || others.length === 0) return entries;
  const param = others[0]?.from ?? last.from;
  warn(
    context,
    'moved_into_tool_result',
    param,
    'nothing but results may follow here; sent inside the last result',
  );
  const content = [
    ...asBlocks(last.block['content']),
    ...others.map(({ block }) => withMark(block, undefined)),
  ];
  return [...results.slice(0, -1), { ...last, block: { ...last.block, content } }];
}

/** The content of a result in its long form; the short form of a text has no room for more. */
function asBlocks(content: unknown): readonly unknown[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  return Array.isArray(content) ? content : [];
}

/**
 * Takes out empty texts and moves breakpoints from blocks that cannot carry them to the block before in the same
 * turn; without one they are dropped (CA-4).
 */
export function settleMarks(entries: readonly Entry[]): Entry[] {
  const settled: Entry[] = [];
  for (const entry of entries) {
    const mark = entry.block['cache_control'];
    if (isCacheable(entry.block)) {
      settled.push(entry);
      continue;
    }
    if (!isEmptyText(entry.block)) settled.push({ ...entry, block: withMark(entry.block, undefined) });
    if (mark !== undefined) giveMark(settled, mark);
  }
  return settled;
}

/** Gives a homeless mark to the last block that can carry it and has none. */
function giveMark(settled: Entry[], mark: unknown): void {
  const index = settled.findLastIndex(({ block }) => isCacheable(block));
  const entry = settled[index];
  if (!entry || entry.block['cache_control'] !== undefined) return;
  settled[index] = { ...entry, block: { ...entry.block, cache_control: mark } };
}

/** 600 images a request, 100 where the window is 200k (PRT-8). */
function checkImages(context: EncodeContext, turns: readonly Turn[]): void {
  const window = context.model.contextWindow;
  const limit = window !== undefined && window <= 200_000 ? 100 : 600;
  let images = 0;
  for (const turn of turns) for (const { block } of turn.entries) images += imagesIn(block);
  if (images > limit) {
    throw refusal(context, 'messages', 'array_above_max_length', `at most ${limit} images can be sent`);
  }
}

/** Images in results count too: the limit is the request's. */
function imagesIn(block: WireBlock): number {
  if (block.type === 'image') return 1;
  const content = block['content'];
  if (block.type !== 'tool_result' || !Array.isArray(content)) return 0;
  return content.filter((inner) => isBlock(inner) && inner.type === 'image').length;
}
