import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

interface Walked {
  readonly results: Readonly<Record<string, unknown>>;
  readonly changed: readonly string[];
  readonly added: readonly string[];
  readonly dispatcher: string;
  readonly polluted: boolean;
  readonly told: number;
}

/** Takes the walk in a process of its own. */
async function walk(
  flags: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<{ walked: Walked; stdout: string; stderr: string }> {
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [...flags, '--import', 'tsx', 'test/security/walk.ts'],
    { timeout: 60_000, env: { ...process.env, ...env }, maxBuffer: 64 << 20 },
  );
  return { walked: JSON.parse(stdout.trim().split('\n').at(-1) ?? ''), stdout, stderr };
}

const argumentsOf = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}';

/** What every walk must come to, but for what may differ. */
const wellOf = (model: string): Record<string, unknown> => ({
  [`${model} whole`]: 'Hello.',
  [`${model} stream`]: 'Hello again.',
  [`${model} tools`]: argumentsOf,
  [`${model} poisoned`]: expect.stringMatching(/^(?:carried|invalid_request)$/),
  [`${model} response`]: true,
  [`${model} refused`]: 'invalid_request',
  [`${model} counted`]: 'number',
});

const well = { ...wellOf('host/any'), ...wellOf('anthropic/claude-haiku-4-5'), embedded: 1 };

describe('9: a process that forbids what pollution needs', { timeout: 90_000 }, () => {
  it.each<[string, string[], Record<string, string>]>([
    ['--disable-proto=throw', ['--disable-proto=throw'], {}],
    ['--disable-proto=delete', ['--disable-proto=delete'], {}],
    ['a frozen Object.prototype', [], { FREEZE: 'yes' }],
  ])('is well served: %s', async (_, flags, env) => {
    const { walked } = await walk(flags, env);
    expect(walked.results).toEqual(well);
    expect(walked.polluted).toBe(false);
  });
});

describe('a process of an ordinary kind', { timeout: 90_000 }, () => {
  let plain: Walked;
  beforeAll(async () => {
    plain = (await walk()).walked;
  }, 90_000);

  it('is well served', () => {
    expect(plain.results).toEqual(well);
    expect(plain.told).toBeGreaterThan(50);
  });

  it('35: is left as it was: prototypes, functions, listeners, environment, and the agent of `fetch`', () => {
    expect(plain.changed).toEqual([]);
    expect(plain.dispatcher).toBe('of Node');
    // Of the schema library, and of Node itself when any of its web classes is looked at.
    const known = [
      'Symbol(undici.globalDispatcher.1)',
      'Symbol(undici.globalDispatcher.2)',
      '__zod_globalConfig',
      '__zod_globalRegistry',
    ];
    expect(plain.added.filter((name) => !known.includes(name))).toEqual([]);
  });
});

describe('an environment full of traps', { timeout: 90_000 }, () => {
  let caught = 0;
  const trap = createServer((socket) => {
    caught++;
    socket.destroy();
  });
  beforeAll(() => new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve)));
  afterAll(() => void trap.close());

  it('14: changes neither the way of a request nor its headers', async () => {
    const address = trap.address();
    const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
    const names = [
      ...[
        'HTTP_PROXY',
        'HTTPS_PROXY',
        'ALL_PROXY',
        'http_proxy',
        'https_proxy',
        'all_proxy',
        'GLOBAL_AGENT_HTTP_PROXY',
      ],
      ...[
        'ANTHROPIC_BASE_URL',
        'OPENAI_BASE_URL',
        'OPENAI_API_BASE',
        'ANTHROPIC_BEDROCK_BASE_URL',
        'CLAUDE_BASE_URL',
      ],
    ];
    const env = {
      ...Object.fromEntries(names.map((name) => [name, url])),
      NODE_USE_ENV_PROXY: '1',
      NO_PROXY: '',
      ANTHROPIC_API_KEY: 'sk-trap',
      ANTHROPIC_AUTH_TOKEN: 'trap',
      ANTHROPIC_CUSTOM_HEADERS: 'x-trap: yes',
      OPENAI_API_KEY: 'sk-trap',
    };
    const { walked } = await walk([], env);
    expect(walked.results).toEqual(well);
    expect(caught).toBe(0);
  });

  it('43: gets neither key nor prompt out of any debug mode', async () => {
    const env = {
      DEBUG: '*',
      NODE_DEBUG: 'http,http2,net,tls,undici,fetch,timer,stream,websocket',
      ANTHROPIC_LOG: 'debug',
      OPENAI_LOG: 'debug',
      LOG_LEVEL: 'debug',
      VERBOSE: '1',
    };
    const { walked, stdout, stderr } = await walk([], env);
    expect(walked.results).toEqual(well);
    expect(stderr.length).toBeGreaterThan(0);
    expect(stdout + stderr).not.toMatch(/canary|geese/);
  });
});
