/** A row of the catalogue that is not run, and why. */
export interface Exclusion {
  readonly id: string;
  readonly reason: string;
}

/** At most eight over the whole catalogue. */
export const exclusions: readonly Exclusion[] = [];
