import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { typescriptFiles } from '../house/source-files.ts';
import { idShape } from './rules.ts';

/** Test files by the rule id they quote, as paths from the root of the repository. */
export type Quotes = ReadonlyMap<string, readonly string[]>;

/** Looks through the test files of a folder. */
export function quotesIn(folder: string): Quotes {
  const quotes = new Map<string, string[]>();
  for (const path of typescriptFiles(folder).filter((each) => each.endsWith('.test.ts'))) {
    for (const id of quotedIds(readFileSync(join(folder, path), 'utf8'))) {
      const files = quotes.get(id) ?? [];
      files.push(`${folder}/${path}`);
      quotes.set(id, files);
    }
  }
  return quotes;
}

/** The rule ids that stand in the string literals of a text: what comments say is no proof. */
export function quotedIds(text: string): Set<string> {
  const ids = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) {
      for (const [id] of node.text.matchAll(idShape)) ids.add(id);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('text.ts', text, ts.ScriptTarget.Latest, false));
  return ids;
}
