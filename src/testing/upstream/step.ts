/** How a connection ends: a clean end of body, a TCP reset, a bare close without end of body, or never. */
export type Ending = 'eof' | 'reset' | 'close' | 'hang';

/**
 * One thing the upstream does to a connection.
 *
 * Every reply is compiled to a list of steps and played in order, so a new fault is a new way to write this list.
 * An `end` before any `head` means that the client never sees a response.
 */
export type Step =
  | { readonly kind: 'head'; readonly status: number; readonly headers: Readonly<Record<string, string>> }
  /**
   * Handed to the kernel in a turn of the event loop of its own, so that the client can read it apart. `bare` goes
   * past HTTP, straight to the socket: for heads and framing that no server would write.
   */
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly bare?: boolean }
  /** `Infinity` waits until the client leaves. */
  | { readonly kind: 'wait'; readonly ms: number }
  /** The same bytes over and over for `ms`, `everyMs` apart; `Infinity` until the client leaves. */
  | {
      readonly kind: 'repeat';
      readonly bytes: Uint8Array;
      readonly everyMs: number;
      readonly ms: number;
      readonly bare?: boolean;
    }
  | { readonly kind: 'end'; readonly how: Ending };

/** Several byte arrays as one. */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/** How a body is cut into writes: one for each event, all in one, or so many bytes a write (a list is cycled). */
export type Split = 'event' | 'once' | number | readonly number[];

/**
 * Regroups the bytes of a body without moving them past a wait or an end.
 *
 * @param split - `event` leaves the steps as they are: their author wrote one for each event
 */
export function splitSteps(steps: readonly Step[], split: Split): Step[] {
  if (split === 'event') return [...steps];
  const regrouped: Step[] = [];
  let run: Uint8Array[] = [];
  const flush = (): void => {
    for (const bytes of chop(joinBytes(run), split)) regrouped.push({ kind: 'bytes', bytes });
    run = [];
  };
  for (const step of steps) {
    if (step.kind === 'bytes') run.push(step.bytes);
    else {
      flush();
      regrouped.push(step);
    }
  }
  flush();
  return regrouped;
}

/** Cuts bytes into the sizes given, over and over. */
function* chop(bytes: Uint8Array, split: Exclude<Split, 'event'>): Generator<Uint8Array> {
  const sizes = split === 'once' ? [bytes.length] : typeof split === 'number' ? [split] : split;
  let offset = 0;
  for (let turn = 0; offset < bytes.length; turn++) {
    // A size of 0 would never get on; it is read as 1.
    const size = Math.max(1, sizes[turn % sizes.length] ?? 1);
    yield bytes.subarray(offset, offset + size);
    offset += size;
  }
}
