import { platformPackage, versionFits } from './node-lines.ts';
import { capture } from './run.ts';

/**
 * Path of the binary of a Node line such as `22`, fetched if need be.
 *
 * The binaries come from platform packages, whose tarball holds them. The package `node` needs an install script,
 * which npm 12 does not run: `npx node@22` is then silently the Node on the PATH.
 *
 * @param folder - an empty one to look it up from, where no local package can answer
 * @throws Error when another version comes than was asked for
 */
export function nodeBinary(line: string, folder: string): string {
  const source = `${platformPackage(process.platform, process.arch)}@${line}`;
  const ask = ['-y', '-p', source, '--', 'node', '-p', 'process.execPath + " " + process.version'];
  const [path = '', version = ''] = capture('npx', ask, folder).trim().split(' ');
  if (!versionFits(version, line)) throw new Error(`asked for Node ${line}, got ${version}`);
  return path;
}
