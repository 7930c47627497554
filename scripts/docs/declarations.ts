import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

/** A declared type together with the file it stands in. */
export interface Declared<Kind extends ts.Node> {
  readonly node: Kind;
  readonly source: ts.SourceFile;
}

/** Parses a file of the sources. */
export function parseSource(path: string): ts.SourceFile {
  return ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
}

/** The interface of that name, here or where this file imports it from. */
export function findInterface(
  source: ts.SourceFile,
  name: string,
): Declared<ts.InterfaceDeclaration> | undefined {
  for (const statement of source.statements) {
    if (ts.isInterfaceDeclaration(statement) && statement.name.text === name)
      return { node: statement, source };
    const from = importedFrom(statement, name);
    if (from?.startsWith('.')) return findInterface(parseSource(join(dirname(source.fileName), from)), name);
  }
  return undefined;
}

/** The interface of that name, or an error that says what is missing. */
export function needInterface(source: ts.SourceFile, name: string): Declared<ts.InterfaceDeclaration> {
  const found = findInterface(source, name);
  if (!found) throw new Error(`${source.fileName}: there is no interface ${name}`);
  return found;
}

/** The type alias of that name, or an error that says what is missing. */
export function needAlias(source: ts.SourceFile, name: string): ts.TypeAliasDeclaration {
  const found = source.statements.filter(ts.isTypeAliasDeclaration).find((alias) => alias.name.text === name);
  if (!found) throw new Error(`${source.fileName}: there is no type ${name}`);
  return found;
}

/** Name of a member as it is written in code, quotes removed. */
export function memberName(member: ts.TypeElement): string {
  return member.name && (ts.isIdentifier(member.name) || ts.isStringLiteral(member.name))
    ? member.name.text
    : '';
}

function importedFrom(statement: ts.Statement, name: string): string | undefined {
  const isImport = ts.isImportDeclaration(statement);
  if (!isImport && !ts.isExportDeclaration(statement)) return undefined;
  const bindings = isImport ? statement.importClause?.namedBindings : statement.exportClause;
  if (!bindings || !(ts.isNamedImports(bindings) || ts.isNamedExports(bindings))) return undefined;
  const listed = bindings.elements.some((element) => element.name.text === name);
  const specifier = statement.moduleSpecifier;
  return listed && specifier && ts.isStringLiteral(specifier) ? specifier.text : undefined;
}
