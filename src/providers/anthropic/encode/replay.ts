import type { ChatMessage } from '../../../provider-kit/index.ts';
import { isRecord } from '../../../provider-kit/index.ts';
import { resolveClaudeModel } from '../models/resolve.ts';
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

interface Finding extends Omit<Replay, 'keepThinking'> {
  readonly fate: Fate;
}

/**
 * Decides for every assistant message of a conversation how it is replayed, by its index.
 *
 * Where thinking is bound to the history, kept blocks form one unbroken run (TH-14): a message that lost its
 * blocks ends the run towards the past, an edited one towards the future, both together leave nothing.
 */
export function planReplay(context: EncodeContext, names: ToolNames): ReadonlyMap<number, Replay> {
  const findings = new Map<number, Finding>();
  let lastLost = -1;
  let firstEdited = Number.POSITIVE_INFINITY;
  for (const [index, message] of context.request.messages.entries()) {
    if (message.role !== 'assistant') continue;
    const finding = inspect(context, message, names);
    findings.set(index, finding);
    if (finding.fate === 'lost') lastLost = index;
    if (finding.fate === 'edited' && firstEdited > index) firstEdited = index;
  }
  const inRun = (index: number): boolean => {
    if (!context.model.boundThinking) return true;
    if (lastLost >= 0 && firstEdited !== Number.POSITIVE_INFINITY) return false;
    return index > lastLost && index < firstEdited;
  };
  return new Map(
    [...findings].map(([index, { fate, ...rest }]) => [
      index,
      { ...rest, keepThinking: fate === 'kept' && inRun(index) },
    ]),
  );
}

const NOTHING: Readonly<Record<string, unknown>> = {};

function inspect(context: EncodeContext, message: ChatMessage, names: ToolNames): Finding {
  const fields = message['provider_specific_fields'];
  const told = isRecord(fields) && isRecord(fields['anthropic']) ? fields['anthropic'] : undefined;
  const own = told ?? NOTHING;
  const native = Array.isArray(own['content']) ? own['content'].filter(isBlock) : undefined;
  const edited = native !== undefined && !isConsistent(message, native, names);
  const flat = native ? [] : flatThinking(message);
  const has = !edited && (flat.length > 0 || signedOnly(native ?? embedded(message)).length > 0);
  const paused = own['stop_reason'] === 'pause_turn' && !edited && native !== undefined;
  const rest = {
    native: edited ? undefined : native,
    flat,
    paused,
    refused: own['stop_reason'] === 'refusal',
  };
  if (edited) return { ...rest, fate: 'edited' };
  if (has) return { ...rest, fate: isForeign(context, own) ? 'lost' : 'kept' };
  // A message that came with Anthropic's own report and no thinking never had any; without one it may have lost it.
  return { ...rest, fate: told || !saysSomething(message) ? 'natural' : 'lost' };
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

/** In this order of trust: blocks inside `content`, `thinking_blocks`, `reasoning_details`; the first with a signature wins. */
function flatThinking(message: ChatMessage): readonly WireBlock[] {
  if (signedOnly(embedded(message)).length > 0) return [];
  const blocks = message['thinking_blocks'];
  const signed = Array.isArray(blocks) ? signedOnly(blocks.filter(isBlock)) : [];
  if (signed.length > 0) return signed;
  const details = message['reasoning_details'];
  return Array.isArray(details) ? signedDetails(details) : [];
}

function embedded(message: ChatMessage): readonly WireBlock[] {
  const content = message.content;
  return typeof content === 'string' ? [] : (content ?? []).filter(isThinking);
}

function saysSomething(message: ChatMessage): boolean {
  return Boolean(message.content?.length || message.tool_calls?.length || message.function_call);
}
