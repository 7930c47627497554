import { isRecord } from '../../../provider-kit/index.ts';
import { limitBreakpoints } from './cache-limits.ts';
import { cacheMark } from './cache-marks.ts';
import type { CacheControl, WireTool, WireToolChoice } from './claude-wire.ts';
import { textEntry } from './content-parts.ts';
import { type Conversation, readConversation } from './conversation.ts';
import { type EncodeContext, refusal } from './encode-context.ts';
import { finishTurns, settleMarks } from './finish-turns.ts';
import { jsonTool } from './json-tool.ts';
import { settleLastTurn } from './last-turn.ts';
import { nativeField } from './native-fields.ts';
import { outputConfig } from './output-config.ts';
import { type AnswerFormat, answerFormat, usesJsonTool } from './response-format.ts';
import { strictTools } from './strict-tools.ts';
import { chooseThinking } from './thinking.ts';
import type { ThinkingChoice, WireThinking } from './thinking-budget.ts';
import { decideToolChoice, forcedCallText, type ToolDecision } from './tool-choice.ts';
import { type ToolDraft, toolDrafts } from './tool-drafts.ts';
import { settleToolLoop } from './tool-loop.ts';
import { createToolNames, reservedNames } from './tool-names.ts';
import type { Entry, Turn } from './turns.ts';

/** Everything that the model reads, and how it is to answer. */
export interface Prompt {
  readonly system: readonly Entry[];
  readonly turns: readonly Turn[];
  readonly tools: readonly WireTool[];
  /** The caller's path of each tool. */
  readonly toolPaths: readonly string[];
  readonly choice: WireToolChoice | undefined;
  readonly thinking: WireThinking | undefined;
  readonly outputConfig: Readonly<Record<string, unknown>> | undefined;
  readonly automaticCache: CacheControl | undefined;
  readonly aliases: ReadonlyMap<string, string>;
  readonly customTools: ReadonlySet<string>;
  readonly usesJsonTool: boolean;
  readonly isEphemeral: boolean;
  readonly isBestEffortJson: boolean;
  /** Reasoning of earlier turns is sent along. */
  readonly replaysThinking: boolean;
}

/**
 * Builds the prompt of a request (sections 1.2 to 1.9).
 *
 * The order is that of dependence: names before history, which is told in them; history before thinking, which a
 * broken tool loop switches off (TH-10); thinking before the choice of tools, which it may forbid to force (TC-10).
 */
export function encodePrompt(context: EncodeContext, maxTokens: number): Prompt {
  const names = createToolNames(context, reservedNames(context, usesJsonTool(context)));
  const declared = toolDrafts(context, names);
  const conversation = readConversation(context, names);
  const thinking = settleToolLoop(context, chooseThinking(context, maxTokens), conversation.turns);
  const format = answerFormat(context);
  const decision = decide(context, declared, conversation, thinking, format);
  const config = outputConfig(context, format.format, thinking);
  refuseCitedFormat(context, conversation, config);
  settleLastTurn(context, conversation, {
    thinks: thinking.thinking?.type === 'enabled',
    hasFormat: config?.['format'] !== undefined || format.toolSchema !== undefined,
  });
  if (decision.weakened) askForCall(conversation.turns, decision.weakened);
  const marked = limitBreakpoints(context, {
    tools: strictTools(context, decision.drafts, helpfulStrict(context, decision, conversation)),
    system: systemPrompt(conversation.system, format.instruction),
    turns: finishTurns(context, conversation.turns),
    automatic: automaticCache(context),
  });
  return {
    system: marked.system,
    turns: marked.turns,
    tools: marked.tools,
    automaticCache: marked.automatic,
    toolPaths: decision.drafts.map(({ from }) => from),
    choice: decision.choice,
    thinking: thinking.thinking,
    outputConfig: config,
    aliases: names.aliases,
    customTools: customNames(declared),
    usesJsonTool: format.toolSchema !== undefined,
    isEphemeral: decision.weakened !== undefined,
    isBestEffortJson: format.instruction !== undefined,
    replaysThinking: conversation.replaysThinking,
  };
}

