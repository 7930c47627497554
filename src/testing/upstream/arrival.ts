import type { Step } from './step.ts';

/** The head of a request, whose body is still under way. */
export interface Arrival {
  readonly method: string;
  /** Without the query string, percent-encoding left as it came. */
  readonly path: string;
  /** Names in lower case, keys in the clear: not for logs. */
  readonly headers: Readonly<Record<string, string>>;
  /** 1 for the first request of its connection, 2 for the second, … */
  readonly nthOfConnection: number;
}

/** What is decided at the door. */
export interface Admission {
  /** A beginning of the path that is no business of the APIs: they see what comes after it. */
  readonly prefix?: string;
  /** Played at once, the body unread: for hosts that answer, leave or fall silent during an upload. */
  readonly steps?: readonly Step[];
}

/**
 * Looks at each request before its body is read.
 *
 * @returns `undefined` to let it pass as it is
 */
export type Gate = (arrival: Arrival) => Admission | undefined;

/** The rest of a path behind its prefix; a prefix it does not begin with is none. */
export function withoutPrefix(path: string, prefix: string): string {
  if (prefix === '' || !path.startsWith(prefix)) return path;
  const rest = path.slice(prefix.length);
  return rest.startsWith('/') ? rest : `/${rest}`;
}
