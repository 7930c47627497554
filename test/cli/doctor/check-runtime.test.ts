import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { checkRuntime, LEAST_NODE } from '../../../src/cli/doctor/check-runtime.ts';

it.each([
  ['18.20.4', 'failed'],
  ['20.18.9', 'failed'],
  ['20.19.0', 'warning'],
  ['21.0.0', 'ok'],
  ['22.13.1', 'ok'],
  ['26.0.0-nightly', 'ok'],
])('Node %s: %s', (version, state) => {
  const finding = checkRuntime(version);
  expect(finding.state).toBe(state);
  expect(finding.message).toContain(version);
  expect(finding.remedy === undefined).toBe(state === 'ok');
});

it('knows the least Node that the package names', () => {
  const { engines } = JSON.parse(readFileSync('package.json', 'utf8'));
  expect(engines.node).toBe(`>=${LEAST_NODE.join('.')}.0`);
});