/** Choice and tools as they stand once history and answer format have had their say. */
function decide(
  context: EncodeContext,
  declared: readonly ToolDraft[],
  conversation: Conversation,
  { thinking }: ThinkingChoice,
  format: AnswerFormat,
): ToolDecision {
  const decision = decideToolChoice(context, declared, thinking?.type === 'enabled');
  const named = declared.length > 0 ? decision : placeholders(conversation, decision);
  if (!format.toolSchema) return named;
  const thinks = thinking?.type === 'enabled' || thinking?.type === 'adaptive';
  return jsonTool(context, named, format.toolSchema, declared.length > 0, thinks);
}

/** History that calls tools needs their names declared; the model is told not to use them (TL-H10). */
function placeholders({ calledTools }: Conversation, decision: ToolDecision): ToolDecision {
  if (calledTools.size === 0) return decision;
  const drafts = [...calledTools].map((name): ToolDraft => {
    const tool = { name, description: 'Not available in this turn.', input_schema: { type: 'object' } };
    return { kind: 'function', name, tool, strict: false, from: 'tools' };
  });
  return { choice: { type: 'none' }, drafts, weakened: undefined };
}

/**
 * Tools that a weakened choice makes strict, so that a call the model does make is at least well formed (TC-10).
 *
 * None where reasoning of earlier turns is replayed: it is valid under unchanged tools only (T-10).
 */
function helpfulStrict(
  context: EncodeContext,
  { weakened, drafts }: ToolDecision,
  { replaysThinking }: Conversation,
): ReadonlySet<string> {
  if (!weakened || (replaysThinking && context.model.boundThinking)) return new Set();
  const names = drafts.flatMap(({ kind, tool }) => (kind === 'native' || !tool.name ? [] : [tool.name]));
  return new Set(weakened.wireName === undefined ? names : [weakened.wireName]);
}

/**
 * At the end of the last user turn, not in `system`, which is part of the prefix of all reasoning (TC-10).
 */
function askForCall(turns: readonly Turn[], { wireName, from }: NonNullable<ToolDecision['weakened']>): void {
  turns.findLast((turn) => turn.role === 'user')?.entries.push(textEntry(forcedCallText(wireName), from));
}

/**
 * The leading system messages, and after them what `response_format` needs said. One static block at the
 * end: what stands before it stays a cached prefix (RF-2).
 */
function systemPrompt(system: readonly Entry[], instruction: string | undefined): readonly Entry[] {
  const entries = settleMarks(system);
  return instruction === undefined ? entries : [...entries, textEntry(instruction, 'response_format')];
}

/** Caching is billed, so that it is on only where somebody asked for it (CA-2). */
function automaticCache(context: EncodeContext): CacheControl | undefined {
  const asked = cacheMark(context, { cache_control: nativeField(context, 'cache_control') }, '');
  const option = context.options.autoCache ?? false;
  if (asked || option === false) return asked;
  return { type: 'ephemeral', ...(option !== true && { ttl: option.ttl }) };
}

/** The API refuses citations together with a schema (RF-8). */
function refuseCitedFormat(
  context: EncodeContext,
  { turns }: Conversation,
  config: Readonly<Record<string, unknown>> | undefined,
): void {
  if (config?.['format'] === undefined) return;
  const isCited = (block: unknown): boolean => {
    if (!isRecord(block)) return false;
    const { citations, content } = block;
    if (isRecord(citations) && citations['enabled'] === true) return true;
    return Array.isArray(content) && content.some(isCited);
  };
  if (turns.some(({ entries }) => entries.some(({ block }) => isCited(block)))) {
    throw refusal(context, 'response_format', 'unsupported_value', 'cannot be combined with citations');
  }
}

/** All custom tools, also those left out of this turn: history may still show their calls. */
function customNames(drafts: readonly ToolDraft[]): ReadonlySet<string> {
  return new Set(drafts.flatMap(({ kind, tool }) => (kind === 'custom' && tool.name ? [tool.name] : [])));
}
