import { readdirSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import type { Options } from 'tsup';

/** Each provider folder is a sub-path of its own, `runestone/providers/<name>`, without a line here. */
const providers: Record<string, string> = Object.fromEntries(
  readdirSync('src/providers').map((name) => [`providers/${name}/index`, `src/providers/${name}/index.ts`]),
);

const entry: Record<string, string> = {
  index: 'src/index.ts',
  'provider-kit': 'src/provider-kit/index.ts',
  http: 'src/http/index.ts',
  node: 'src/node/index.ts',
  testing: 'src/testing/index.ts',
  sqlite: 'src/sqlite/index.ts',
  redis: 'src/redis/index.ts',
  'ai-sdk': 'src/ai-sdk/index.ts',
  otel: 'src/otel/index.ts',
  prometheus: 'src/prometheus/index.ts',
  ...providers,
};

const shared: Options = {
  entry,
  target: 'node20',
  platform: 'node',
  // `node:http` stays what it is: the bare name may be a package.
  removeNodeProtocol: false,
  sourcemap: false,
  // The builds run at once, and `clean` in one deletes files of the other: the build script cleans.
  clean: false,
};

/**
 * Lets an entry load another one instead of holding a copy of it, which is all the splitting there is in CommonJS.
 *
 * (tsup's own would send the output through sucrase, which rewrites class fields and `?.`.) Only files of a provider
 * are not built into the root of `dist`, and they import no entry but the kit.
 */
const entriesApart = (ending: 'js' | 'cjs'): NonNullable<Options['esbuildPlugins']>[number] => ({
  name: 'entries-apart',
  setup(build) {
    const outputs = new Map(Object.entries(entry).map(([output, source]) => [resolve(source), output]));
    build.onResolve({ filter: /^\.\.?\// }, ({ path, importer, resolveDir }) => {
      const output = importer === '' ? undefined : outputs.get(resolve(resolveDir, path));
      if (output === undefined) return undefined;
      const toRoot = relative('src', importer).startsWith('providers') ? '../..' : '.';
      return { path: `${toRoot}/${output}.${ending}`, external: true };
    });
  },
});

/**
 * What serving and reading YAML take is no reason for a dependency of everybody: both lie beside the builds, once, each
 * as CommonJS made of its ES face, so that the names of its exports can be read off the result.
 */
const inlined: Record<string, string> = {
  ws: 'node_modules/ws/wrapper.mjs',
  yaml: 'node_modules/yaml/browser/index.js',
};

const inlinedApart: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'inlined-apart',
  setup(build) {
    build.onResolve({ filter: /^(ws|yaml)$/ }, ({ path }) => ({ path: `./${path}.cjs`, external: true }));
  },
};

const builds: Options[] = [
  { ...shared, format: 'esm', noExternal: Object.keys(inlined), esbuildPlugins: [inlinedApart] },
  { ...shared, entry: inlined, format: 'cjs', splitting: false, minify: true, noExternal: [/./] },
  // The command. It is for nobody to import, so it has one form and no declarations.
  {
    ...shared,
    entry: { cli: 'src/cli/node-main.ts' },
    format: 'esm',
    noExternal: Object.keys(inlined),
    esbuildPlugins: [inlinedApart, entriesApart('js')],
    banner: { js: '#!/usr/bin/env node' },
  },
  // p-retry is ESM only: inlined, so that Jest and Node without require(esm) can load this build. Its notice is in
  // THIRD-PARTY.md.
  {
    ...shared,
    format: 'cjs',
    splitting: false,
    noExternal: ['p-retry', 'is-network-error', ...Object.keys(inlined)],
    esbuildPlugins: [inlinedApart, entriesApart('cjs')],
  },
  // Declarations of both in one go. tsup 8 hands that build a `baseUrl`, which TypeScript 6 calls deprecated.
  { ...shared, format: ['esm', 'cjs'], dts: { only: true, compilerOptions: { ignoreDeprecations: '6.0' } } },
];

export default builds;
