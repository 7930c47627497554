import { importCycles, importGraph } from './import-graph.ts';
import type { ModuleFacts } from './read-module.ts';
import { testedByName } from './test-names.ts';

/** Middle, 90th percentile and maximum of a set of lengths. */
export interface Spread {
  readonly median: number;
  readonly p90: number;
  readonly max: number;
}

/** A thing and its length in lines. */
export interface Sized {
  readonly what: string;
  readonly lines: number;
}

/** The numbers of one source tree. Shares are whole percents. */
export interface HouseNumbers {
  readonly files: number;
  readonly lines: number;
  readonly fileLines: Spread;
  readonly filesOver300: number;
  readonly functionLines: Spread;
  readonly functionsOver50: number;
  /** Lines that hold a comment of their own (not one behind code) among non-blank lines. */
  readonly comment: number;
  /** Exported declarations, re-exports not counted, that carry a doc comment. */
  readonly documented: number;
  /** Per 1,000 lines, like `assertions`. */
  readonly anyKeywords: number;
  readonly assertions: number;
  /** Modules in the biggest import cycle, imports of types left out. */
  readonly valueCycle: number;
  /** The same with them. */
  readonly typeCycle: number;
  readonly testRatio: number;
  /** Modules with a function that have a test of the same name. */
  readonly mirrored: number;
  readonly biggestFiles: readonly Sized[];
  readonly biggestFunctions: readonly Sized[];
}

/** Measures a source tree against its tests. */
export function measure(sources: readonly ModuleFacts[], tests: readonly ModuleFacts[]): HouseNumbers {
  const lines = sum(sources.map((module) => module.lines));
  const fileLines = sources.map((module) => module.lines);
  const functions = sources.flatMap(({ path, functions }) =>
    functions.map(({ name, lines }) => ({ what: `${path}#${name}`, lines })),
  );
  const functionLines = functions.map((each) => each.lines);
  const behaviour = sources.filter((module) => module.functions.length > 0);
  const mirrored = testedByName(behaviour, tests);
  return {
    files: sources.length,
    lines,
    fileLines: spread(fileLines),
    filesOver300: percent(fileLines.filter((each) => each > 300).length, sources.length),
    functionLines: spread(functionLines),
    functionsOver50: percent(functionLines.filter((each) => each > 50).length, functions.length),
    comment: percent(sum(sources.map(commentLines)), sum(sources.map((module) => module.nonBlankLines))),
    documented: percent(
      sum(sources.map((module) => module.documentedDeclarations)),
      sum(sources.map((module) => module.exportedDeclarations)),
    ),
    anyKeywords: perThousand(sum(sources.map((module) => module.anyKeywords)), lines),
    assertions: perThousand(sum(sources.map((module) => module.assertions)), lines),
    valueCycle:
      importCycles(importGraph(sources, ({ typeOnly, declared }) => declared && !typeOnly))[0]?.length ?? 0,
    typeCycle: importCycles(importGraph(sources))[0]?.length ?? 0,
    testRatio: Number((sum(tests.map((module) => module.lines)) / Math.max(1, lines)).toFixed(2)),
    mirrored: percent(mirrored.length, behaviour.length),
    biggestFiles: biggest(sources.map((module) => ({ what: module.path, lines: module.lines }))),
    biggestFunctions: biggest(functions),
  };
}

function commentLines({ comments }: ModuleFacts): number {
  const lines = new Set<number>();
  for (const { firstLine, lastLine, trailing } of comments) {
    if (trailing) continue;
    for (let line = firstLine; line <= lastLine; line++) lines.add(line);
  }
  return lines.size;
}

function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const median =
    sorted.length % 2 === 1 ? sorted[middle] : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
  const p90 = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.9))];
  return { median: median ?? 0, p90: p90 ?? 0, max: sorted.at(-1) ?? 0 };
}

function biggest(items: readonly Sized[]): Sized[] {
  return [...items].sort((a, b) => b.lines - a.lines).slice(0, 5);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function percent(part: number, whole: number): number {
  return Math.round((100 * part) / Math.max(1, whole));
}

function perThousand(count: number, lines: number): number {
  return Number(((1000 * count) / Math.max(1, lines)).toFixed(1));
}
