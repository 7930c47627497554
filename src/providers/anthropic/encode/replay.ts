import type { ChatMessage } from '../../../provider-kit/index.ts';
import { isRecord } from '../../../provider-kit/index.ts';
import { resolveClaudeModel } from '../models/resolve-claude.ts';
import type { WireBlock } from './claude-wire.ts';
import type { EncodeContext } from './encode-context.ts';
import { isBlock } from './native-parts.ts';
import { isConsistent } from './replay-check.ts';
import { signedDetails, signedOnly } from './signed-blocks.ts';
import type { ToolNames } from './tool-names.ts';
import { isThinking } from './turns.ts';

/** How one assistant message goes back to the API. */
export interface Replay {
  /** The content Anthropic returned, to be sent verbatim; absent: the message's own fields are translated (TH-13). */
  readonly native: readonly WireBlock[] | undefined;
  /** Signed reasoning that the flat form puts in front (TH-12). */
  readonly flat: readonly WireBlock[];
  /** False: no reasoning of this message is sent (TH-14, TH-15). */
  readonly keepThinking: boolean;
  /** The answer was paused, and sending it back resumes it (MSG-19). */
  readonly paused: boolean;
  /** The answer was refused (FIN-6). */
  readonly refused: boolean;
}

/** What became of a message's reasoning. `lost` and `edited` decide over the messages around it. */
type Fate = 'kept' | 'lost' | 'edited' | 'natural';

/** One message's replay, as far as the message alone decides it. */
interface Finding {
  readonly replay: Replay;
  readonly fate: Fate;
}

/**
 * Decides for every assistant message of a conversation how it is replayed, by its index.
 *
 * Where thinking is bound to the history, kept blocks form one unbroken run (TH-14): a message that lost its
 * blocks ends the run towards the past, an edited one towards the future, both together leave nothing.
 */
export function planReplay(context: EncodeContext, names: ToolNames): ReadonlyMap<number, Replay> {
  const replays = new Map<number, Replay>();
  const thinking: number[] = [];
  let lastLost = -1;
  let firstEdited = Number.POSITIVE_INFINITY;
  for (const [index, message] of context.request.messages.entries()) {
    if (message.role !== 'assistant') continue;
    const { replay, fate } = inspect(context, message, names);
    replays.set(index, replay);
    if (fate === 'kept') thinking.push(index);
    else if (fate === 'lost') lastLost = index;
    else if (fate === 'edited' && firstEdited > index) firstEdited = index;
  }
  const isBroken = lastLost >= 0 && firstEdited !== Number.POSITIVE_INFINITY;
  for (const index of thinking) {
    const inRun = !isBroken && index > lastLost && index < firstEdited;
    const replay = replays.get(index);
    if (replay && (inRun || !context.model.boundThinking))
      replays.set(index, { ...replay, keepThinking: true });
  }
  return replays;
}

/** Stands for the report of a message that has none. */
const NOTHING: Readonly<Record<string, unknown>> = {};

/** How a message without any reasoning is replayed. */
const PLAIN: Replay = { native: undefined, flat: [], keepThinking: false, paused: false, refused: false };

/** Most messages of most histories: text and calls, and nothing that only Anthropic would say. */
const PLAIN_LOST: Finding = { replay: PLAIN, fate: 'lost' };

/** True when nothing in a message could hold reasoning, so that it need not be looked into. */
function isPlain(message: ChatMessage): boolean {
  return (
    typeof message.content === 'string' &&
    message.content !== '' &&
    message['provider_specific_fields'] === undefined &&
    message['thinking_blocks'] === undefined &&
    message['reasoning_details'] === undefined
  );
}

/** Looks at one message: which content goes back, and what its reasoning means for the messages around it. */
function inspect(context: EncodeContext, message: ChatMessage, names: ToolNames): Finding {
  if (isPlain(message)) return PLAIN_LOST;
  const fields = message['provider_specific_fields'];
  const told = isRecord(fields) && isRecord(fields['anthropic']) ? fields['anthropic'] : undefined;
  const own = told ?? NOTHING;
  const content = Array.isArray(own['content']) ? own['content'].filter(isBlock) : undefined;
  const edited = content !== undefined && !isConsistent(message, content, names);
  const flat = content ? [] : flatThinking(message);
  const native = edited ? undefined : content;
  const has = !edited && (flat.length > 0 || signedOnly(content ?? embedded(message)).length > 0);
  const paused = native !== undefined && own['stop_reason'] === 'pause_turn';
  const replay = { native, flat, keepThinking: false, paused, refused: own['stop_reason'] === 'refusal' };
  if (edited) return { replay, fate: 'edited' };
  if (has) return { replay, fate: isForeign(context, own) ? 'lost' : 'kept' };
  // A message that came with Anthropic's own report and no thinking never had any; without one it may have lost it.
  return { replay, fate: told || !saysSomething(message) ? 'natural' : 'lost' };
}

/**
 * True for reasoning of another model (TH-15), or of a prompt that will not be repeated (TC-10).
 * Neither fits the history that is sent now.
 */
function isForeign(context: EncodeContext, own: Readonly<Record<string, unknown>>): boolean {
  if (own['ephemeral_prompt'] === true) return true;
  const model = own['model'];
  return typeof model === 'string' && resolveClaudeModel(model)?.id !== context.model.id;
}

/**
 * In this order of trust: blocks inside `content`, `thinking_blocks`, `reasoning_details`; the first with a
 * signature wins.
 */
function flatThinking(message: ChatMessage): readonly WireBlock[] {
  if (signedOnly(embedded(message)).length > 0) return [];
  const blocks = message['thinking_blocks'];
  const signed = Array.isArray(blocks) ? signedOnly(blocks.filter(isBlock)) : [];
  if (signed.length > 0) return signed;
  const details = message['reasoning_details'];
  return Array.isArray(details) ? signedDetails(details) : [];
}

/** Reasoning that stands among the parts of the content, as some gateways hand it out. */
function embedded(message: ChatMessage): readonly WireBlock[] {
  const content = message.content;
  return typeof content === 'string' ? [] : (content ?? []).filter(isThinking);
}

/** A message that says nothing is not sent, and so cannot break a run of reasoning. */
function saysSomething(message: ChatMessage): boolean {
  return Boolean(message.content?.length || message.tool_calls?.length || message.function_call);
}
