import { type Frame, indexAfter } from './frame.ts';
import type { Fault, Pace } from './reply.ts';
import { encodeFrame, type SseStyle } from './sse-style.ts';
import { type Step, splitSteps } from './step.ts';

/** Frames that faults need beside the answer's own, in the words of a wire. */
export interface FaultFrames {
  readonly ping: Frame;
  error(type: string, message: string): Frame;
}

/** What turns an answer's frames into steps. */
export interface Delivery {
  readonly pace: Pace;
  readonly style: SseStyle;
  readonly faults: readonly Fault[];
  readonly faultFrames: FaultFrames;
}

/** The body of a streamed answer: every frame at its pace, every fault at its point, then a clean end. */
export function streamSteps(frames: readonly Frame[], delivery: Delivery): Step[] {
  return splitSteps([...bodySteps(frames, delivery)], delivery.style.split ?? 'event');
}

function* bodySteps(frames: readonly Frame[], delivery: Delivery): Generator<Step> {
  const { faults, pace, style } = delivery;
  let contents = 0;
  // One turn more than there are frames: a fault may come after the last.
  for (let index = 0; index <= frames.length; index++) {
    const frame = frames[index];
    const bytes = frame ? encodeFrame(frame, style, index === 0) : new Uint8Array();
    const half = bytes.length >> 1;
    let sent = 0;
    for (const fault of faults) {
      if (indexAfter(frames, fault.after) !== index) continue;
      if ('midEvent' in fault && fault.midEvent && sent < half) {
        yield { kind: 'bytes', bytes: bytes.subarray(0, half) };
        sent = half;
      }
      yield* faultSteps(fault, delivery);
    }
    if (frame?.content && contents++ > 0 && pace.delayMs) yield { kind: 'wait', ms: pace.delayMs };
    if (frame) yield { kind: 'bytes', bytes: bytes.subarray(sent) };
  }
  yield { kind: 'end', how: 'eof' };
}

/** Steps behind an `end` are never played, so nothing need be cut off after one. */
function* faultSteps(fault: Fault, { style, faultFrames }: Delivery): Generator<Step> {
  switch (fault.kind) {
    case 'end':
      yield { kind: 'end', how: fault.how };
      return;
    case 'stall':
      yield { kind: 'wait', ms: fault.ms };
      return;
    case 'pings': {
      const { everyMs, ms } = fault;
      yield { kind: 'repeat', bytes: encodeFrame(faultFrames.ping, style), everyMs, ms };
      return;
    }
    case 'error_event':
      yield { kind: 'bytes', bytes: encodeFrame(faultFrames.error(fault.type, fault.message), style) };
      yield { kind: 'end', how: fault.how };
  }
}

/**
 * The body of a JSON answer with the same faults.
 *
 * JSON has no events: a fault anywhere inside the answer strikes in the middle of the text, one at `head` before
 * it and one at `stop` behind it.
 */
export function jsonSteps(bytes: Uint8Array, faults: readonly Fault[]): Step[] {
  const steps: Step[] = [];
  let sent = 0;
  const writeUpTo = (offset: number): void => {
    if (offset > sent) steps.push({ kind: 'bytes', bytes: bytes.subarray(sent, offset) });
    sent = Math.max(sent, offset);
  };
  for (const fault of faults) {
    writeUpTo(fault.after === 'head' ? 0 : fault.after === 'stop' ? bytes.length : bytes.length >> 1);
    if (fault.kind === 'end') steps.push({ kind: 'end', how: fault.how });
    else if (fault.kind !== 'error_event') steps.push({ kind: 'wait', ms: fault.ms });
  }
  writeUpTo(bytes.length);
  steps.push({ kind: 'end', how: 'eof' });
  return steps;
}
