import ts from 'typescript';
import { policy, type Verdict } from '../../src/errors/policy.ts';
import { needAlias, parseSource } from './declarations.ts';
import { docCommentOf } from './doc-comment.ts';

/** One error code, what it means and what the pool does about it. */
export interface ErrorRow extends Verdict {
  readonly code: string;
  readonly summary: string;
}

/**
 * The rows of `policy`, each with the doc comment of its code.
 *
 * @throws Error when a code has no row or no doc comment
 */
export function errorRows(codesPath: string): ErrorRow[] {
  const source = parseSource(codesPath);
  const codes = ['ProviderErrorCode', 'PoolErrorCode'].flatMap((name) =>
    literalsOf(needAlias(source, name), source),
  );
  const verdicts: Readonly<Record<string, Verdict>> = policy;
  const rows = codes.map(({ code, summary }): ErrorRow => {
    const verdict = verdicts[code];
    if (!verdict) throw new Error(`${codesPath}: ${code} has no row in the policy`);
    return { code, summary, ...verdict };
  });
  const listed = new Set(codes.map(({ code }) => code));
  const astray = Object.keys(policy).filter((code) => !listed.has(code));
  if (astray.length > 0)
    throw new Error(`${codesPath}: the policy has rows for ${astray.join(', ')}, which are no codes`);
  return rows;
}

function literalsOf(
  alias: ts.TypeAliasDeclaration,
  source: ts.SourceFile,
): { readonly code: string; readonly summary: string }[] {
  const members: readonly ts.TypeNode[] = ts.isUnionTypeNode(alias.type) ? alias.type.types : [alias.type];
  return members.filter(ts.isLiteralTypeNode).map(({ literal }) => {
    const code = ts.isStringLiteral(literal) ? literal.text : '';
    const doc = commentBeforeBar(literal, source);
    if (!doc) throw new Error(`${source.fileName}: the code ${code} has no doc comment`);
    return { code, summary: doc };
  });
}

/** The comment stands before the bar of the union, which belongs to no member: looked for backwards in the text. */
function commentBeforeBar(literal: ts.Node, source: ts.SourceFile): string | undefined {
  const before = source.text
    .slice(0, literal.getStart(source))
    .replace(/\|\s*$/, '')
    .trimEnd();
  if (!before.endsWith('*/')) return undefined;
  const comment = ts.createSourceFile(
    'comment.ts',
    `${before.slice(before.lastIndexOf('/**'))}\nlet _;`,
    ts.ScriptTarget.Latest,
  );
  return docCommentOf(comment.statements[0]!, comment)?.summary;
}
