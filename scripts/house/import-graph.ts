import { posix } from 'node:path';
import type { ImportFact, ModuleFacts } from './read-module.ts';

/** Each module's path with the paths it reaches. */
export type ImportGraph = ReadonlyMap<string, ReadonlySet<string>>;

/** The module of the set that a relative import means; `undefined` for packages and for files elsewhere. */
export function resolveImport(
  from: string,
  specifier: string,
  paths: ReadonlySet<string>,
): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  const base = posix.join(posix.dirname(from), specifier);
  const stem = base.replace(/\.m?js$/, '');
  return [base, `${stem}.ts`, `${stem}.mts`, posix.join(stem, 'index.ts')].find((candidate) =>
    paths.has(candidate),
  );
}

/** The graph of those imports that `follow` accepts. */
export function importGraph(
  modules: readonly ModuleFacts[],
  follow: (fact: ImportFact) => boolean = () => true,
): ImportGraph {
  const paths = new Set(modules.map(({ path }) => path));
  return new Map(
    modules.map(({ path, imports }) => {
      const targets = imports.filter(follow).map(({ specifier }) => resolveImport(path, specifier, paths));
      return [path, new Set(targets.filter((target) => target !== undefined))];
    }),
  );
}

/**
 * Groups of modules that reach each other, biggest first; a module that reaches only itself is none.
 *
 * @see Tarjan, "Depth-first search and linear graph algorithms", 1972
 */
export function importCycles(graph: ImportGraph): string[][] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const cycles: string[][] = [];

  const explore = (path: string): void => {
    order.set(path, order.size);
    lowest.set(path, order.size - 1);
    stack.push(path);
    for (const next of graph.get(path) ?? []) {
      if (!order.has(next)) explore(next);
      if (stack.includes(next)) lowest.set(path, Math.min(lowest.get(path)!, lowest.get(next)!));
    }
    if (lowest.get(path) !== order.get(path)) return;
    const group = stack.splice(stack.indexOf(path));
    if (group.length > 1) cycles.push(group);
  };

  for (const path of graph.keys()) if (!order.has(path)) explore(path);
  return cycles.sort((a, b) => b.length - a.length);
}
