import { type Channel, tracingChannel } from 'node:diagnostics_channel';
import type { EventName } from './events.ts';

/** What subscribers of a channel get: one object from the start of a request or attempt to its end, ever fuller. */
export interface ChannelMessage {
  readonly requestId: string;
  readonly [fact: string]: unknown;
}

/** The part of an event that tells whose it is. */
interface Told {
  readonly requestId?: string;
  readonly attempt?: number;
}

const requests = tracingChannel('runestone:request');
const attempts = tracingChannel('runestone:attempt');

/** Events that have a channel. Both ends of a call come later than where it was made, hence `asyncEnd`. */
const CHANNELS: ReadonlyMap<EventName, Channel> = new Map<EventName, Channel>([
  ['request.start', requests.start],
  ['request.error', requests.error],
  ['request.stop', requests.asyncEnd],
  ['provider.request.start', attempts.start],
  ['provider.error', attempts.error],
  ['provider.request.stop', attempts.asyncEnd],
]);

/**
 * The same facts on Node's own channels, `tracing:runestone:request:start`, `…:asyncEnd` and `…:error`, and those of
 * `runestone:attempt`: for tools that watch a whole process. Nothing is built while nobody subscribes.
 *
 * What a subscriber throws is an uncaught exception of the process: that is Node's rule.
 *
 * @see https://nodejs.org/api/diagnostics_channel.html
 */
export class Channels {
  /** By request, and attempt where it is about one. */
  readonly #open = new Map<string, { requestId: string }>();

  wants(name: EventName): boolean {
    const channel = CHANNELS.get(name);
    // What has begun is seen to its end, whoever has left meanwhile.
    return channel !== undefined && (channel.hasSubscribers || this.#open.size > 0);
  }

  publish(name: EventName, payload: object): void {
    const channel = CHANNELS.get(name);
    if (!channel || !this.wants(name)) return;
    const { requestId = '', attempt }: Told = payload;
    const isAttempt = name.startsWith('provider.');
    const key = isAttempt ? `${attempt} ${requestId}` : requestId;
    const message = Object.assign(this.#open.get(key) ?? { requestId }, payload);
    if (name.endsWith('.stop')) this.#open.delete(key);
    else if (name.endsWith('.start')) this.#open.set(key, message);
    channel.publish(message);
  }
}
