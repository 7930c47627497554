import type { Frame } from '../frame.ts';
import { type Answer, type AnswerBlock, stopReasonOf } from '../model-answer.ts';
import { argumentPieces } from '../pieces.ts';
import type { FaultFrames } from '../timeline.ts';
import { deltaUsage, startUsage } from './answer-usage.ts';
import { errorBody } from './error-body.ts';
import { blockOf, type MessageFacts, messageHead } from './message.ts';

/** An answer as the API streams it: start, a ping, the blocks one after the other, the stop reason, the end. */
export function framesOf(answer: Answer, facts: MessageFacts): Frame[] {
  const message = {
    ...messageHead(answer, facts),
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: startUsage(answer, facts.input),
  };
  const delta = {
    stop_reason: stopReasonOf(answer),
    stop_sequence: answer.stopSequence ?? null,
    ...(answer.stopDetails && { stop_details: answer.stopDetails }),
  };
  return [
    frame('message_start', { message }),
    ping,
    ...answer.blocks.flatMap(blockFrames),
    frame('message_delta', { delta, usage: deltaUsage(answer, facts.input) }),
    frame('message_stop', {}),
  ];
}

/** An event of the Messages wire: the type stands in its name and in its data. */
export function frame(type: string, data: Readonly<Record<string, unknown>>, content = false): Frame {
  return { event: type, data: { type, ...data }, ...(content && { content }) };
}

const ping: Frame = frame('ping', {});

/** What faults send. */
export function faultFrames(requestId: string): FaultFrames {
  return {
    ping,
    error: (type, message) => ({ event: 'error', data: errorBody({ type, message, requestId }) }),
  };
}

/** One block: opened, filled, closed. */
function blockFrames(block: AnswerBlock, index: number): Frame[] {
  // The start of a tool call is content already: from here on a caller may act on it.
  const isTool = block.type === 'tool_use';
  return [
    frame('content_block_start', { index, content_block: emptyBlock(block) }, isTool),
    ...deltasOf(block).map((delta) => frame('content_block_delta', { index, delta }, isContent(delta))),
    frame('content_block_stop', { index }),
  ];
}

/** A block as it starts: `redacted_thinking` comes whole, everything else empty (docs: streaming). */
function emptyBlock(block: AnswerBlock): Readonly<Record<string, unknown>> {
  switch (block.type) {
    case 'text':
      return { type: 'text', text: '' };
    case 'thinking':
      return { type: 'thinking', thinking: '', signature: '' };
    case 'redacted_thinking':
      return blockOf(block);
    case 'tool_use':
      return { ...blockOf(block), input: {} };
  }
}

type Delta = { readonly type: string } & Readonly<Record<string, string>>;

/** A thought's signature comes as one delta, right before the block ends (STR-9). */
function deltasOf(block: AnswerBlock): Delta[] {
  switch (block.type) {
    case 'text':
      return block.pieces.map((text) => ({ type: 'text_delta', text }));
    case 'thinking':
      return [
        ...block.pieces.map((thinking) => ({ type: 'thinking_delta', thinking })),
        { type: 'signature_delta', signature: block.signature },
      ];
    case 'redacted_thinking':
      return [];
    case 'tool_use':
      return (block.pieces ?? argumentPieces(block.input)).map((json) => ({
        type: 'input_json_delta',
        partial_json: json,
      }));
  }
}

/** Signatures and empty fragments commit nobody to anything. */
function isContent(delta: Delta): boolean {
  return delta.type !== 'signature_delta' && delta['partial_json'] !== '';
}
