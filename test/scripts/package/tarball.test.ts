import { describe, expect, it } from 'vitest';
import { MAX_GUIDE_BYTES, MAX_PACKED_BYTES, tarballFaults } from '../../../scripts/package/tarball.ts';

const files = [
  'package.json',
  'README.md',
  'AGENTS.md',
  'LICENSE',
  'CHANGELOG.md',
  'SECURITY.md',
  'THIRD-PARTY.md',
  'dist/index.js',
  'docs/doors.md',
];

describe('tarballFaults', () => {
  it('finds none in a small package of the right files', () => {
    expect(tarballFaults({ packedBytes: MAX_PACKED_BYTES, files })).toEqual([]);
  });

  it.each(['src/index.ts', 'test/a.test.ts', '.npmrc', 'bench/main.ts', 'distant/a.js', 'docs/a.ts'])(
    'refuses %s',
    (stranger) => {
      expect(tarballFaults({ packedBytes: 1, files: [...files, stranger] })).toEqual([
        `${stranger} does not belong in the package`,
      ]);
    },
  );

  it('refuses a package that is too big, or without its papers', () => {
    expect(tarballFaults({ packedBytes: MAX_PACKED_BYTES + 1, files })[0]).toContain(
      `at most ${MAX_PACKED_BYTES}`,
    );
    expect(tarballFaults({ packedBytes: 1, files: files.filter((file) => file !== 'LICENSE') })).toEqual([
      'LICENSE is missing from the package',
    ]);
  });

  it('refuses one without its guides, or with more of them than anybody reads', () => {
    const without = files.filter((file) => file !== 'AGENTS.md' && file !== 'docs/doors.md');
    expect(tarballFaults({ packedBytes: 1, files: without })).toEqual([
      'AGENTS.md is missing from the package',
      'docs/doors.md is missing from the package',
    ]);
    expect(tarballFaults({ packedBytes: 1, files, guideBytes: MAX_GUIDE_BYTES })).toEqual([]);
    expect(tarballFaults({ packedBytes: 1, files, guideBytes: MAX_GUIDE_BYTES + 1 })[0]).toContain(
      'of guides',
    );
  });
});
