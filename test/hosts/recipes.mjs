// The programs of docs/doors.md, as they stand there, and each host held to the same four cases: one line of JSON for
// each.
//
//   node test/hosts/recipes.mjs [host]
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { reply, startUpstream } from '../../dist/testing.js';
import { cases } from './cases.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const guide = readFileSync(new URL('../../docs/doors.md', import.meta.url), 'utf8');
const [only = ''] = process.argv.slice(2);

/** Next.js calls what a file exports, by the method's name, with a `Request`; here node:http does. */
const AS_NEXT = `
import { createServer } from 'node:http';
import { toNodeListener } from '../../../dist/node.js';
createServer(toNodeListener((request) => ({ GET, POST })[request.method](request))).listen(3000);
`;

/** By heading: what comes before the path, and what stands in for a host that is not there. */
const hosts = {
  Hono: {},
  'Next.js': { after: AS_NEXT },
  Fastify: {},
  Express: { prefix: '/llm' },
  'Express, behind a parser': {
    prefix: '/llm',
    of: 'Express',
    with: ['express();', 'express().use(express.json());'],
  },
  Koa: {},
  'node:http': {},
};

/** The program under a heading of the guide, as a module on a free port. */
function program(heading, { of = heading, after = '', with: [found, instead] = [] }, port) {
  const [, section = ''] = guide.split(`\n### ${of}\n`);
  const code = /```js\n([\s\S]*?)```/.exec(section)?.[1];
  if (!code) throw new Error(`docs/doors.md has no program for ${of}`);
  if (found && !code.includes(found)) throw new Error(`docs/doors.md: ${of} has no ${found}`);
  const whole = `${code}${after}`.replaceAll('3000', String(port));
  return `import { handler, listener } from '../world.mjs';\n${found ? whole.replace(found, instead) : whole}`;
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Until somebody listens. */
async function isUp(url, child) {
  for (const untilMs = Date.now() + 15_000; Date.now() < untilMs && child.exitCode === null; ) {
    if (
      await fetch(url).then(
        () => true,
        () => false,
      )
    )
      return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('does not listen');
}

function respond({ body }) {
  const long = Array.from({ length: 100 }, (_, index) => `word${index}`).join(' ');
  if (JSON.stringify(body?.messages ?? '').includes('SLOW')) return reply.text(long, { delayMs: 20 });
  return body === undefined ? undefined : reply.text('Good day to you all.');
}

for (const [host, recipe] of Object.entries(hosts)) {
  if (!host.includes(only)) continue;
  const folder = mkdtempSync(join(here, '.run-'));
  const upstream = await startUpstream({ respond });
  const port = await freePort();
  writeFileSync(join(folder, 'program.mjs'), program(host, recipe, port));
  const child = spawn(process.execPath, [join(folder, 'program.mjs')], {
    env: { ...process.env, UPSTREAM_URL: upstream.url },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (text) => {
    said += text;
  });
  const url = `http://127.0.0.1:${port}${recipe.prefix ?? ''}`;
  try {
    for (const [name, check] of Object.entries(cases)) {
      const outcome = await isUp(url, child)
        .then(() => check(url, upstream))
        .then(
          () => 'ok',
          (error) => `${error?.message ?? error} ${said}`.split('\n')[0].slice(0, 300),
        );
      console.log(JSON.stringify({ node: process.version, client: host, door: 'http', case: name, outcome }));
    }
  } finally {
    child.kill();
    await upstream.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
