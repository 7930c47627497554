import type { Frame } from './frame.ts';
import type { Answer } from './model-answer.ts';
import { bodySteps, eventStream, pause } from './plain-steps.ts';
import type { AnswerReply, Fault, Pace } from './reply.ts';
import type { Step } from './step.ts';
import { type FaultFrames, jsonSteps, streamSteps } from './timeline.ts';

/** An answer with its content settled. */
export type SettledReply = AnswerReply & { readonly answer: Answer };

/** The same answer in both shapes that a wire has for it, and what goes around it. */
export interface WireAnswer {
  readonly headers: Readonly<Record<string, string>>;
  /** What the request's `stream` field says. */
  readonly stream: boolean;
  /** As events. */
  frames(): readonly Frame[];
  /** As one JSON body. */
  body(): unknown;
  readonly faultFrames: FaultFrames;
  /** An error inside a stream, as the HTTP answer that it would have been. */
  failure(type: string, message: string): { readonly status: number; readonly body: unknown };
}

/** An answer on a wire: the same content as a stream or as JSON, with the same faults. */
export function answerSteps(reply: SettledReply, wire: WireAnswer): Step[] {
  const headers = { ...wire.headers, ...reply.headers };
  const isStream = reply.as === undefined ? wire.stream : reply.as === 'stream';
  const steps = isStream ? streamed(reply, wire, headers) : whole(reply, wire, headers);
  return reply.edit?.steps ? [...reply.edit.steps(steps)] : steps;
}

/** As server-sent events. */
function streamed(
  { pace = {}, style = {}, faults = [], edit }: SettledReply,
  wire: WireAnswer,
  headers: Readonly<Record<string, string>>,
): Step[] {
  const delivery = { pace, style, faults, faultFrames: wire.faultFrames };
  return [
    ...pause(pace.firstMs),
    { kind: 'head', status: 200, headers: { ...eventStream, ...headers } },
    ...streamSteps(edit?.frames ? edit.frames(wire.frames()) : wire.frames(), delivery),
  ];
}

/** As one JSON body: faults strike where they can, and an in-band error becomes the status it would have been. */
function whole(
  { answer, pace = {}, faults = [], edit }: SettledReply,
  wire: WireAnswer,
  headers: Readonly<Record<string, string>>,
): Step[] {
  const firstMs = durationOf(answer, pace);
  const inBand = faults.find(
    (fault): fault is Fault & { kind: 'error_event' } => fault.kind === 'error_event',
  );
  if (inBand) {
    const { status, body } = wire.failure(inBand.type, inBand.message);
    return bodySteps(status, body, { firstMs, headers });
  }
  const body = edit?.body ? edit.body(wire.body()) : wire.body();
  if (faults.length === 0) return bodySteps(200, body, { firstMs, headers });
  // Chunked, because a body shorter than its `content-length` would not end but hang.
  return [
    ...pause(firstMs),
    { kind: 'head', status: 200, headers: { 'content-type': 'application/json', ...headers } },
    ...jsonSteps(new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body)), faults),
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
