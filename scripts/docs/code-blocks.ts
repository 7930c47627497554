import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import ts from 'typescript';

/** A block of TypeScript in a document. */
export interface CodeBlock {
  readonly path: string;
  /** Of its first line of code, from 1. */
  readonly line: number;
  readonly code: string;
}

/** Every block of TypeScript of a document. What is marked otherwise, `js` or `sh`, is no business of the compiler. */
export function blocksIn(path: string, text: string = readFileSync(path, 'utf8')): readonly CodeBlock[] {
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(({ index, 1: code = '' }) => ({
    path,
    line: text.slice(0, index).split('\n').length + 1,
    code,
  }));
}

/** What a reader has at hand: a pool, a question, a key, a logger, and packages that are not installed here. */
const AT_HAND = `
import type * as runestone from 'runestone';
declare global {
  const ProviderPool: typeof runestone.ProviderPool;
  const isRunestoneError: typeof runestone.isRunestoneError;
  const weighted: typeof runestone.weighted;
  const pool: runestone.ProviderPool;
  const providers: readonly runestone.Provider[];
  const request: runestone.ChatRequest;
  const messages: { role: 'user'; content: string }[];
  const signal: AbortSignal;
  const apiKey: string;
  const otherKey: string;
  const usageReportCsvOrJson: string;
  const teams: Record<string, { budgetUsd: number }>;
  const log: ((...facts: unknown[]) => void) & { error(error: unknown): void };
  const warn: (...facts: unknown[]) => void;
  const later: (delayMs: number) => Promise<void>;
  const app: { get(path: string, handle: (request: unknown, response: any) => void): void };
  const test: (name: string, run: () => unknown) => void;
}
`;

/** Packages that examples use, and where this repository has them, under a name of its own or not at all. */
const ELSEWHERE = `
declare module 'openai' { export { default } from 'openai7'; }
declare module 'ai' { export const streamText: any; }
`;

/** What the compiler says of blocks, as `path:line message`. Each is a module of its own. */
export function faultsOf(blocks: readonly CodeBlock[]): readonly string[] {
  const folder = resolve('docs');
  const files = new Map([
    [resolve(folder, 'at-hand.ts'), AT_HAND],
    [resolve(folder, 'elsewhere.d.ts'), ELSEWHERE],
    ...blocks.map(({ code }, at) => [resolve(folder, `block-${at}.ts`), code] as const),
  ]);
  const options = compilerOptions();
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (path) => files.has(path) || fileExists(path);
  host.readFile = (path) => files.get(path) ?? readFile(path);
  host.getSourceFile = (path, version, ...rest) => {
    const own = files.get(path);
    return own === undefined
      ? getSourceFile.call(host, path, version, ...rest)
      : ts.createSourceFile(path, own, version);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  return [...files.keys()].flatMap((path) => {
    const source = program.getSourceFile(path);
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    const block = blocks[Number(/block-(\d+)/.exec(path)?.[1])];
    return found.map(({ start = 0, messageText }) => {
      const { line = 0 } = source?.getLineAndCharacterOfPosition(start) ?? {};
      const where = block ? `${block.path}:${block.line + line}` : path;
      return `${where} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
    });
  });
}

/** Those of this repository, without what only it asks of itself. */
function compilerOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, '.');
  return {
    ...options,
    isolatedDeclarations: false,
    declaration: false,
    noPropertyAccessFromIndexSignature: false,
    noUnusedLocals: false,
    noUnusedParameters: false,
    exactOptionalPropertyTypes: false,
  };
}
