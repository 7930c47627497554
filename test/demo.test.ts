import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly tookMs: number;
}

/** The demo as a newcomer pipes it: no key, no terminal. */
function runDemo(): Promise<Run> {
  const { ANTHROPIC_API_KEY: _, ANTHROPIC_BASE_URL: __, ...env } = process.env;
  const beganMs = performance.now();
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['--import', 'tsx', 'examples/demo/main.ts'],
      { cwd: root, env, timeout: 40_000 },
      (_error, stdout, stderr) =>
        resolve({ code: child.exitCode, stdout, stderr, tookMs: performance.now() - beganMs }),
    );
  });
}

describe('the demo, piped', () => {
  let run: Run;
  let lines: readonly string[];
  beforeAll(async () => {
    run = await runDemo();
    lines = run.stdout.split('\n');
  }, 45_000);

  it('ends well, in less than 15 s', () => {
    expect(run.stderr).toBe('');
    expect(run.code).toBe(0);
    expect(run.tookMs).toBeLessThan(15_000);
  });

  it('uses no colour and no cursor tricks', () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    expect(run.stdout).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f]/);
  });

  it('fits 80 columns', () => {
    const wide = lines.filter((line) => [...line].length > 80);
    expect(wide).toEqual([]);
  });

  it('leaves no space at the end of a line', () => {
    expect(lines.filter((line) => line !== line.trimEnd())).toEqual([]);
  });

  it.each<[string, RegExp]>([
    ['both hosts are asked how they are', /primary {3}healthy in \d+ ms\n {5}backup {4}healthy in \d+ ms/],
    [
      'an answer that streams in',
      /│ Because models slow down[\s\S]*✓ primary\/claude-sonnet-5-5\n.*\d+ tokens in, \d+ out · first token/,
    ],
    [
      'a 529 that is retried',
      /✗ overloaded 529\n +↻ tries again in \d+ ms \(full jitter\)\n +primary +✓ answers/,
    ],
    ['one answer of two attempts', /2 attempts, one answer, \d+ ms/],
    ['a target that dies', /primary {3}▪ is shut down with the request in its hands\n/],
    ['another that takes over', /→ takes over: backup\/claude-sonnet-5-5\n +backup +✓ answers/],
    ['a breaker that opens', /3 +✗ 529 +✓ answers +opens for [\d.]+ m?s\n +4 +left alone +✓ answers +open\n/],
    ['a breaker that probes and closes', /6 +✓ answers +not needed +half-open: one probe → closed\n/],
    ['a timeline with its axis', / +0 ms.*\n +┬─+.*\n +request +█+ +\d+ ms {2}ok\n/],
    [
      'the steps of the timeline',
      /server_error\n +wait +·+ .*\n +primary +█+ +\d+ ms {2}connection\n +backup +░+█+ +\d+ ms {2}answers/,
    ],
    [
      'a table of states',
      /● primary\/claude-haiku-5-5 {2}failing +[12] +[12] +0\/0 +– +(unknown|\$0\.000000)\n/,
    ],
    [
      'a table of tokens, TTFT and cost',
      /● backup\/claude-sonnet-5-5 +healthy +\d+ +0 +\d+\/\d+ +\d+ ms +\$0\.\d{6}\n/,
    ],
    ['a total', /together +\d+ +[78] +\d+\/\d+ +\d+ ms +≥\$0\.\d{6}\n/],
    ['where to go next', /examples\/01-ask\.ts/],
  ])('shows %s', (_, expected) => {
    expect(run.stdout).toMatch(expected);
  });

  it('answers every request of the breaker scene', () => {
    const rows = lines.filter((line) => /^ {8}\d {6}/.test(line));
    expect(rows).toHaveLength(8);
    for (const row of rows) expect(row).toContain('✓ answers');
  });
});
