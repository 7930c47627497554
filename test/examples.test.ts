import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What each example must have shown, beside ending well. */
const shown: Readonly<Record<string, readonly RegExp[]>> = {
  '01-ask.ts': [
    /You said: “What is a circuit breaker, in one sentence\?”/,
    /answered by {2}anthropic\/claude-/,
    /attempts {5}1$/m,
    /tokens {7}\d+ in, \d+ out/,
    /cost {9}\$0\.00\d+/,
  ],
  '02-stream.ts': [
    /You said: “Name three good reasons to stream answers\.”.*this machine\.$/m,
    /^40 tokens, finish_reason stop$/m,
    /^read 2\d characters of a second answer, then left$/m,
  ],
  '03-tools.ts': [
    /^call {4}get_weather\({"city":"Paris"}\) -> 18 °C and sunny in Paris$/m,
    /^answer {2}The tool says: 18 °C and sunny in Paris$/m,
  ],
  '04-failover.ts': [
    /attempt 1 {2}primary {2}overloaded\n {2}attempt 2 {2}backup {3}ok$/m,
    /^failover_exhausted: /m,
    /primary\/claude-opus-5-5 {2}overloaded, status 529$/m,
    /primary\/claude-haiku-5-5 {2}overloaded, status 529$/m,
  ],
  '05-telemetry.ts': [
    /^event {3}request\.start$/m,
    /^alarm {3}anthropic overloaded \(529\), will be tried again$/m,
    /^event {3}retry\.scheduled$/m,
    /^metric {2}anthropic\/\S+ ok ttft \d+ ms$/m,
    /^event {3}request\.stop$/m,
    /^chunks {2}[1-9]\d*$/m,
    /^stats {3}2 attempts, error rate 0\.5, 1 retry, \$0\.\d+$/m,
    /^health .*healthy/m,
  ],
  '06-own-provider.ts': [
    /^Small models answer too\.$/m,
    /^lines {/m,
    /prompt_tokens: 11/,
    /completion_tokens: 4/,
  ],
  '07-own-middleware.ts': [
    /^stopwatch {2}attempt 1 at anthropic\/\S+ failed after \d+ ms$/m,
    /^stopwatch {2}attempt 2 at anthropic\/\S+ completed after \d+ ms$/m,
    /^answer .*Write to \[e-mail\], please\./m,
  ],
};

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs an example as a user does. A key of the real world must not leak into a test, nor a test into a bill. */
function run(file: string): Promise<Run> {
  const { ANTHROPIC_API_KEY: _, ANTHROPIC_BASE_URL: __, ...env } = process.env;
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['--import', 'tsx', `examples/${file}`],
      { cwd: root, env, timeout: 30_000 },
      (_error, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}

const files = readdirSync(`${root}/examples`).filter((name) => /^\d\d-.*\.ts$/.test(name));

it('all examples are tested', () => {
  expect(files).toEqual(Object.keys(shown));
});

// At once, because each is mostly a process that starts.
describe.concurrent('an example', () => {
  it.each(files)('%s runs without a key and shows what it promises', { timeout: 40_000 }, async (file) => {
    const { code, stdout, stderr } = await run(file);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    for (const line of shown[file] ?? []) expect(stdout).toMatch(line);
  });
});
