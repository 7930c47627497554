import type { ConformanceCase } from 'runestone/testing';

/** What the cases say, by name: `ok`, or what should have been. */
export async function verdictsOf(cases: readonly ConformanceCase[]): Promise<ReadonlyMap<string, string>> {
  const verdicts = new Map<string, string>();
  for (const { name, run } of cases) {
    const verdict = await run().then(
      () => 'ok',
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    verdicts.set(name, verdict);
  }
  return verdicts;
}

/** The names of the cases that fail. */
export async function failing(cases: readonly ConformanceCase[]): Promise<string[]> {
  const verdicts = await verdictsOf(cases);
  return [...verdicts].filter(([, verdict]) => verdict !== 'ok').map(([name]) => name);
}
