// Loads the CommonJS files by path, as Jest and a Node without `module-sync` do, lets their errors meet those of the
// ES build, and sends a request through them.
const { readFileSync } = require('node:fs');
const { dirname, join } = require('node:path');

const root = dirname(require.resolve('runestone/package.json'));
const paths = process.argv.slice(2).map((path) => join(root, path));
const load = (ending) => require(paths.find((path) => path.endsWith(ending)));

function check(claim, what) {
  if (!claim) throw new Error(`not so: ${what}`);
}

function loadsAlone() {
  for (const path of paths) {
    check(Object.keys(require(path)).length > 0, `${path} exports something`);
    const [, foreign] =
      /require\(['"](p-retry|is-network-error)['"]\)/.exec(readFileSync(path, 'utf8')) ?? [];
    check(foreign === undefined, `${path} does not require ${foreign}, an ES module`);
  }
}

async function knowsErrorsOfBothBuilds() {
  const kits = [load('dist/provider-kit.cjs'), await import('runestone/provider-kit')];
  const doors = [load('dist/index.cjs'), await import('runestone'), ...kits];
  check(doors[0].ProviderPool !== doors[1].ProviderPool, 'there are two builds');
  for (const { ProviderError } of kits) {
    const error = new ProviderError({ provider: 'x', code: 'timeout', message: 'too slow' });
    check(
      doors.every(({ isRunestoneError }) => isRunestoneError(error)),
      'each build knows the errors of the other',
    );
  }
}

async function asks() {
  const { ProviderPool } = load('dist/index.cjs');
  const { anthropic } = load('dist/providers/anthropic/index.cjs');
  const { startUpstream, reply } = load('dist/testing.cjs');
  const upstream = await startUpstream();
  const pool = new ProviderPool({ providers: [anthropic({ apiKey: 'k', baseURL: upstream.url })] });
  upstream.script(reply.text('Good day.'));
  // A key for one call passes from the pool's copy of a class to the provider's.
  const pinned = { provider: 'anthropic', apiKey: 'another' };
  const answer = await pool.request({ messages: [{ role: 'user', content: 'Hello' }] }, pinned);
  check(answer.choices[0].message.content === 'Good day.', 'a request is answered');
  await pool.close();
  await upstream.close();
}

async function main() {
  loadsAlone();
  await knowsErrorsOfBothBuilds();
  await asks();
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
