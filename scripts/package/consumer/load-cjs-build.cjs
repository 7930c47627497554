// Loads the CommonJS files by path, as Jest and a Node without `module-sync` do, and lets their errors meet ES ones.
const { readFileSync } = require('node:fs');
const { dirname, join } = require('node:path');

const root = dirname(require.resolve('runestone/package.json'));
const paths = process.argv.slice(2).map((path) => join(root, path));
const named = (ending) => paths.find((path) => path.endsWith(ending));

async function main() {
  for (const path of paths) {
    if (Object.keys(require(path)).length === 0) throw new Error(`${path} exports nothing`);
    const [, foreign] =
      /require\(['"](p-retry|is-network-error)['"]\)/.exec(readFileSync(path, 'utf8')) ?? [];
    if (foreign) throw new Error(`${path} requires ${foreign}, an ES module`);
  }
  const esm = await import('runestone');
  const esmKit = await import('runestone/provider-kit');
  const cjs = require(named('dist/index.cjs'));
  const cjsKit = require(named('dist/provider-kit.cjs'));
  if (cjs.isRunestoneError === esm.isRunestoneError) throw new Error('the CommonJS build was not loaded');
  for (const kit of [cjsKit, esmKit]) {
    const error = new kit.ProviderError({ provider: 'x', code: 'timeout', message: 'too slow' });
    for (const { isRunestoneError } of [cjs, esm, cjsKit, esmKit]) {
      if (!isRunestoneError(error)) throw new Error('an error of one build is not recognised by the other');
    }
  }
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
