import type { Frame } from '../frame.ts';
import type { Answer, AnswerBlock } from '../model-answer.ts';
import { piecesOf, wordsOf } from '../pieces.ts';
import { fingerprint } from '../signature.ts';
import type { FaultFrames } from '../timeline.ts';
import {
  type CompletionFacts,
  completionHead,
  finishReasonOf,
  hasText,
  refusalOf,
} from './openai-completion.ts';
import { inBandError } from './openai-error.ts';
import { chatUsage } from './openai-tokens.ts';

/** What the request says about its stream. */
export interface ChunkOptions {
  /** A chunk with the usage at the end, and `usage: null` in all others. @default false */
  readonly includeUsage?: boolean;
  /** Random-looking text in every chunk, so that its size tells nothing about its content. @default true */
  readonly obfuscate?: boolean;
}

type Delta = Readonly<Record<string, unknown>>;

/** An answer as the API streams it: the role, the content, the finish reason, the usage if asked for, `[DONE]`. */
export function chunkFramesOf(answer: Answer, facts: CompletionFacts, options: ChunkOptions = {}): Frame[] {
  const { includeUsage = false, obfuscate = true } = options;
  const head = completionHead(answer, facts, 'chat.completion.chunk');
  const chunk = (delta: Delta, finish: string | null = null): Readonly<Record<string, unknown>> => ({
    ...head,
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
    ...(includeUsage && { usage: null }),
    ...(obfuscate && { obfuscation: fingerprint(JSON.stringify(delta)) }),
  });
  const usage = { ...head, choices: [], usage: chatUsage(answer, facts.promptTokens) };
  return [
    { data: chunk({ role: 'assistant', content: hasText(answer) ? '' : null, refusal: null }) },
    ...deltasOf(answer).map((delta) => ({ data: chunk(delta), content: true })),
    { data: chunk({}, finishReasonOf(answer)), finish: true },
    ...(includeUsage ? [{ data: usage }] : []),
    { data: '[DONE]' },
  ];
}

/** What faults send. There is no ping on this wire; hosts keep a connection alive with comments. */
export const chunkFaultFrames: FaultFrames = {
  ping: { comment: 'keep-alive' },
  error: (type, message) => ({ data: inBandError(type, message) }),
};

function deltasOf(answer: Answer): Delta[] {
  const calls = answer.blocks.filter((block) => block.type === 'tool_use');
  const refusal = refusalOf(answer);
  return [
    ...answer.blocks.flatMap((block) =>
      block.type === 'tool_use' ? callDeltas(block, calls.indexOf(block)) : textDeltas(block),
    ),
    ...(refusal === undefined ? [] : wordsOf(refusal).map((piece) => ({ refusal: piece }))),
  ];
}

function textDeltas(block: Exclude<AnswerBlock, { type: 'tool_use' }>): Delta[] {
  if (block.type === 'redacted_thinking') return [];
  const name = block.type === 'text' ? 'content' : 'reasoning_content';
  return block.pieces.map((piece) => ({ [name]: piece }));
}

/** Id and name first, then the arguments in pieces of a few characters; `{}` where there are none. */
function callDeltas(
  { id, name, input, pieces }: Extract<AnswerBlock, { type: 'tool_use' }>,
  index: number,
): Delta[] {
  const json = JSON.stringify(input);
  const fragments = pieces ?? piecesOf(json, Math.ceil(json.length / 12));
  return [
    { tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] },
    ...fragments.map((fragment) => ({ tool_calls: [{ index, function: { arguments: fragment } }] })),
  ];
}
