/** What becomes of a request at a host that goes wrong. */
export type Fate =
  | 'ok'
  | 'server_error'
  | 'overloaded'
  | 'html'
  | 'in_band'
  | 'reset_before_head'
  | 'cut'
  | 'reset';

/** One in ten goes wrong: 2 % each 500, RST before the head, clean cut, RST in the middle; 1 % each HTML, in-band error. */
const shares: readonly (readonly [Fate, number])[] = [
  ['server_error', 0.02],
  ['reset_before_head', 0.02],
  ['cut', 0.02],
  ['reset', 0.02],
  ['html', 0.01],
  ['in_band', 0.01],
];

/** The fate of the nth request: scattered, but the same in every run. */
export function fateAt(n: number): Fate {
  let draw = scattered(n);
  for (const [fate, share] of shares) {
    if (draw < share) return fate;
    draw -= share;
  }
  return 'ok';
}

/** Mulberry32 of one step: a number in `[0, 1)`. */
function scattered(n: number): number {
  let mixed = (n + 1) * 0x6d2b79f5;
  mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}
