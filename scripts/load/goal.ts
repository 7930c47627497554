import type { LoadHost } from './host.ts';

/** One number of a goal, and how far it may go. */
export interface Figure {
  readonly what: string;
  readonly is: number;
  readonly atMost: number;
}

/** One goal of the load. */
export interface Goal {
  readonly name: string;
  run(host: LoadHost, options: { readonly quick: boolean }): Promise<readonly Figure[]>;
}

/** A goal as text, and whether it is reached. */
export function judged(
  name: string,
  figures: readonly Figure[],
  seconds: number,
): { text: string; passed: boolean } {
  const lines = figures.map(({ what, is, atMost }) => {
    const mark = is <= atMost ? ' ' : '!';
    return `${mark} ${what}: ${shown(is)} (at most ${shown(atMost)})`;
  });
  return {
    text: [`${name}, ${seconds.toFixed(1)} s`, ...lines].join('\n'),
    passed: figures.every(({ is, atMost }) => is <= atMost),
  };
}

function shown(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(3);
}
