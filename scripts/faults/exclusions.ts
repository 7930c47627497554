/** A row of the catalogue that is not run, and why. */
export interface Exclusion {
  readonly id: string;
  readonly reason: string;
}

/** At most eight over the whole catalogue. */
export const exclusions: readonly Exclusion[] = [
  {
    id: 'H13',
    reason:
      'reservations are held in the memory of one process and end with it: there are no shared ones yet',
  },
];
