/** What became of one case of one client at one door. */
export interface ClientResult {
  /** `v22.1.0` */
  readonly node: string;
  readonly client: string;
  readonly door: 'fetch' | 'http';
  readonly case: string;
  /** `ok`, or what went wrong. */
  readonly outcome: string;
}

const CASES = ['plain', 'streamed', 'tools', 'structured', 'abort', 'cut'];

/** What is asked of a web framework that mounts a pool. */
export const HOST_CASES: readonly string[] = ['plain', 'streamed', 'wrong key', 'abort'];

/** Results from lines of JSON, between which clients may have said what they like. */
export function toResults(lines: string): readonly ClientResult[] {
  return lines
    .split('\n')
    .filter((line) => line.startsWith('{"node":'))
    .map((line) => JSON.parse(line));
}

export function failuresIn(results: readonly ClientResult[]): readonly ClientResult[] {
  return results.filter(({ outcome }) => outcome !== 'ok');
}

/** Clients and Nodes by cases: `ok` where both doors are, which of them failed, or `-` for a case that it has not. */
export function tableOf(results: readonly ClientResult[], cases: readonly string[] = CASES): string {
  const rows = [...new Set(results.map(({ client, node }) => `${client} | ${node}`))].map((row) => {
    const own = results.filter(({ client, node }) => `${client} | ${node}` === row);
    return [row, ...cases.map((name) => cellOf(own.filter((each) => each.case === name)))].join(' | ');
  });
  const head = ['client', 'Node', ...cases];
  return [head.join(' | '), head.map(() => '---').join(' | '), ...rows]
    .map((line) => `| ${line} |`)
    .join('\n');
}

function cellOf(results: readonly ClientResult[]): string {
  if (results.length === 0) return '-';
  const failed = failuresIn(results).map(({ door }) => door);
  return failed.length === 0 ? 'ok' : `FAIL ${failed.join(' ')}`;
}
