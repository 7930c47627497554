import type { Batch, FinishReason, Warning } from '../chat/events.ts';
import { isCommitting } from '../chat/events.ts';
import type { JsonObject } from '../chat/json.ts';
import type { CostPrecision, UpstreamHead } from '../errors/index.ts';
import type { Usage } from '../usage/usage.ts';

/**
 * What one attempt has brought so far: the facts that telemetry, cost and the trace read when it ends.
 * Written once per batch, by the guard; every other layer only reads.
 */
export class Tally {
  readonly startedMs: number;
  /** When the first committing event came, on the monotonic clock. */
  committedMs: number | undefined;
  usage: Usage | undefined;
  finish: FinishReason | undefined;
  /** False as long as nothing has left the process, as far as the provider tells. */
  sent = true;
  /** What the headers of the answer said. */
  upstream: UpstreamHead | undefined;
  /** The turn so far, when upstream paused in the middle of it (FIN-8). */
  paused: JsonObject | undefined;
  /** The model that upstream says is answering. */
  servedModel: string | undefined;
  /** UTF-16 length of text, reasoning and tool arguments delivered; what an estimate of lost output starts from. */
  outputChars = 0;
  /** The same in pieces, so that an error can be kept from quoting them. */
  readonly delivered: string[] = [];
  /** Set when the attempt has ended. */
  costUsd: number | undefined;
  precision: CostPrecision = 'unknown';

  constructor(startedMs: number) {
    this.startedMs = startedMs;
  }

  get committed(): boolean {
    return this.committedMs !== undefined;
  }

  /** Attempt start to commit point. */
  get ttftMs(): number | undefined {
    return this.committedMs === undefined ? undefined : this.committedMs - this.startedMs;
  }

  /** Takes note of a batch; warnings go to the request's list. */
  add(batch: Batch, nowMs: () => number, warnings: Warning[]): void {
    for (const event of batch) {
      switch (event.type) {
        case 'text_delta':
        case 'refusal_delta':
        case 'reasoning_delta':
          this.#deliver(event.text);
          break;
        case 'tool_call_delta':
          this.#deliver(event.arguments);
          break;
        case 'custom_tool_call':
          this.#deliver(event.input);
          break;
        case 'start':
          this.servedModel = event.model;
          break;
        case 'usage':
          this.usage = event.usage;
          break;
        case 'warning':
          // A repeated attempt warns of the same again.
          if (!warnings.some((told) => sameWarning(told, event.warning))) warnings.push(event.warning);
          break;
        case 'finish':
          this.finish = event.reason;
          break;
        case 'pause':
          this.paused = event.message;
          break;
      }
      if (this.committedMs === undefined && isCommitting(event)) this.committedMs = nowMs();
    }
  }

  #deliver(text: string): void {
    this.outputChars += text.length;
    this.delivered.push(text);
  }
}

function sameWarning(left: Warning, right: Warning): boolean {
  return left.code === right.code && left.param === right.param && left.message === right.message;
}
