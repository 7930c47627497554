import ts from 'typescript';
import { findInterface, memberName, needInterface, parseSource } from './declarations.ts';
import { type DocComment, docCommentOf } from './doc-comment.ts';

/** One option, by its path from the root of the options. */
export interface OptionRow {
  readonly path: string;
  readonly type: string;
  readonly required: boolean;
  readonly summary: string;
  readonly default?: string;
  /** A section: its own options follow. */
  readonly section: boolean;
}

/**
 * The options of an interface, sections unfolded.
 *
 * A section is a property whose type is an interface of its own that ends in `Options`; `| false` beside it is how
 * the section is switched off.
 *
 * @throws Error when an option has no doc comment
 */
export function optionRows(path: string, name: string): OptionRow[] {
  const { node, source } = needInterface(parseSource(path), name);
  return rowsOf(node, source, '');
}

function rowsOf(declared: ts.InterfaceDeclaration, source: ts.SourceFile, prefix: string): OptionRow[] {
  return declared.members.filter(ts.isPropertySignature).flatMap((member) => {
    const path = prefix + memberName(member);
    const section = sectionOf(member.type, source);
    const doc = docCommentOf(member, source) ?? (section && docCommentOf(section.node, section.source));
    if (!doc) throw new Error(`${source.fileName}: the option ${path} has no doc comment`);
    const row = makeRow(path, member, source, doc, section !== undefined);
    return section ? [row, ...rowsOf(section.node, section.source, `${path}.`)] : [row];
  });
}

function makeRow(
  path: string,
  member: ts.PropertySignature,
  source: ts.SourceFile,
  doc: DocComment,
  section: boolean,
): OptionRow {
  const full = plainType(member.type?.getText(source) ?? 'unknown');
  const type = section
    ? ['section', ...(/\| false$/.test(full) ? ['`false`'] : [])].join(' or ')
    : `\`${full}\``;
  const required = member.questionToken === undefined;
  return {
    path,
    type,
    required,
    summary: doc.summary,
    section,
    ...(doc.default !== undefined && { default: doc.default }),
  };
}

function sectionOf(type: ts.TypeNode | undefined, source: ts.SourceFile): ReturnType<typeof findInterface> {
  if (!type) return undefined;
  const parts: readonly ts.TypeNode[] = ts.isUnionTypeNode(type) ? type.types : [type];
  const named = parts.filter(ts.isTypeReferenceNode).map(({ typeName }) => typeName.getText(source));
  const [section] = named.filter((each) => each.endsWith('Options'));
  return section === undefined ? undefined : findInterface(source, section);
}

/** A type as a reader wants it: what keeps callers from writing to it is left out. */
function plainType(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/\breadonly /g, '')
    .replace(/\bReadonly<(.+)>$/, '$1')
    .replace(/^\| /, '');
}
