import ts from 'typescript';
import { findInterface, memberName, needInterface, parseSource } from './declarations.ts';
import { docCommentOf } from './doc-comment.ts';

/** One event: its name, when it is told, and what it carries. */
export interface EventRow {
  readonly name: string;
  readonly summary: string;
  /** Names of shared payloads, such as `AttemptEvent`. */
  readonly parts: readonly string[];
  /** Fields of its own. */
  readonly fields: readonly string[];
}

/** A payload that several events share. */
export interface EventPart {
  readonly name: string;
  /** The shared payload it adds to. */
  readonly parent?: string;
  readonly fields: readonly string[];
}

/**
 * The table of events and the payloads they share.
 *
 * @throws Error when an event has no doc comment
 */
export function eventRows(path: string): {
  readonly rows: readonly EventRow[];
  readonly parts: readonly EventPart[];
} {
  const source = parseSource(path);
  const { node } = needInterface(source, 'TelemetryEvents');
  const rows = node.members.filter(ts.isPropertySignature).map((member): EventRow => {
    const name = memberName(member);
    const doc = docCommentOf(member, source);
    if (!doc) throw new Error(`${path}: the event ${name} has no doc comment`);
    return { name, summary: doc.summary, ...payloadOf(member.type, source) };
  });
  const named = new Set(rows.flatMap(({ parts }) => parts));
  const found = [...named].flatMap((name) => findInterface(source, name) ?? []);
  const inOrder = found.sort((left, right) => left.node.pos - right.node.pos);
  return { rows, parts: inOrder.map((part) => partOf(part.node, part.source)) };
}

function payloadOf(type: ts.TypeNode | undefined, source: ts.SourceFile): Pick<EventRow, 'parts' | 'fields'> {
  const members = type === undefined ? [] : ts.isIntersectionTypeNode(type) ? [...type.types] : [type];
  return {
    parts: members.filter(ts.isTypeReferenceNode).map(({ typeName }) => typeName.getText(source)),
    fields: members.filter(ts.isTypeLiteralNode).flatMap((literal) => literal.members.map(fieldName)),
  };
}

function partOf(part: ts.InterfaceDeclaration, source: ts.SourceFile): EventPart {
  const parent = part.heritageClauses?.[0]?.types[0]?.expression.getText(source);
  return {
    name: part.name.text,
    fields: part.members.map(fieldName),
    ...(parent !== undefined && { parent }),
  };
}

function fieldName(member: ts.TypeElement): string {
  return memberName(member) + (member.questionToken === undefined ? '' : '?');
}
