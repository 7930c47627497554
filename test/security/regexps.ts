import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** A regular expression of the sources, and where it stands. */
export interface Found {
  readonly where: string;
  readonly pattern: RegExp;
}

/** Every literal in `src`, and those that are put together from others, as they were put together. */
export function regexpsIn(folder: string): Found[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => literalsOf(join(folder, name)));
}

function literalsOf(path: string): Found[] {
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
  const found: Found[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const at = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      const end = node.text.lastIndexOf('/');
      found.push({
        where: `${path}:${at}`,
        pattern: new RegExp(node.text.slice(1, end), node.text.slice(end + 1)),
      });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** What repeats in an attack, whatever the pattern: runs of every kind of character, and openings without an end. */
const RUNS: readonly string[] = [
  ...'aA0 \t\n\r\0"\'\\/<>(){}[]+-=.,:;&?@#%_|*~é日',
  ...[
    'a ',
    '0.',
    'a.',
    'a@',
    '//',
    '/v1',
    '\\u',
    '\\\\',
    '<a ',
    '((',
    '0 + ',
    ' \n',
    'a, ',
    '&a=',
    'key=',
    'sk-',
    'a-',
  ],
];

/** Texts of this length that nearly fit, and then do not: what makes a pattern go back. */
export function attacksOn(pattern: RegExp, length: number): readonly string[] {
  // Letters of the pattern itself get an attack past its beginning; its classes are met by the runs.
  const words = pattern.source.match(/[A-Za-z0-9_ -]{2,}/g) ?? [];
  const units = new Set([...RUNS, ...words, ...words.map((word) => `${word} `), words.join(' ')]);
  return [...units]
    .filter((unit) => unit !== '')
    .flatMap((unit) => {
      const run = unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
      return [run, `${run}\u0001`, `${words[0] ?? ''}${run}!`];
    });
}
