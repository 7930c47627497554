/** How often fast-check tries a property: 200 times, or as often as the environment variable `RUNS` says. */
export const usualRuns: number = Number(process.env['RUNS'] ?? 200);

/**
 * The options of one property.
 *
 * @param share - of the usual number: more where a run costs nothing, less where it opens sockets
 */
export const runs = (share = 1): { readonly numRuns: number } => ({
  numRuns: Math.max(1, Math.round(usualRuns * share)),
});
