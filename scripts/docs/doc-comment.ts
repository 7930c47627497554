import ts from 'typescript';

/** What a doc comment says, as the tables of the guides need it. */
export interface DocComment {
  /** First paragraph, on one line, without tags. */
  readonly summary: string;
  /** What follows `@default`, wherever in the comment it stands. */
  readonly default?: string;
}

/** The doc comment right before a node; `undefined` when there is none. */
export function docCommentOf(node: ts.Node, source: ts.SourceFile): DocComment | undefined {
  const ranges = ts.getLeadingCommentRanges(source.text, node.pos) ?? [];
  const raw = ranges
    .map(({ pos, end }) => source.text.slice(pos, end))
    .findLast((text) => text.startsWith('/**'));
  return raw === undefined ? undefined : parseDocComment(raw);
}

/** Reads the text of a doc comment, delimiters included. */
export function parseDocComment(raw: string): DocComment {
  const lines = raw
    .replace(/^\/\*\*|\*\/$/g, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trim());
  const text = lines.join('\n').trim();
  const [, fallback] = /@default\s+([^\n]+)/.exec(text) ?? [];
  const summary = text
    .replace(/@default\s+[^\n]+/, '')
    .split(/\n\s*\n|\n@/)[0]!
    .replace(/\s+/g, ' ')
    .trim();
  return { summary, ...(fallback !== undefined && { default: fallback.trim() }) };
}
