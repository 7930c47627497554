import type { ChatMessage, ContentPart } from '../../../provider-kit/index.ts';
import { isRecord } from '../../../provider-kit/index.ts';
import { pastCalls } from './assistant-calls.ts';
import { requireBeta } from './beta-names.ts';
import { cacheMark, markLast, withMark } from './cache-marks.ts';
import type { WireBlock } from './claude-wire.ts';
import { textEntry } from './content-parts.ts';
import type { ConversationState } from './conversation-state.ts';
import { refusal, warn } from './encode-context.ts';
import { nativeBlock } from './native-parts.ts';
import type { Replay } from './replay.ts';
import { liveCalls } from './replay-check.ts';
import { signedOnly } from './signed-blocks.ts';
import { type NewCall, openResults, uniqueId } from './tool-calls.ts';
import { appendTurn, type Entry, isBlank, isEmptyText, isServerResult, isThinking } from './turns.ts';

/** An assistant message while its blocks are gathered. */
interface Draft {
  readonly state: ConversationState;
  readonly message: ChatMessage;
  readonly index: number;
  readonly path: string;
  readonly replay: Replay;
  /** The blocks so far, in the order in which they will be sent. */
  readonly entries: Entry[];
  /** The client's calls among them; the next turn has to answer each. */
  readonly calls: NewCall[];
}

/** Adds an assistant message: what Anthropic returned, or reasoning, text and calls in this order (MSG-9). */
export function addAssistant(state: ConversationState, message: ChatMessage, index: number): void {
  const replay = state.replays.get(index);
  if (!replay) return;
  const path = `messages[${index}]`;
  const draft: Draft = { state, message, index, path, replay, entries: [], calls: [] };
  if (replay.native) replayNative(draft, replay.native);
  else translateFlat(draft);
  markLast(draft.entries, cacheMark(state.context, message, path));
  // A turn that shows nothing is dropped, and its neighbours become one (MSG-24, MSG-25, PRT-14).
  if (draft.entries.every(({ block }) => isThinking(block) || isBlank(block))) return;
  const turn = appendTurn(state.turns, 'assistant', draft.entries);
  if (draft.calls.length > 0) {
    const mixed = turn.entries.some(({ block }) => isServerSide(block));
    openResults(state.book, state.turns, draft.calls, index, mixed);
  }
}

/**
 * True for what a tool of Anthropic's left behind in a turn; it decides how the turn may be answered
 * (TL-R13).
 */
function isServerSide(block: WireBlock): boolean {
  return block.type === 'server_tool_use' || block.type === 'mcp_tool_use' || isServerResult(block);
}

/**
 * Verbatim, but for what the API would refuse: unsigned or foreign reasoning, empty texts, void calls
 * (TH-13).
 */
function replayNative(draft: Draft, native: readonly WireBlock[]): void {
  const live = new Set(liveCalls(native));
  for (const block of native) {
    requireBeta(draft.state.context, 'block', block.type);
    if (isThinking(block)) pushThinking(draft, [block]);
    else if (block.type !== 'tool_use') pushVisible(draft, block, draft.path);
    else if (live.has(block)) pushNativeCall(draft, block, draft.path);
  }
  const legacy = draft.message.function_call;
  if (legacy && draft.calls[0]) draft.state.legacyCalls.set(legacy.name, draft.calls[0].source);
}

/**
 * The caller's own fields as blocks: reasoning, then text, then calls. An empty text beside a call would be
 * refused with "text content blocks must be non-empty" (MSG-26, TL-H1).
 */
function translateFlat(draft: Draft): void {
  const { state, message, path } = draft;
  pushThinking(draft, draft.replay.flat);
  const content = message.content;
  if (typeof content === 'string') {
    if (content !== '') draft.entries.push(textEntry(content, `${path}.content`));
  } else {
    for (const [at, part] of (content ?? []).entries()) pushPart(draft, part, `${path}.content[${at}]`);
  }
  pushRefusal(draft);
  checkAudio(draft);
  const known = new Set(draft.calls.map((call) => call.source));
  for (const { block, ...call } of pastCalls(state, message, draft.index, known)) {
    draft.entries.push({ block, from: call.from });
    draft.calls.push(call);
  }
}

/**
 * One part of the content. Images and files are missing from what an assistant may say since 2026-10-21, and
 * are refused like unknown parts (PRT-15).
 */
function pushPart(draft: Draft, part: ContentPart, from: string): void {
  const { context } = draft.state;
  if (part.type === 'refusal') return;
  if (part.type === 'text') {
    const { text, citations } = part;
    // The assistant's own citations stay legal, unlike a user's (T-2).
    const cited = Array.isArray(citations) && citations.length > 0;
    const block = { type: 'text', text: String(text), ...(cited && { citations }) };
    pushVisible(draft, withMark(block, cacheMark(context, part, from)), from);
    return;
  }
  const block = nativeBlock(context, part, from, 'assistant');
  if (isThinking(block)) pushThinking(draft, [block]);
  else if (block.type === 'tool_use') pushNativeCall(draft, block, from);
  else pushVisible(draft, block, from);
}

/** An empty text stays only as the bearer of a cache breakpoint (MSG-23, CA-4). */
function pushVisible(draft: Draft, block: WireBlock, from: string): void {
  if (!isEmptyText(block) || block['cache_control'] !== undefined) draft.entries.push({ block, from });
}

/**
 * Reasoning goes back signed or not at all: unsigned it is a 400, and as text it would show everybody what
 * the caller was not meant to see (TH-12).
 */
function pushThinking(draft: Draft, blocks: readonly WireBlock[]): void {
  if (!draft.replay.keepThinking) return;
  for (const block of signedOnly(blocks)) draft.entries.push({ block, from: draft.path });
}

/**
 * A call among native blocks. Its id stays unless an earlier call of the request already has it, in which
 * case the API would answer "`tool_use` ids must be unique" (TL-H7).
 */
function pushNativeCall(draft: Draft, block: WireBlock, from: string): void {
  const source = typeof block['id'] === 'string' ? block['id'] : '';
  const id = uniqueId(draft.state.book, source || `tu_m${draft.index}_${draft.calls.length}`);
  draft.entries.push({ block: id === source ? block : { ...block, id }, from });
  draft.calls.push({ source, id, from });
  if (typeof block['name'] === 'string') draft.state.calledTools.add(block['name']);
}

/**
 * A refusal becomes text where there is no other, but for our own: Anthropic advises to leave that turn out
 * (PRT-14).
 */
function pushRefusal(draft: Draft): void {
  const { message, entries, replay } = draft;
  const content = typeof message.content === 'string' ? [] : (message.content ?? []);
  const words = message.refusal ?? content.find((part) => part.type === 'refusal')?.['refusal'];
  if (typeof words !== 'string' || words === '' || replay.refused) return;
  if (entries.some(({ block }) => block.type === 'text' && !isBlank(block))) return;
  entries.push(textEntry(words, `${draft.path}.refusal`));
}

/** A spoken answer cannot be sent back; its text can (PRT-16). */
function checkAudio({ state, message, entries, path }: Draft): void {
  if (!isRecord(message['audio'])) return;
  const param = `${path}.audio`;
  if (!entries.some(({ block }) => block.type === 'text')) {
    throw refusal(
      state.context,
      param,
      'unsupported_content_part',
      'send the transcript as `content` instead',
    );
  }
  warn(state.context, 'unsupported_parameter', param, 'only the text of the message is sent');
}
