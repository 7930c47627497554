import type { Catalogue } from './read-catalogue.ts';

/** Where the rows of a list came from: a line for each page, with how many rows rest on it. */
export function sourcesText({ provider, asOf, rows }: Catalogue): string {
  const counts = new Map<string, number>();
  for (const { source } of rows) counts.set(source, (counts.get(source) ?? 0) + 1);
  const pages = [...counts].map(([page, count]) => `${String(count).padStart(6)}  ${page}`);
  return [`${provider}: ${rows.length} models, read ${asOf}`, ...pages].join('\n');
}
