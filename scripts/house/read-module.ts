import ts from 'typescript';

/** A function with a body of its own, and how many lines it spans. */
export interface FunctionFact {
  readonly name: string;
  readonly lines: number;
}

/** One way in which a module names another: import, re-export, `import()`, `require()` or an import type. */
export interface ImportFact {
  readonly specifier: string;
  /** Erased by the compiler. */
  readonly typeOnly: boolean;
  /** Written at the top of the file rather than in an expression or a type. */
  readonly declared: boolean;
  /** 1-based. */
  readonly line: number;
}

/** A comment, wherever it stands. Lines are 1-based and inclusive. */
export interface CommentFact {
  readonly text: string;
  readonly firstLine: number;
  readonly lastLine: number;
  /** Stands behind code on the same line. */
  readonly trailing: boolean;
}

/** What the house wants to know of one module. */
export interface ModuleFacts {
  readonly path: string;
  readonly lines: number;
  readonly nonBlankLines: number;
  readonly comments: readonly CommentFact[];
  readonly functions: readonly FunctionFact[];
  readonly imports: readonly ImportFact[];
  readonly exportedDeclarations: number;
  readonly documentedDeclarations: number;
  readonly anyKeywords: number;
  /** `as T`; `as const` is free. */
  readonly assertions: number;
  /** Member accesses such as `process.env` or `console.log`, as `object.member`, with their line. */
  readonly accesses: readonly { readonly text: string; readonly line: number }[];
}

type Draft = {
  -readonly [Key in keyof ModuleFacts]: ModuleFacts[Key] extends readonly (infer Item)[]
    ? Item[]
    : ModuleFacts[Key];
};

/** Reads one module with the TypeScript parser. No type checker is involved, so it is fast and order-free. */
export function readModule(path: string, text: string): ModuleFacts {
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const draft: Draft = {
    path,
    lines: text.split('\n').length - (text.endsWith('\n') ? 1 : 0),
    nonBlankLines: text.split('\n').filter((line) => line.trim() !== '').length,
    comments: commentsOf(tree),
    functions: [],
    imports: [],
    exportedDeclarations: 0,
    documentedDeclarations: 0,
    anyKeywords: 0,
    assertions: 0,
    accesses: [],
  };
  const visit = (node: ts.Node): void => {
    noteFunction(draft, tree, node);
    noteExport(draft, node);
    noteImport(draft, tree, node);
    noteEscapes(draft, tree, node);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return draft;
}

function noteFunction(draft: Draft, tree: ts.SourceFile, node: ts.Node): void {
  if (!ts.isFunctionLike(node) || !('body' in node) || node.body === undefined) return;
  // A one-expression arrow is an expression, not a function with a life of its own.
  if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) return;
  const lines = lineAt(tree, node.end) - lineAt(tree, node.getStart(tree)) + 1;
  draft.functions.push({ name: nameOf(node, tree), lines });
}

function nameOf(node: ts.SignatureDeclaration, tree: ts.SourceFile): string {
  if (node.name) return node.name.getText(tree);
  const { parent } = node;
  const named =
    ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent) || ts.isPropertyDeclaration(parent);
  return named
    ? parent.name.getText(tree)
    : ts.isConstructorDeclaration(node)
      ? 'constructor'
      : '(anonymous)';
}

function noteExport(draft: Draft, node: ts.Node): void {
  if (!ts.canHaveModifiers(node)) return;
  if (!ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return;
  draft.exportedDeclarations++;
  if (ts.getJSDocCommentsAndTags(node).length > 0) draft.documentedDeclarations++;
}

function noteImport(draft: Draft, tree: ts.SourceFile, node: ts.Node): void {
  const add = (literal: ts.Node | undefined, typeOnly: boolean, declared: boolean): void => {
    if (!literal || !ts.isStringLiteralLike(literal)) return;
    draft.imports.push({
      specifier: literal.text,
      typeOnly,
      declared,
      line: lineAt(tree, node.getStart(tree)),
    });
  };
  if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, importsTypesOnly(node.importClause), true);
  else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, exportsTypesOnly(node), true);
  else if (ts.isImportTypeNode(node)) {
    add(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, true, false);
  } else if (ts.isCallExpression(node)) {
    const loads =
      node.expression.kind === ts.SyntaxKind.ImportKeyword || node.expression.getText(tree) === 'require';
    if (loads) add(node.arguments[0], false, false);
  }
}

function importsTypesOnly(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const names = clause.namedBindings;
  return !clause.name && names !== undefined && ts.isNamedImports(names) && allTypes(names.elements);
}

function exportsTypesOnly(node: ts.ExportDeclaration): boolean {
  if (node.isTypeOnly) return true;
  return (
    node.exportClause !== undefined &&
    ts.isNamedExports(node.exportClause) &&
    allTypes(node.exportClause.elements)
  );
}

function allTypes(elements: readonly { readonly isTypeOnly: boolean }[]): boolean {
  return elements.length > 0 && elements.every(({ isTypeOnly }) => isTypeOnly);
}

function noteEscapes(draft: Draft, tree: ts.SourceFile, node: ts.Node): void {
  if (node.kind === ts.SyntaxKind.AnyKeyword) draft.anyKeywords++;
  if (ts.isAsExpression(node) && node.type.getText(tree) !== 'const') draft.assertions++;
  const line = lineAt(tree, node.getStart(tree));
  if (ts.isPropertyAccessExpression(node)) {
    draft.accesses.push({ text: `${node.expression.getText(tree)}.${node.name.text}`, line });
  } else if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)) {
    draft.accesses.push({ text: `${node.expression.getText(tree)}.${node.argumentExpression.text}`, line });
  }
}

function commentsOf(tree: ts.SourceFile): CommentFact[] {
  const found = new Map<number, CommentFact>();
  const add = (ranges: readonly ts.CommentRange[] | undefined, trailing: boolean): void => {
    for (const { pos, end } of ranges ?? []) {
      if (found.has(pos)) continue;
      const text = tree.text.slice(pos, end);
      found.set(pos, { text, trailing, firstLine: lineAt(tree, pos), lastLine: lineAt(tree, end) });
    }
  };
  // Tokens, not only nodes: a comment may stand before a closing brace. JSDoc nodes are comments themselves.
  const visit = (node: ts.Node): void => {
    if (ts.isJSDoc(node)) return;
    add(ts.getLeadingCommentRanges(tree.text, node.pos), false);
    const isToken = node.getChildCount(tree) === 0;
    if (isToken) add(ts.getTrailingCommentRanges(tree.text, node.end), true);
    for (const child of node.getChildren(tree)) visit(child);
  };
  visit(tree);
  return [...found.values()].sort((a, b) => a.firstLine - b.firstLine);
}

function lineAt(tree: ts.SourceFile, position: number): number {
  return tree.getLineAndCharacterOfPosition(position).line + 1;
}
