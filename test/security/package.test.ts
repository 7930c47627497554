import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { tarballFaults } from '../../scripts/package/tarball.ts';

interface Locked {
  readonly version: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly hasInstallScript?: boolean;
}

const manifest: {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly files: readonly string[];
  readonly scripts: Readonly<Record<string, string>>;
  readonly engines: { readonly node: string };
} = JSON.parse(readFileSync('package.json', 'utf8'));
const lock: { readonly packages: Readonly<Record<string, Locked>> } = JSON.parse(
  readFileSync('package-lock.json', 'utf8'),
);

/** What is installed with this package. */
const installed = Object.entries(lock.packages).filter(
  ([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional,
);

describe('36: what comes with the package', () => {
  it('is five packages, each with a reason in CONTRIBUTING or its owner', () => {
    expect(Object.keys(manifest.dependencies)).toEqual([
      '@anthropic-ai/sdk',
      'eventsource-parser',
      'p-retry',
      'undici',
      'zod',
    ]);
  });

  it('and what they bring along is little', () => {
    expect(installed.length).toBeLessThanOrEqual(16);
  });

  it.each(installed)(
    '%s has an exact version, a hash, a known licence, and runs nothing when it is installed',
    (_, locked) => {
      expect(locked.version).toMatch(/^\d+\.\d+\.\d+(?:-[\w.]+)?$/);
      expect(locked.integrity).toMatch(/^sha512-/);
      expect(['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'Unlicense', '0BSD']).toContain(
        locked.license,
      );
      expect(locked.hasInstallScript).toBeUndefined();
      // The lockfile names no host: what is fetched is fetched by hash.
      expect(locked.resolved).toBeUndefined();
    },
  );

  it('and the package itself runs nothing either', () => {
    const hooks = [
      'preinstall',
      'install',
      'postinstall',
      'prepublish',
      'prepare',
      'preprepare',
      'postprepare',
    ];
    expect(hooks.filter((hook) => Object.hasOwn(manifest.scripts, hook))).toEqual([]);
  });
});

describe('38: what is published', () => {
  it('is a list of names, and every one of them is there', () => {
    expect(manifest.files).toContain('SECURITY.md');
    for (const file of manifest.files.filter((name) => name !== 'dist')) expect(existsSync(file)).toBe(true);
  });

  it.each([
    'src/index.ts',
    '.env',
    'test/fixtures/tls/localhost-key.pem',
    '.npmrc',
    'package-lock.json',
    'docs.md',
  ])('is never %s', (file) => {
    const known = [
      'README.md',
      'AGENTS.md',
      'docs/doors.md',
      'LICENSE',
      'CHANGELOG.md',
      'THIRD-PARTY.md',
      'SECURITY.md',
      'package.json',
      'dist/index.js',
    ];
    expect(tarballFaults({ packedBytes: 1, files: known })).toEqual([]);
    expect(tarballFaults({ packedBytes: 1, files: [...known, file] })).toEqual([
      `${file} does not belong in the package`,
    ]);
  });

  it('is missing nothing that users must be able to read', () => {
    const faults = tarballFaults({ packedBytes: 1, files: ['dist/index.js'] });
    expect(faults).toContain('SECURITY.md is missing from the package');
  });
});

describe('40: the least that is safe', () => {
  /** `7.18.0` as numbers. */
  const parts = (version: string): number[] =>
    version
      .replace(/^[^\d]*/, '')
      .split('.')
      .map(Number);

  const isAtLeast = (version: string, least: string): boolean => {
    const [is, min] = [parts(version), parts(least)];
    const at = min.findIndex((part, index) => (is[index] ?? 0) !== part);
    return at < 0 || (is[at] ?? 0) > (min[at] ?? 0);
  };

  it('of undici is a version with a limit on content codings (E20, CVE-2026-22036)', () => {
    expect(isAtLeast(manifest.dependencies['undici'] ?? '', '7.18.0')).toBe(true);
    const { version } = JSON.parse(readFileSync('node_modules/undici/package.json', 'utf8'));
    expect(isAtLeast(version, '7.18.0')).toBe(true);
    expect(['6.22.9', '7.17.9'].some((old) => isAtLeast(old, '7.18.0'))).toBe(false);
  });

  it('of Node is a line that is maintained', () => {
    expect(isAtLeast(manifest.engines.node, '20.19.0')).toBe(true);
  });
});
