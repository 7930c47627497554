import { platformPackage, versionFits } from './node-lines.ts';
import { capture } from './run.ts';

/**
 * Path of the binary of a line of Node, fetched if need be.
 *
 * @param emptyFolder - where it is looked up: a folder without a local one that could answer
 */
export function nodeBinary(line: string, emptyFolder: string): string {
  const source = `${platformPackage(process.platform, process.arch)}@${line}`;
  const ask = ['-y', '-p', source, '--', 'node', '-p', 'process.execPath + " " + process.version'];
  const [path = '', version = ''] = capture('npx', ask, emptyFolder).trim().split(' ');
  if (!versionFits(version, line)) throw new Error(`asked for Node ${line}, got ${version}`);
  return path;
}
