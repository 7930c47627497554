import type { ChatMessage } from '../../../provider-kit/index.ts';
import { addAssistant } from './assistant-turn.ts';
import { type ConversationState, createConversationState } from './conversation-state.ts';
import { type EncodeContext, refusal, warn } from './encode-context.ts';
import { planReplay } from './replay.ts';
import { addSystem, placeSystemTurns } from './system-turns.ts';
import type { ToolNames } from './tool-names.ts';
import { addFunctionResult, addToolResult } from './tool-results.ts';
import { type Entry, isThinking, type Turn } from './turns.ts';
import { addUser } from './user-turn.ts';

/** The messages of a request, translated but for what depends on the rest of it. */
export interface Conversation {
  readonly turns: Turn[];
  readonly system: Entry[];
  /** Wire names of the tools that history calls, in order of appearance. */
  readonly calledTools: ReadonlySet<string>;
  /** True when reasoning of earlier turns goes back to the API. */
  readonly replaysThinking: boolean;
  /** True when the last message is a paused answer, sent back to be resumed (MSG-19). */
  readonly isPaused: boolean;
}

/** Adds one message to the conversation. */
type Adder = (state: ConversationState, message: ChatMessage, index: number) => void;

/** What each role becomes. `developer` is not stronger than `system` (MSG-1). */
const ADDERS: Readonly<Record<ChatMessage['role'], Adder>> = {
  system: addSystem,
  developer: addSystem,
  user: addUser,
  assistant: addAssistant,
  tool: addToolResult,
  function: addFunctionResult,
};

/** Translates the messages in one pass (section 1.2). */
export function readConversation(context: EncodeContext, names: ToolNames): Conversation {
  const { messages } = context.request;
  checkList(context, messages);
  const state = createConversationState(context, names, planReplay(context, names));
  for (const [index, message] of messages.entries()) {
    if (!Object.hasOwn(ADDERS, message.role)) {
      throw refusal(context, `messages[${index}].role`, 'invalid_value', 'unknown role');
    }
    ADDERS[message.role](state, message, index);
  }
  checkCalls(state, messages);
  const turns = placeSystemTurns(context, state.turns);
  return {
    turns,
    system: state.system,
    calledTools: state.calledTools,
    replaysThinking: turns.some((turn) => turn.entries.some(({ block }) => isThinking(block))),
    isPaused: state.replays.get(messages.length - 1)?.paused ?? false,
  };
}

/** REQ-1: callers of the encoder alone have not passed the pool's own checks. */
function checkList(context: EncodeContext, messages: unknown): void {
  if (messages === undefined || messages === null || (Array.isArray(messages) && messages.length === 0)) {
    throw refusal(context, 'messages', 'missing_required_parameter', 'expected at least one message');
  }
  if (!Array.isArray(messages)) throw refusal(context, 'messages', 'invalid_type', 'expected an array');
}

/** A conversation cannot end in open calls (TL-R7); open calls within it got an error result (TL-R4). */
function checkCalls(state: ConversationState, messages: readonly ChatMessage[]): void {
  for (const call of state.book.calls) {
    if (call.answered) continue;
    if (call.message === messages.length - 1) {
      const param = `messages[${call.message}].tool_calls`;
      throw refusal(
        state.context,
        param,
        'invalid_value',
        'every tool call needs a result before the next turn',
      );
    }
    warn(state.context, 'missing_tool_result', call.from, 'the call has no result; an error result is sent');
  }
}
