import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { ProviderPool } from 'runestone';
import { replies, scriptedProvider, startUpstream } from 'runestone/testing';
import { describe, expect, it } from 'vitest';
import { readModules } from '../../scripts/house/source-files.ts';

const paths = readModules('src').map(({ path }) => `src/${path}`);

/** Lines of the sources, comments left out, in which something stands. */
function linesWith(pattern: RegExp, except: readonly string[] = []): string[] {
  return paths
    .filter((path) => !except.includes(path))
    .flatMap((path) =>
      readFileSync(path, 'utf8')
        .split('\n')
        .map((line, index) => ({
          line: line.replace(/^\s*(?:\/\/|\/?\*).*$/, ''),
          at: `${path}:${index + 1}`,
        }))
        .filter(({ line }) => pattern.test(line))
        .map(({ at }) => at),
    );
}

describe('what the sources never do', () => {
  it.each<[string, RegExp, string[]]>([
    [
      '13: switch off the verification of certificates',
      /rejectUnauthorized|NODE_TLS_REJECT|checkServerIdentity|minVersion|insecure/i,
      [],
    ],
    [
      '33: run text as code',
      // Redis' command of that name, of a client, runs Lua there.
      /(?<!client\.)\beval\s*\((?!script: string)|new Function\b|node:vm|runIn(?:New|This)Context/,
      [],
    ],
    // One optional package, whose name is a constant.
    ['33: import by a name that is not written there', /\bimport\((?!['"])/, ['src/sqlite/node-open.ts']],
    [
      '35: change what belongs to the process',
      /process\.(?:on|once|env\.\w+\s*=|exit|chdir|setUncaught)\b|setGlobalDispatcher|globalThis\.\w+\s*=[^=]|\.prototype\.\w+\s*=[^=]/,
      // A program of its own, whose process is its own.
      ['src/cli/node-main.ts'],
    ],
    [
      '35: change a prototype that is not their own',
      /Object\.(?:setPrototypeOf|defineProperty)\((?:Object|Array|Function|String|Promise)\.prototype/,
      [],
    ],
    ['34: make an id by chance', /Math\.random\(\)/, []],
    [
      '34: call chance by another name than jitter',
      /Math\.random\b/,
      [
        'src/pool/environment.ts',
        'src/resilience/backoff.ts',
        'src/resilience/cooldown.ts',
        'src/resilience/circuit-breaker.ts',
      ],
    ],
    ['14: look for a proxy', /EnvHttpProxyAgent|ProxyAgent|HTTPS?_PROXY/i, []],
    ['2: follow a redirect', /redirect:\s*['"](?:follow|error)|maxRedirections|interceptors\.redirect/, []],
    [
      '12: unpack what a host has packed, but in the one place that counts the bytes',
      /createGunzip|createInflate|createBrotli|DecompressionStream|interceptors\.decompress/,
      ['src/provider-kit/node-decoded-body.ts'],
    ],
  ])('%s', (_, pattern, except) => {
    expect(linesWith(pattern, except)).toEqual([]);
  });

  it('and the search would find it', () => {
    expect(linesWith(/crypto\.randomUUID\(\)/)).toContainEqual(
      expect.stringMatching(/^src\/pool\/running-request\.ts:/),
    );
    expect(linesWith(/^import /).length).toBeGreaterThan(500);
  });
});

it('34: ids of requests never repeat', async () => {
  const ids = new Set<string>();
  const pool = new ProviderPool({ providers: [scriptedProvider('a', [replies('hi')])] });
  pool.on('request.start', ({ requestId }) => ids.add(requestId));
  const ask = { messages: [{ role: 'user', content: 'Hello' }] } as const;
  for (let n = 0; n < 2_000; n++) await pool.request(ask);
  await pool.close();
  expect(ids.size).toBe(2_000);
  for (const id of ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

it('45: the upstream of tests listens on loopback alone', async () => {
  await using upstream = await startUpstream();
  const addresses = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4')
    .map(({ address }) => address);
  for (const host of addresses) {
    const reached = await new Promise<boolean>((resolve) => {
      const socket = connect({ host, port: upstream.port, timeout: 2_000 });
      const done = (yes: boolean) => (): void => {
        socket.destroy();
        resolve(yes);
      };
      socket.on('connect', done(true)).on('error', done(false)).on('timeout', done(false));
    });
    expect(reached).toBe(false);
  }
  expect(upstream.url).toBe(`http://127.0.0.1:${upstream.port}`);
});
