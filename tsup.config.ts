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
  node: 'src/node/index.ts',
  testing: 'src/testing/index.ts',
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

const { node, ...portable } = entry;

const builds: Options[] = [
  { ...shared, entry: portable, format: 'esm' },
  // yaml is inlined: a file of aliases is no reason for a dependency of everybody. It is CommonJS, and asks for `require`.
  {
    ...shared,
    entry: { node: node! },
    format: 'esm',
    noExternal: ['yaml'],
    esbuildPlugins: [entriesApart('js')],
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);",
    },
  },
  // p-retry is ESM only: inlined, so that Jest and Node without require(esm) can load this build. Its notice is in
  // THIRD-PARTY.md.
  {
    ...shared,
    format: 'cjs',
    splitting: false,
    noExternal: ['p-retry', 'is-network-error', 'yaml'],
    esbuildPlugins: [entriesApart('cjs')],
  },
  // Declarations of both in one go. tsup 8 hands that build a `baseUrl`, which TypeScript 6 calls deprecated.
  { ...shared, format: ['esm', 'cjs'], dts: { only: true, compilerOptions: { ignoreDeprecations: '6.0' } } },
];

export default builds;
