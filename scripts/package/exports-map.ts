/** The part of package.json that says what may be imported. */
export type ExportsMap = Readonly<Record<string, string | Readonly<Record<string, ExportTarget>>>>;

interface ExportTarget {
  readonly types: string;
  readonly default: string;
}

/** One thing a user may import, with the file `require` gets where `module-sync` is not known. */
export interface SubPath {
  /** `runestone/provider-kit` */
  readonly specifier: string;
  /** `./provider-kit`, the key with its star filled in. */
  readonly key: string;
  readonly commonjs: string;
}

/**
 * Every sub-path by name: patterns are filled in from the files there are. Tools that check packages skip patterns.
 *
 * @param files - paths within the package, such as `dist/index.cjs`
 */
export function subPaths(name: string, exports: ExportsMap, files: readonly string[]): SubPath[] {
  return Object.entries(exports).flatMap(([key, target]) => {
    const commonjs = typeof target === 'string' ? target : (target['require']?.default ?? '');
    const stars = key.includes('*') ? starsOf(commonjs, files) : [''];
    if (stars.length === 0) throw new Error(`package.json: no file matches the export ${key}`);
    return stars.map((star) => {
      const filled = key.replace('*', star);
      return {
        specifier: filled === '.' ? name : `${name}/${filled.slice(2)}`,
        key: filled,
        commonjs: commonjs.replace('*', star),
      };
    });
  });
}

function starsOf(pattern: string, files: readonly string[]): string[] {
  const [head = '', tail = ''] = pattern.replace(/^\.\//, '').split('*');
  return files
    .filter((file) => file.startsWith(head) && file.endsWith(tail) && file.length > head.length + tail.length)
    .map((file) => file.slice(head.length, -tail.length));
}

/** Files named in the map that the package does not hold. */
export function missingFiles(exports: ExportsMap, files: readonly string[]): string[] {
  const named = Object.values(exports).flatMap((target) =>
    typeof target === 'string'
      ? [target]
      : Object.values(target).flatMap((each) => [each.types, each.default]),
  );
  return named.filter((path) =>
    path.includes('*') ? starsOf(path, files).length === 0 : !files.includes(path.replace(/^\.\//, '')),
  );
}
