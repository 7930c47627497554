import type { ChatEvent, JsonObject } from '../../../provider-kit/index.ts';

/** One content block of an answer, from its start event to its stop. */
export interface ContentBlock {
  /** Takes one delta; a kind that does not belong to this block is ignored (STR-22). */
  delta(delta: JsonObject, out: ChatEvent[]): void;
  /** The block is complete, or the answer ended without saying so (V8). */
  close(out: ChatEvent[]): void;
  /** True when the events say all there is to it, so that the native form need not travel along (RES-9). */
  plain(): boolean;
  /** The block as a whole message would hold it; `undefined` when its input is not JSON. */
  native(): JsonObject | undefined;
}
