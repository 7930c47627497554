import { resolveImport } from './import-graph.ts';
import type { ModuleFacts } from './read-module.ts';

/**
 * Who may import whom. A folder's own files need no entry.
 *
 * Folders are named by the first part of their path, the root index is `index`, a provider is `providers/*`.
 * An entry `type usage` allows imports that the compiler erases, and no others.
 */
export type ArrowTable = Readonly<Record<string, readonly string[]>>;

/** The folder of the table that a module belongs to, and its own name for it: `providers/anthropic`. */
function homeOf(path: string): { readonly row: string; readonly home: string } {
  const [first = '', second = '', ...rest] = path.split('/');
  if (second === '') return { row: first.replace(/\.ts$/, ''), home: first };
  if (first === 'providers' && rest.length > 0) return { row: 'providers/*', home: `${first}/${second}` };
  return { row: first, home: first };
}

/** Every import that the table does not allow, as `from:line -> to`, and every folder it does not know. */
export function brokenArrows(modules: readonly ModuleFacts[], table: ArrowTable): string[] {
  const paths = new Set(modules.map(({ path }) => path));
  const broken: string[] = [];
  for (const { path, imports } of modules) {
    const from = homeOf(path);
    const allowed = table[from.row];
    if (!allowed) broken.push(`${path}: the folder ${from.row} is not in the table`);
    for (const { specifier, typeOnly, line } of imports) {
      const target = resolveImport(path, specifier, paths);
      if (target === undefined) continue;
      const to = homeOf(target);
      if (to.home === from.home || !allowed || allowed.includes(to.row)) continue;
      if (typeOnly && allowed.includes(`type ${to.row}`)) continue;
      broken.push(`${path}:${line} -> ${target}`);
    }
  }
  return broken;
}
