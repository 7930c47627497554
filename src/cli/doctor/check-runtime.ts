import type { Finding } from './finding.ts';

/** The least that the package runs on: `engines` of package.json, which a test compares. */
export const LEAST_NODE: readonly [major: number, minor: number] = [20, 19];

/** Whether this Node is one that the package supports. @param version - as `process.versions.node` has it */
export function checkRuntime(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor, leastMinor] = LEAST_NODE;
  const finding = { check: 'node', message: `Node ${version}` };
  if (major < leastMajor || (major === leastMajor && minor < leastMinor)) {
    const remedy = `install Node ${leastMajor}.${leastMinor} or later; 22, 24 and 26 are maintained`;
    return { ...finding, state: 'failed', remedy };
  }
  // Node's own calendar: the line ended in April 2026.
  if (major === 20) {
    return { ...finding, state: 'warning', remedy: 'Node 20 is past its end of life; 22, 24 and 26 are not' };
  }
  return { ...finding, state: 'ok' };
}
