import { setMaxListeners } from 'node:events';

/**
 * Lets any number of requests follow one signal without a warning from Node.
 *
 * A caller's shutdown signal is followed by every request in flight, and Node 20 prints
 * `MaxListenersExceededWarning` at the eleventh. undici raises the limit of signals it is given, too.
 */
export function allowManyListeners(signal: AbortSignal): void {
  setMaxListeners(0, signal);
}
