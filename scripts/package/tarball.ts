import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExportsMap } from './exports-map.ts';
import { capture } from './run.ts';

/** The largest package that is still small, in bytes, compressed. */
export const MAX_PACKED_BYTES: number = 896 * 1024;

/** The most that the guides may take, in bytes: a coding agent reads several of them at once. */
export const MAX_GUIDE_BYTES: number = 100 * 1024;

/** What `npm pack` made. */
export interface Tarball {
  /** Where it lies. */
  readonly path: string;
  readonly packedBytes: number;
  readonly unpackedBytes: number;
  /** Paths within the package. */
  readonly files: readonly string[];
  /** Of the files in `docs/`, not compressed. */
  readonly guideBytes: number;
}

/** What this repository calls itself and lets others import. */
export function readManifest(): { readonly name: string; readonly exports: ExportsMap } {
  return JSON.parse(readFileSync('package.json', 'utf8'));
}

/** Packs the working tree into a folder. Build first. */
export function pack(folder: string): Tarball {
  const [made] = JSON.parse(
    capture('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder]),
  );
  return {
    path: join(folder, made.filename),
    packedBytes: made.size,
    unpackedBytes: made.unpackedSize,
    files: made.files.map(({ path }: { path: string }) => path),
    guideBytes: made.files
      .filter(({ path }: { path: string }) => path.startsWith('docs/'))
      .reduce((sum: number, { size }: { size: number }) => sum + size, 0),
  };
}

/** What everybody who has the package can read. Guides are beside them, in `docs/`. */
const PAPERS = ['README.md', 'AGENTS.md', 'LICENSE', 'CHANGELOG.md', 'SECURITY.md', 'THIRD-PARTY.md'];

/** What is wrong with a tarball's size or contents. */
export function tarballFaults({
  packedBytes,
  files,
  guideBytes = 0,
}: Pick<Tarball, 'packedBytes' | 'files'> & Partial<Tarball>): string[] {
  const strangers = files.filter(
    (file) => !/^(dist\/|docs\/.+\.md$|package\.json$)/.test(file) && !PAPERS.includes(file),
  );
  const missing = [...PAPERS, 'docs/doors.md'].filter((file) => !files.includes(file));
  return [
    ...(packedBytes > MAX_PACKED_BYTES ? [`${packedBytes} bytes packed, at most ${MAX_PACKED_BYTES}`] : []),
    ...(guideBytes > MAX_GUIDE_BYTES ? [`${guideBytes} bytes of guides, at most ${MAX_GUIDE_BYTES}`] : []),
    ...strangers.map((file) => `${file} does not belong in the package`),
    ...missing.map((file) => `${file} is missing from the package`),
  ];
}
