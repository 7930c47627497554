import type { WireTool } from './claude-wire.ts';
import { type EncodeContext, warn } from './encode-context.ts';
import { loadProblem, type SchemaLoad, schemaLoad, structuralProblem } from './schema-limits.ts';
import type { Schema } from './schema-refs.ts';
import { strictSchema } from './strict-schema.ts';
import type { ToolDraft } from './tool-drafts.ts';

/** Most strict tools in a request (TL-9). */
const MAX_STRICT = 20;

/** A tool that can be strict. */
interface Candidate {
  /** Its place in the list of tools. */
  readonly index: number;
  /** In the subset of constrained output. */
  readonly schema: Schema;
  readonly load: SchemaLoad;
  /** Made strict by us, to weaken a forced choice less (TC-10); giving it up needs no warning. */
  readonly isOurs: boolean;
}

/**
 * The tools for the wire, strict where the caller asked for it and the API can (TL-9, TL-10).
 *
 * Over the limits, tools stop being strict one by one from the end of the list: the same list always ends the same.
 *
 * @param alsoStrict - wire names that become strict if that is possible without a warning
 */
export function strictTools(
  context: EncodeContext,
  drafts: readonly ToolDraft[],
  alsoStrict: ReadonlySet<string>,
): readonly WireTool[] {
  const candidates = drafts.flatMap((draft, index) => {
    const isOurs = !draft.strict && alsoStrict.has(draft.tool.name ?? '');
    return draft.strict || isOurs ? candidateOf(context, draft, index, isOurs) : [];
  });
  while (isTooMuch(candidates)) {
    const dropped = candidates.pop();
    if (dropped && !dropped.isOurs) {
      const param = `${drafts[dropped.index]?.from}.function.strict`;
      warn(
        context,
        'strict_dropped',
        param,
        'the strict tools of this request exceed the limits; sent without',
      );
    }
  }
  const strict = new Map(candidates.map(({ index, schema }) => [index, schema]));
  return drafts.map(({ tool }, index) => {
    const schema = strict.get(index);
    return schema ? { ...tool, strict: true, input_schema: schema } : tool;
  });
}

/** A tool with its schema in the subset, or nothing and a warning when the schema cannot be put there. */
function candidateOf(
  context: EncodeContext,
  draft: ToolDraft,
  index: number,
  isOurs: boolean,
): readonly Candidate[] {
  const original = draft.tool.input_schema ?? {};
  const problem = context.model.structuredOutputs
    ? structuralProblem(original)
    : 'cannot be enforced on this model';
  if (problem === undefined) {
    const schema = strictSchema(original);
    return [{ index, schema, load: schemaLoad(schema), isOurs }];
  }
  if (!isOurs) {
    warn(context, 'strict_dropped', `${draft.from}.function.strict`, `the schema ${problem}; sent without`);
  }
  return [];
}

/** The limits are the request's, not the tool's. */
function isTooMuch(candidates: readonly Candidate[]): boolean {
  const total = candidates.reduce(
    (sum, { load }) => ({ optional: sum.optional + load.optional, unions: sum.unions + load.unions }),
    { optional: 0, unions: 0 },
  );
  return candidates.length > MAX_STRICT || loadProblem(total) !== undefined;
}
