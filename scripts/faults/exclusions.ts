/** A row of the catalogue that is not run, and why. */
export interface Exclusion {
  readonly id: string;
  readonly reason: string;
}

/** At most eight over the whole catalogue. */
export const exclusions: readonly Exclusion[] = [
  {
    id: 'H13',
    reason: 'needs a Redis: test/redis/processes.test.ts kills a process that holds reservations (R7)',
  },
];
