/** What stands before the name of a fault in a path. */
const LAB_PATH = /^\/lab\/([^/]+)/;

/** The header that selects a fault, and goes before the path. */
export const LAB_HEADER = 'x-lab-fault';

/** The parameters behind the name of a fault. */
export class LabParams {
  readonly #values: ReadonlyMap<string, string>;

  constructor(values: ReadonlyMap<string, string>) {
    this.#values = values;
  }

  /** A parameter as a number; `fallback` where it is missing or none. `Infinity` is one. */
  number(name: string, fallback: number): number {
    const value = Number(this.#values.get(name) ?? Number.NaN);
    return Number.isNaN(value) ? fallback : value;
  }

  /** A parameter as it stands. */
  text(name: string, fallback: string): string {
    return this.#values.get(name) ?? fallback;
  }
}

/** A fault and its parameters, as a request names them. */
export interface Selector {
  readonly name: string;
  readonly params: LabParams;
  /** As it was written, the same for all requests that share a sequence. */
  readonly text: string;
}

/**
 * Reads `stall;ms=60` or `stall?ms=60&n=3`. Both ways of writing mean the same.
 *
 * `s`, the steps of a sequence, takes all that follows it: `seq;id=7;s=stall;ms=60|ok`.
 */
export function parseSelector(text: string): Selector {
  const [, name = '', rest = ''] = /^([^;?]*)[;?]?(.*)$/s.exec(text) ?? [];
  const steps = /(?:^|[;&])s=(.*)$/s.exec(rest);
  const before = steps ? rest.slice(0, steps.index) : rest;
  const values = new Map<string, string>(steps ? [['s', steps[1] ?? '']] : []);
  for (const pair of before.split(/[;&]/)) {
    const at = pair.indexOf('=');
    if (at > 0) values.set(pair.slice(0, at), pair.slice(at + 1));
  }
  return { name, params: new LabParams(values), text };
}

/** The path that selects a fault: what a base URL ends in. Any text is safe in it. */
export function selectorPath(selector: string): string {
  return `/lab/${encodeURIComponent(selector)}`;
}

/** The selector in a path, and the part of the path that it takes up; `undefined` where there is none. */
export function selectorIn(path: string): { readonly prefix: string; readonly text: string } | undefined {
  const [prefix, encoded] = LAB_PATH.exec(path) ?? [];
  if (prefix === undefined || encoded === undefined) return undefined;
  try {
    return { prefix, text: decodeURIComponent(encoded) };
  } catch {
    return { prefix, text: encoded };
  }
}

/** The steps of a sequence: `error-before-content|ok`. */
export function stepsOf({ params }: Selector): readonly Selector[] {
  return params
    .text('s', 'ok')
    .split('|')
    .map((step) => parseSelector(step));
}
