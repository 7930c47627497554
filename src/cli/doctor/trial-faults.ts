/** One way in which a host goes wrong, and whom it befalls. */
export interface TrialFault {
  /** As a caller of the host would say it; trials and gains go by it. */
  readonly name: string;
  /** The fault of the lab, without parameters; `ok` is none. */
  readonly selector: string;
  /** Whom it befalls: the first request alone, the target that it went to, or all of that target's provider. */
  readonly strikes: 'request' | 'target' | 'provider';
}

/**
 * What every route is held against. A choice of what hosts do most, not the whole of the lab: no two of these are met
 * by the same setting alone.
 */
export const trialFaults: readonly TrialFault[] = [
  { name: 'nothing', selector: 'ok', strikes: 'request' },
  // What retries are for: it passes.
  { name: '503, once', selector: 'status-503', strikes: 'request' },
  { name: '429 with retry-after, once', selector: '429-seconds', strikes: 'request' },
  { name: 'overloaded inside a 200, once', selector: 'error-before-content', strikes: 'request' },
  { name: 'connection reset, once', selector: 'reset-before-headers', strikes: 'request' },
  // What only another target helps against.
  { name: 'a web page for an answer', selector: 'html-200', strikes: 'target' },
  { name: 'silence instead of an answer', selector: 'hang-before-headers', strikes: 'target' },
  // What comes after the commit point: nothing may be repeated any more.
  { name: 'cut after the first words', selector: 'eof-mid-stream', strikes: 'request' },
  { name: 'broken JSON after the first words', selector: 'malformed-json', strikes: 'request' },
  { name: 'silence after the first words', selector: 'stall', strikes: 'request' },
  // What takes away more than a request: a key, a model, a whole host.
  { name: 'key refused', selector: 'status-401', strikes: 'provider' },
  { name: 'first target down', selector: 'status-503', strikes: 'target' },
  { name: 'first provider down', selector: 'reset-before-headers', strikes: 'provider' },
];
