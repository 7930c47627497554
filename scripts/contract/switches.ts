import type { Edit, Rule } from './rules.ts';

/**
 * A source text after edits.
 *
 * @throws Error when the text of an edit does not stand in the source exactly once, so that an edit never hits
 *   another place than its author saw
 */
export function edited(text: string, edits: readonly Edit[]): string {
  return edits.reduce((before, { file, find, replace }) => {
    const [head, tail, ...more] = before.split(find);
    if (head === undefined || tail === undefined || more.length > 0) {
      const times = tail === undefined ? 'not' : 'more than once';
      throw new Error(`${file} holds this ${times}: ${find}`);
    }
    return head + replace + tail;
  }, text);
}

/** Rules whose switch no longer fits the sources, each with the reason. */
export function brokenSwitches(rules: readonly Rule[], read: (file: string) => string): string[] {
  return rules.flatMap(({ id, off }) => {
    try {
      for (const file of new Set(off.map((edit) => edit.file))) {
        const edits = off.filter((edit) => edit.file === file);
        const before = read(file);
        if (edited(before, edits) === before) throw new Error(`${file} stays as it is`);
      }
      return [];
    } catch (error) {
      return [`${id}: ${error instanceof Error ? error.message : String(error)}`];
    }
  });
}
