import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';

/** The shape of every rule id: `REQ-10`, `STR-12a`, `TL-H1`. */
export const idShape: RegExp = /\b[A-Z]{1,3}-[A-Z]?\d+[a-d]?\b/g;

const edit = z.strictObject({ file: z.string().min(1), find: z.string().min(1), replace: z.string() });

const row = z
  .strictObject({
    id: z.string().regex(new RegExp(`^${idShape.source}$`)),
    rule: z.string().min(1),
    off: z.union([edit, z.array(edit).min(1)]).optional(),
    preventedBy: z.array(z.string()).min(1).optional(),
    na: z.string().min(1).optional(),
  })
  .refine(({ off, preventedBy, na }) => [off, preventedBy, na].filter(Boolean).length <= 1, {
    message: 'has more than one of `off`, `preventedBy` and `na`',
  });

/** A change of one source text that takes part of a rule away. `find` stands exactly once in the file. */
export interface Edit {
  /** From the root of the repository, with forward slashes. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** One rule of the translation between OpenAI's and Anthropic's wire. */
export interface Rule {
  readonly id: string;
  /** The file of `rules/` that holds it, without extension. */
  readonly section: string;
  /** What holds, in one sentence. */
  readonly rule: string;
  /** The edits that switch the rule off, together; none when nobody has said how. */
  readonly off: readonly Edit[];
  /** Why nothing can be tested here. */
  readonly na?: string;
}

/**
 * Every rule of the folder, section by section.
 *
 * A row with `preventedBy` tells of a known bug: it is switched off by switching off the rules that prevent it.
 *
 * @throws Error for a row of another shape, an id listed twice, and `preventedBy` with an unknown id
 */
export function readRules(folder: string): Rule[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const rows = files.sort().flatMap((file) => readSection(join(folder, file)));
  const byId = new Map(rows.map((each) => [each.id, each]));
  if (byId.size < rows.length) {
    const twice = rows.filter((each) => byId.get(each.id) !== each).map(({ id }) => id);
    throw new Error(`${folder}: listed twice: ${twice.join(', ')}`);
  }
  return rows.map(({ id, section, rule, na, off = [], preventedBy = [] }) => ({
    id,
    section,
    rule,
    off: [off, ...preventedBy.map((other) => offOf(id, byId.get(other)))].flat(),
    ...(na !== undefined && { na }),
  }));
}

type Row = z.infer<typeof row> & { readonly section: string };

function readSection(path: string): Row[] {
  const parsed = z.array(row).safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (!parsed.success) throw new Error(`${path}: ${z.prettifyError(parsed.error)}`);
  const section = basename(path, '.json');
  return parsed.data.map((each) => ({ ...each, section }));
}

function offOf(bug: string, other: Row | undefined): Edit[] {
  if (!other) throw new Error(`${bug} is prevented by a rule that is not listed`);
  return [other.off ?? []].flat();
}
