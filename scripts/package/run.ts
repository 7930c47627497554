import { execFileSync } from 'node:child_process';

/** Runs a program and shows what it says; throws when it fails. */
export function run(program: string, args: readonly string[], cwd: string = process.cwd()): void {
  execFileSync(program, args, { cwd, stdio: 'inherit' });
}

/**
 * Runs a program and gives what it wrote to its standard output; throws, with all it said, when it fails.
 *
 * @param more - variables beside those of this process
 */
export function capture(
  program: string,
  args: readonly string[],
  cwd: string = process.cwd(),
  more: Readonly<Record<string, string>> = {},
): string {
  const env = { ...process.env, ...more };
  try {
    return execFileSync(program, args, {
      cwd,
      env,
      encoding: 'utf8',
      stdio: 'pipe',
      maxBuffer: 64 * 1024 * 1024,
    });
  } catch (error) {
    const said =
      error instanceof Error && 'stdout' in error && 'stderr' in error
        ? `${error.stdout}${error.stderr}`
        : '';
    throw new Error(`${program} ${args.join(' ')} failed\n${said}`);
  }
}

/** Runs one named step of a check and says how long it took. */
export function step<Result>(name: string, work: () => Result): Result {
  const began = performance.now();
  try {
    const result = work();
    console.log(`ok    ${name} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
    return result;
  } catch (error) {
    console.log(`FAIL  ${name}`);
    throw error;
  }
}
