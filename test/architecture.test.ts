import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ArrowTable, brokenArrows } from '../scripts/house/arrows.ts';
import { importCycles, importGraph } from '../scripts/house/import-graph.ts';
import type { ImportFact, ModuleFacts } from '../scripts/house/read-module.ts';
import { readModules } from '../scripts/house/source-files.ts';

const core = [
  ...['usage', 'errors', 'resilience', 'chat', 'telemetry', 'pricing', 'provider-kit', 'pipeline'],
  ...['state', 'routing', 'middleware', 'http', 'ledger'],
];
/** What a sub-path beside the core may use: the same as any user. */
const outside = ['index', 'http', 'provider-kit'];

/** A new arrow is a design change: change the table and say why, or find another way. */
const arrows: ArrowTable = {
  usage: [],
  resilience: [],
  errors: ['type usage'],
  chat: ['errors', 'usage'],
  telemetry: ['chat', 'errors', 'usage'],
  // Rows, sums and the way to a sink: plain machines that know no pool, so that a store can be written against them.
  ledger: ['chat', 'errors', 'usage'],
  pricing: ['chat', 'errors', 'usage'],
  'provider-kit': ['chat', 'errors', 'usage'],
  pipeline: ['provider-kit', 'chat', 'errors', 'usage'],
  state: ['resilience'],
  routing: ['provider-kit', 'pricing', 'chat', 'errors', 'resilience', 'usage', 'type pipeline'],
  middleware: [
    ...['pipeline', 'provider-kit', 'resilience', 'telemetry', 'pricing', 'state', 'ledger'],
    ...['chat', 'errors', 'usage'],
  ],
  http: ['chat', 'errors', 'provider-kit', 'usage'],
  pool: [...core, 'providers/*'],
  'providers/*': ['provider-kit'],
  index: [...core, 'pool'],
  testing: outside,
  sqlite: outside,
  redis: outside,
  bullmq: outside,
  'ai-sdk': outside,
  // The doctor names the variables of each host.
  cli: [...outside, 'node', 'testing', 'providers/*'],
  otel: outside,
  prometheus: outside,
  node: outside,
};

const modules = readModules('src');

/** Lines of those imports that `forbidden` picks out. */
function importsWhere(forbidden: (fact: ImportFact, module: ModuleFacts) => boolean): string[] {
  return modules.flatMap((module) =>
    module.imports
      .filter((fact) => forbidden(fact, module))
      .map(({ specifier, line }) => `${module.path}:${line} imports ${specifier}`),
  );
}

/** Lines of those member accesses that match, outside the files that may. */
function accessesOf(pattern: RegExp, mayUse: (path: string) => boolean = () => false): string[] {
  return modules
    .filter(({ path }) => !mayUse(path))
    .flatMap(({ path, accesses }) =>
      accesses.filter(({ text }) => pattern.test(text)).map(({ text, line }) => `${path}:${line} ${text}`),
    );
}

describe('folders', () => {
  it('import only what the table of arrows allows', () => {
    expect(brokenArrows(modules, arrows)).toEqual([]);
  });

  it('have no import cycle, types included', () => {
    expect(importCycles(importGraph(modules))).toEqual([]);
  });

  it('hold files of distinct names, but for those that every folder may have', () => {
    const shared = new Set(['index.ts', 'encode.ts', 'decode.ts', 'errors.ts', 'events.ts', 'data.ts']);
    const paths = modules.map(({ path }) => path).filter((path) => !shared.has(posix.basename(path)));
    const names = paths.map((path) => posix.basename(path));
    const twins = paths.filter((path) => names.filter((name) => name === posix.basename(path)).length > 1);
    expect(twins).toEqual([]);
  });

  it('name their files in kebab-case', () => {
    const odd = modules
      .map(({ path }) => path)
      .filter((path) => !/^([a-z0-9-]+\/)*[a-z0-9-]+\.ts$/.test(path));
    expect(odd).toEqual([]);
  });
});

describe('imports', () => {
  it('of the house are relative, reach a file and carry its extension', () => {
    const paths = new Set(modules.map(({ path }) => path));
    const astray = importsWhere(({ specifier }, { path }) => {
      if (!specifier.startsWith('.')) return /^(runestone|@runestone)(\/|$)/.test(specifier);
      return !paths.has(posix.join(posix.dirname(path), specifier));
    });
    expect(astray).toEqual([]);
  });

  it('of p-retry stand in resilience/retry.ts alone', () => {
    const others = importsWhere(
      ({ specifier }, { path }) => specifier === 'p-retry' && path !== 'resilience/retry.ts',
    );
    expect(others).toEqual([]);
  });

  it('of undici stand in provider-kit/transport.ts alone, its types in that folder', () => {
    const others = importsWhere(({ specifier, typeOnly }, { path }) => {
      if (!/^undici(\/|$)/.test(specifier)) return false;
      return typeOnly ? !path.startsWith('provider-kit/') : path !== 'provider-kit/transport.ts';
    });
    expect(others).toEqual([]);
  });

  it('of the Anthropic SDK are types, or happen on first use', () => {
    const eager = importsWhere(
      ({ specifier, typeOnly, declared }) =>
        specifier.startsWith('@anthropic-ai/sdk') && declared && !typeOnly,
    );
    expect(eager).toEqual([]);
  });

  it('of Node modules stand in files named node-*, and in testing/', () => {
    const others = importsWhere(
      ({ specifier }, { path }) =>
        isBuiltin(specifier) && !path.startsWith('testing/') && !posix.basename(path).startsWith('node-'),
    );
    // The npm package undici is also the name of a module inside Node.
    expect(others.filter((line) => !line.endsWith(' undici'))).toEqual([]);
  });
});

describe('code', () => {
  it('reads process.env only in pool/from-env.ts, cli/ and otel/', () => {
    const mayRead = (path: string): boolean => path === 'pool/from-env.ts' || /^(cli|otel)\//.test(path);
    expect(accessesOf(/\bprocess\??\.env$/, mayRead)).toEqual([]);
  });

  it('never uses AbortSignal.any, which keeps its sources alive on Node 20 and 22', () => {
    expect(accessesOf(/\bAbortSignal\.any$/)).toEqual([]);
  });

  it('never writes to the console', () => {
    expect(accessesOf(/^(globalThis\.)?console\./)).toEqual([]);
  });

  it('holds no marker for future work: that is what issues are for', () => {
    const marked = [...modules, ...readModules('test'), ...readModules('scripts')].flatMap(
      ({ path, comments }) =>
        comments
          .filter(({ text }) => /\b(TODO|FIXME|XXX|HACK)\b/.test(text))
          .map(({ firstLine }) => `${path}:${firstLine}`),
    );
    expect(marked).toEqual([]);
  });
});
