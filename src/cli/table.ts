/** Columns of text under their titles, two spaces apart. */
export function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [titles, ...rows];
  const widths = titles.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]): string =>
    widths
      .map((width, column) => (row[column] ?? '').padEnd(width))
      .join('  ')
      .trimEnd();
  return `${all.map(line).join('\n')}\n`;
}

/** A sum of money as people read it: small ones to a hundredth of a cent. */
export function money(costUsd: number | undefined): string {
  if (costUsd === undefined) return 'unknown cost';
  return `${costUsd.toFixed(costUsd > 0 && costUsd < 1 ? 6 : 2)} USD`;
}
