import type { Answer } from '../model-answer.ts';
import { bodySteps, eventStream, pause } from '../plain-steps.ts';
import type { AnswerReply, Fault, Pace } from '../reply.ts';
import type { Step } from '../step.ts';
import { jsonSteps, streamSteps } from '../timeline.ts';
import { errorBody, statusOf } from './error-body.ts';
import { faultFrames, framesOf } from './frames.ts';
import { type MessageFacts, messageOf } from './message.ts';

/** What the request and the upstream add to a reply. */
export interface Circumstances {
  readonly requestId: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What the request's `stream` field says. */
  readonly stream: boolean;
}

/** An answer with its content settled. */
export type SettledReply = AnswerReply & { readonly answer: Answer };

/** An answer on the wire: the same content as a stream or as JSON, with the same faults. */
export function answerSteps(reply: SettledReply, facts: MessageFacts, around: Circumstances): Step[] {
  const headers = { ...around.headers, ...reply.headers };
  return around.stream ? streamed(reply, facts, around, headers) : whole(reply, facts, around, headers);
}

/** As server-sent events. */
function streamed(
  { answer, pace = {}, style = {}, faults = [] }: SettledReply,
  facts: MessageFacts,
  { requestId }: Circumstances,
  headers: Readonly<Record<string, string>>,
): Step[] {
  const delivery = { pace, style, faults, faultFrames: faultFrames(requestId) };
  return [
    ...pause(pace.firstMs),
    { kind: 'head', status: 200, headers: { ...eventStream, ...headers } },
    ...streamSteps(framesOf(answer, facts), delivery),
  ];
}

/** As one JSON body: faults strike where they can, and an in-band error becomes the status it would have been. */
function whole(
  { answer, pace = {}, faults = [] }: SettledReply,
  facts: MessageFacts,
  { requestId }: Circumstances,
  headers: Readonly<Record<string, string>>,
): Step[] {
  const firstMs = durationOf(answer, pace);
  const inBand = faults.find(
    (fault): fault is Fault & { kind: 'error_event' } => fault.kind === 'error_event',
  );
  if (inBand) {
    const body = errorBody({ type: inBand.type, message: inBand.message, requestId });
    return bodySteps(statusOf(inBand.type), body, { firstMs, headers });
  }
  const body = messageOf(answer, facts);
  if (faults.length === 0) return bodySteps(200, body, { firstMs, headers });
  // Chunked, because a body shorter than its `content-length` would not end but hang.
  return [
    ...pause(firstMs),
    { kind: 'head', status: 200, headers: { 'content-type': 'application/json', ...headers } },
    ...jsonSteps(new TextEncoder().encode(JSON.stringify(body)), faults),
  ];
}

/** A model does not write faster because nobody looks on. */
function durationOf(answer: Answer, { firstMs = 0, delayMs = 0 }: Pace): number {
  const pieces = answer.blocks.reduce(
    (sum, block) => sum + ('pieces' in block ? (block.pieces?.length ?? 1) : 0),
    0,
  );
  return firstMs + delayMs * Math.max(0, pieces - 1);
}
