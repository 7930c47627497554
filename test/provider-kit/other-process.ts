import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/**
 * Runs a script in a process of its own, and returns what it printed. `createTransport`, `url` and `signal` are
 * there already. Rejects when the process does not come to its end by itself.
 */
export async function inOtherProcess(
  script: string,
  { url }: { readonly url: string },
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const source = new URL('../../src/provider-kit/transport.ts', import.meta.url).href;
  const preamble = `
    const { createTransport } = await import(${JSON.stringify(source)});
    const url = ${JSON.stringify(url)};
    const { signal } = new AbortController();`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', preamble + script],
    { timeout: 15_000, env: { ...process.env, ...env } },
  );
  return stdout;
}
