import { readdirSync } from 'node:fs';
import type { Options } from 'tsup';

/** Each provider folder is a sub-path of its own, `runestone/providers/<name>`, without a line here. */
const providers: Record<string, string> = Object.fromEntries(
  readdirSync('src/providers').map((name) => [`providers/${name}/index`, `src/providers/${name}/index.ts`]),
);

const shared: Options = {
  entry: {
    index: 'src/index.ts',
    'provider-kit': 'src/provider-kit/index.ts',
    testing: 'src/testing/index.ts',
    ...providers,
  },
  target: 'node20',
  platform: 'node',
  // `node:http` stays what it is: the bare name may be a package.
  removeNodeProtocol: false,
  sourcemap: false,
  // The builds run at once, and `clean` in one deletes files of the other: the build script cleans.
  clean: false,
};

const builds: Options[] = [
  { ...shared, format: 'esm' },
  // p-retry is ESM only: inlined, so that Jest and Node without require(esm) can load this build. Its notice is in
  // THIRD-PARTY.md. No splitting: tsup would send the output through sucrase, which rewrites class fields and `?.`.
  { ...shared, format: 'cjs', splitting: false, noExternal: ['p-retry', 'is-network-error'] },
  // Declarations of both in one go. tsup 8 hands that build a `baseUrl`, which TypeScript 6 calls deprecated.
  {
    ...shared,
    format: ['esm', 'cjs'],
    dts: { only: true, compilerOptions: { ignoreDeprecations: '6.0' } },
  },
];

export default builds;
