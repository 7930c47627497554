/** How a check ended. A warning is worth a look and fails nothing; what is skipped was not asked for, or cannot be. */
export type FindingState = 'ok' | 'warning' | 'failed' | 'skipped';

/** What one check found. */
export interface Finding {
  /** What was looked at: `node`, `keys`, `reach anthropic`. */
  readonly check: string;
  readonly state: FindingState;
  /** What is so, in a few words. Never a key, nor a part of one. */
  readonly message: string;
  /** What to do about it. */
  readonly remedy?: string;
}
