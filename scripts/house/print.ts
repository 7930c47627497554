import type { HouseNumbers, Sized, Spread } from './measure.ts';

/** The columns of the table of houses, in the order of `tableRow`. */
export const tableHeader: readonly string[] = [
  'house',
  'files / lines',
  'file lines med / p90 / max',
  'files > 300',
  'fn lines med / p90 / max',
  'fns > 50',
  'comment',
  'exports documented',
  '`any` / `as` per 1k',
  'biggest cycle value / incl. types',
  'test : src lines',
  'mirrored tests',
];

/** One row of that table, as Markdown. */
export function tableRow(name: string, numbers: HouseNumbers): string {
  return markdownRow([
    name,
    `${numbers.files} / ${numbers.lines}`,
    spreadCell(numbers.fileLines),
    `${numbers.filesOver300}%`,
    spreadCell(numbers.functionLines),
    `${numbers.functionsOver50}%`,
    `${numbers.comment}%`,
    `${numbers.documented}%`,
    `${numbers.anyKeywords} / ${numbers.assertions}`,
    `${numbers.valueCycle} / ${numbers.typeCycle}`,
    `${numbers.testRatio}`,
    `${numbers.mirrored}%`,
  ]);
}

/** Header, rule and row, then the longest files and functions: what `npm run metrics` shows. */
export function metricsText(name: string, numbers: HouseNumbers): string {
  return [
    markdownRow(tableHeader),
    markdownRow(tableHeader.map(() => '---')),
    tableRow(name, numbers),
    '',
    `biggest files: ${listSized(numbers.biggestFiles)}`,
    `biggest functions: ${listSized(numbers.biggestFunctions)}`,
  ].join('\n');
}

function markdownRow(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function spreadCell({ median, p90, max }: Spread): string {
  return `${median} / ${p90} / ${max}`;
}

function listSized(items: readonly Sized[]): string {
  return items.map(({ what, lines }) => `${lines} ${what}`).join('; ');
}
