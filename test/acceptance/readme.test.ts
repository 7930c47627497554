import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const readme = readFileSync('README.md', 'utf8');

/** The first block of code under a heading. */
function codeUnder(heading: string, path = 'README.md'): string {
  const [, section = ''] = readFileSync(path, 'utf8').split(new RegExp(`(?:^|\\n)##? ${heading}\n`));
  return /```ts\n([\s\S]*?)```/.exec(section)?.[1] ?? '';
}

/** Runs a script as it stands in the documents, without a key. */
async function run(script: string): Promise<{ stdout: string; stderr: string }> {
  const { ANTHROPIC_API_KEY: _, ANTHROPIC_BASE_URL: __, ...env } = process.env;
  const flags = ['--import', 'tsx', '--input-type=module', '--eval', script];
  return promisify(execFile)(process.execPath, flags, { env, timeout: 15_000 });
}

describe('the README', () => {
  it('has an example of five lines, imports aside, that runs without a key', async () => {
    const script = codeUnder('Five lines that run without a key');
    const lines = script.split('\n').filter((line) => line && !line.startsWith('import '));
    expect(lines.length).toBeLessThanOrEqual(5);
    const { stdout, stderr } = await run(script);
    expect(stdout).toMatch(/You said: “Hello”/);
    expect(stderr).toBe('');
  });

  it('has providers for Claude elsewhere that a pool takes, before any of their clients is made', async () => {
    const script = codeUnder('Claude on Bedrock, Vertex and compatible hosts', 'docs/providers.md');
    const names = "console.log(pool.providers().map(({ name }) => name).join(' ')); await pool.close();";
    const { stdout, stderr } = await run(`${script}\n${names}`);
    expect(stdout.trim()).toBe('bedrock vertex x-api-key bearer');
    expect(stderr).toBe('');
  });

  it('has a test on a clock of its own that takes no time', async () => {
    const script = codeUnder('Testing what you build on it', 'docs/testing.md');
    const began = performance.now();
    const { stdout, stderr } = await run(`import { ProviderPool } from 'runestone';\n${script}`);
    expect([stdout.trim(), stderr]).toEqual(['2', '']);
    expect(performance.now() - began).toBeLessThan(15_000);
  });

  it('names two commands, which are scripts of the package', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
    const [, commands = ''] = /```sh\n([\s\S]*?)```/.exec(readme) ?? [];
    const named = [...commands.matchAll(/&& npm (?:run )?(\w+)/g)].map(([, name]) => name);
    expect(named).toEqual(['demo', 'test']);
    for (const name of named) expect(scripts).toHaveProperty([String(name)]);
  });
});
