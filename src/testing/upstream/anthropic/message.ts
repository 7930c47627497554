import { type Answer, type AnswerBlock, stopReasonOf } from '../model-answer.ts';
import { messageUsage } from './answer-usage.ts';
import type { InputUsage } from './prompt-cache.ts';

/** What an answer needs beside its content to become a message. */
export interface MessageFacts {
  /** `msg_…` */
  readonly id: string;
  /** The model asked for; an answer may claim another. */
  readonly model: string;
  readonly input: InputUsage;
}

/** A complete message: the body of a non-streamed answer. */
export function messageOf(answer: Answer, facts: MessageFacts): Readonly<Record<string, unknown>> {
  return {
    ...messageHead(answer, facts),
    content: answer.blocks.map(blockOf),
    stop_reason: stopReasonOf(answer),
    stop_sequence: answer.stopSequence ?? null,
    ...(answer.stopDetails && { stop_details: answer.stopDetails }),
    usage: messageUsage(answer, facts.input),
  };
}

/** What a message says about itself, in `message_start` too. */
export function messageHead(answer: Answer, { id, model }: MessageFacts): Readonly<Record<string, unknown>> {
  return { id, type: 'message', role: 'assistant', model: answer.model ?? model };
}

/** A finished block, as the API writes it. */
export function blockOf(block: AnswerBlock): Readonly<Record<string, unknown>> {
  switch (block.type) {
    case 'text':
      return { type: 'text', text: block.pieces.join('') };
    case 'thinking':
      return { type: 'thinking', thinking: block.pieces.join(''), signature: block.signature };
    case 'redacted_thinking':
      return { type: 'redacted_thinking', data: block.data };
    case 'tool_use':
      return {
        type: 'tool_use',
        id: block.id,
        name: block.name,
        input: block.input,
        caller: { type: 'direct' },
      };
  }
}
