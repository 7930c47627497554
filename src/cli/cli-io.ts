/** All that a command touches of the process it runs in. Data goes to `out`, talk to `err`. */
export interface CliIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Everything on standard input; empty where that is a terminal. */
  readonly input: () => Promise<string>;
  /** Whether `err` is read by a person who likes colours: a terminal, without `NO_COLOR`. */
  readonly isColoured: boolean;
  /** Calls back on Ctrl-C. Returns what takes that back. */
  readonly onInterrupt: (stop: () => void) => () => void;
}

/** What the shell is told. */
export const exitCode = {
  ok: 0,
  /** The request, or a check, failed. */
  failed: 1,
  /** The command was not understood. */
  usage: 2,
  /** Ended by Ctrl-C, as shells say it: 128 and the number of the signal. */
  interrupted: 130,
} as const;

/** The command was not understood: its message says why. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
