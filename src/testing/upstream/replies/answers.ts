import type { Answer, AnswerBlock } from '../model-answer.ts';
import { piecesOf, wordsOf } from '../pieces.ts';
import type { AnswerReply, Fault, Pace } from '../reply.ts';
import { signatureOf } from '../signature.ts';
import type { SseStyle } from '../sse-style.ts';

/** How an answer is given; everything about it but its blocks. */
export interface AnswerOptions extends Pace, Omit<Answer, 'blocks'> {
  /** Content events that a text is cut into. @default one for each word */
  readonly chunks?: number;
  readonly style?: SseStyle;
  readonly faults?: readonly Fault[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** A tool call of a scripted answer. */
export interface ToolUse {
  readonly name: string;
  readonly input?: Readonly<Record<string, unknown>>;
  /** @default made up, unique in this upstream */
  readonly id?: string;
  /** Exact fragments of argument text. @default the input's JSON, cut up */
  readonly pieces?: readonly string[];
}

/** Any blocks. Without them, the answer is made up from the request: see `defaultAnswer`. */
export function answer(blocks?: readonly AnswerBlock[], options: AnswerOptions = {}): AnswerReply {
  const { firstMs, delayMs, chunks: _, style, faults, headers, ...said } = options;
  return {
    kind: 'answer',
    ...(blocks && { answer: { blocks, ...said } }),
    pace: { ...(firstMs !== undefined && { firstMs }), ...(delayMs !== undefined && { delayMs }) },
    ...(style && { style }),
    ...(faults && { faults }),
    ...(headers && { headers }),
  };
}

/**
 * Text: a string cut up by `chunks`, or the exact pieces.
 *
 * @example
 * upstream.script(reply.text('Hello there', { chunks: 3, delayMs: 20 }));
 */
export function text(said: string | readonly string[], options: AnswerOptions = {}): AnswerReply {
  return answer([textBlock(said, options)], options);
}

/**
 * Calls of tools, after a sentence when `text` is given.
 *
 * @example
 * upstream.script(reply.tools([{ name: 'weather', input: { city: 'Paris' } }], { text: 'Let me look.' }));
 */
export function tools(
  calls: readonly ToolUse[],
  options: AnswerOptions & { readonly text?: string } = {},
): AnswerReply {
  const { text: said, ...rest } = options;
  const uses = calls.map(({ input = {}, ...call }): AnswerBlock => ({ type: 'tool_use', ...call, input }));
  return answer([...(said === undefined ? [] : [textBlock(said, rest)]), ...uses], rest);
}

/** What `thinking` can vary. */
export interface ThinkingOptions extends AnswerOptions {
  /** The answer after the thought. @default `Done.` */
  readonly text?: string;
  /** @default one that this upstream recognises when the block comes back */
  readonly signature?: string;
  /** The signature alone, as current models send it unless asked for a summary. */
  readonly hidden?: boolean;
}

/**
 * A signed thought, then text.
 *
 * The upstream refuses the block in a later turn when a single character of it has changed (TH-16), so a round
 * trip that passes has kept it.
 */
export function thinking(thought: string, options: ThinkingOptions = {}): AnswerReply {
  const { text: said = 'Done.', hidden = false, signature, ...rest } = options;
  const shown = hidden ? '' : thought;
  const block: AnswerBlock = {
    type: 'thinking',
    pieces: wordsOf(shown),
    signature: signature ?? signatureOf(shown),
  };
  return answer([block, textBlock(said, rest)], rest);
}

/** A refusal by the safety system: status 200, `stop_reason: refusal`, after `text` when given. */
export function refusal(
  explanation: string,
  options: AnswerOptions & { readonly text?: string } = {},
): AnswerReply {
  const { text: said, ...rest } = options;
  return answer(said === undefined ? [] : [textBlock(said, rest)], {
    stopReason: 'refusal',
    stopDetails: { type: 'refusal', category: 'general_harms', explanation },
    ...rest,
  });
}

function textBlock(said: string | readonly string[], { chunks }: AnswerOptions): AnswerBlock {
  if (typeof said !== 'string') return { type: 'text', pieces: said };
  return { type: 'text', pieces: chunks === undefined ? wordsOf(said) : piecesOf(said, chunks) };
}
