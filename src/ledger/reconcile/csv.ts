import { ConfigError } from '../../errors/index.ts';

/**
 * Rows of a file of comma-separated values, by the names in its first line. Tabs do as well as commas.
 *
 * As RFC 4180 has it: cells may be quoted, and then hold anything. Empty lines are no rows; a cell that is missing is
 * empty.
 *
 * @throws ConfigError where a quote is not closed, or stands inside a plain cell: to leave the rest out would be worse
 */
export function parseCsv(text: string): Record<string, string>[] {
  const [header = [], ...rows] = cellsOf(text.replace(/^\ufeff/, ''));
  return rows
    .filter((cells) => cells.some((cell) => cell !== ''))
    .map((cells) => Object.fromEntries(header.map((name, index) => [name.trim(), cells[index] ?? ''])));
}

function cellsOf(text: string): string[][] {
  const separator = /^[^\n]*\t/.test(text) ? '\t' : ',';
  const rows: string[][] = [];
  let row: string[] = [];
  // A cell, quoted or plain, and what ends it.
  const cell = new RegExp(`(?:"((?:[^"]|"")*)"|([^"\\n${separator}]*))(${separator}|\\r?\\n|$)`, 'gy');
  while (cell.lastIndex < text.length) {
    const match = cell.exec(text);
    if (!match) throw new ConfigError(`reconcile: line ${rows.length + 1} of the CSV cannot be read`);
    const [, quoted, plain = '', end = ''] = match;
    row.push(quoted === undefined ? plain.replace(/\r$/, '') : quoted.replaceAll('""', '"'));
    if (end === separator) {
      if (cell.lastIndex === text.length) row.push('');
      else continue;
    }
    rows.push(row);
    row = [];
  }
  return rows;
}
