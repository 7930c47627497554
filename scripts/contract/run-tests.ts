import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

/** What a run of some tests came to. Tests are named in full, files by path. */
export interface TestRun {
  readonly passed: readonly string[];
  readonly failed: readonly string[];
  /** Files that ended before any of their tests began. */
  readonly unloaded: readonly string[];
  /** Set when the run itself did not end as runs do: a timeout, an error outside all tests. */
  readonly crash?: string;
}

/** How long one run may take before it counts as hanging. */
const PATIENCE_MS = 120_000;

const report = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});

/**
 * Runs those tests of some files whose names hold one of the ids, with one rule switched off.
 *
 * A process for each run: no module of another run is still in memory.
 */
export function runTests(files: readonly string[], ids: readonly string[], ruleOff: string): TestRun {
  const folder = mkdtempSync(join(tmpdir(), 'contract-'));
  const outputFile = join(folder, 'report.json');
  try {
    const args = [
      ...['node_modules/vitest/vitest.mjs', 'run', '--config', 'scripts/contract/mutate.config.ts'],
      ...['--reporter', 'json', '--outputFile', outputFile, '--testTimeout', '5000'],
      ...['--testNamePattern', `\\b(${ids.join('|')})\\b`, ...files],
    ];
    const { status, stderr, error } = spawnSync(process.execPath, args, {
      env: { ...process.env, RULE_OFF: ruleOff },
      encoding: 'utf8',
      timeout: PATIENCE_MS,
    });
    const run = existsSync(outputFile) ? readReport(JSON.parse(readFileSync(outputFile, 'utf8'))) : emptyRun;
    const explained = status === 0 || run.failed.length + run.unloaded.length > 0;
    return explained ? run : { ...run, crash: error?.message ?? stderr.trim().slice(0, 500) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const emptyRun: TestRun = { passed: [], failed: [], unloaded: [] };

/** The outcome that a report of Vitest's JSON reporter tells of; tests that were passed over are left out. */
export function readReport(json: unknown): TestRun {
  const { testResults } = report.parse(json);
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const named = (wanted: string): string[] =>
    tests.filter(({ status }) => status === wanted).map(({ fullName }) => fullName);
  const unloaded = testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((each) => each.status === 'failed'),
  );
  return { passed: named('passed'), failed: named('failed'), unloaded: unloaded.map(({ name }) => name) };
}
