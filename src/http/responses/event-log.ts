import type { JsonObject } from '../../chat/json.ts';
import { eventFrame } from '../event-frame.ts';

/** Numbers the events of one streamed response, from 0 and without a gap. */
export class EventLog {
  #next = 0;

  /** The number of the next event, for frames that are written by hand. */
  number(): number {
    return this.#next++;
  }

  /** The frame of one event. */
  event(type: string, fields: JsonObject): string {
    return eventFrame(type, { sequence_number: this.#next++, ...fields });
  }
}

/** Where an item stands in the output, and what it is called. */
export interface ItemPlace {
  readonly id: string;
  readonly output_index: number;
}

/** How an item ended: `incomplete` was cut by the limit of the answer, or by a filter. */
export type ItemStatus = 'completed' | 'incomplete';

/** An item of the output while it is being told. Every method returns the frames of what it told. */
export interface OutputItem {
  /** The item as it is by now. */
  readonly item: JsonObject;
  /** Tells that it begins. */
  open(): string;
  /** Tells that it is complete, with all of it. */
  close(status: ItemStatus): string;
}

/** That an item begins. */
export const added = (log: EventLog, { output_index }: ItemPlace, item: JsonObject): string =>
  log.event('response.output_item.added', { output_index, item });

/** That an item is complete. */
export const done = (log: EventLog, { output_index }: ItemPlace, item: JsonObject): string =>
  log.event('response.output_item.done', { output_index, item });
