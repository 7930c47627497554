import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Course } from '../row.ts';
import { timeouts } from '../stand.ts';

const run = promisify(execFile);
const child = fileURLToPath(new URL('../half-open-child.ts', import.meta.url));

/** Time beyond the timer that a busy machine may take. */
const LATE_MS = 1_000;

/** T49: the peer is gone, and nothing says so: no FIN, no RST, and TCP's own keepalive takes hours. */
export const halfOpen: Course = {
  id: 'T49',
  about: 'the network goes away in the middle of an answer',
  host: true,
  async run(wire) {
    const node = [...process.execArgv, child, wire];
    const { stdout } = await run('unshare', ['--net', process.execPath, ...node], { timeout: 30_000 });
    const { text, ending, tookMs } = JSON.parse(stdout);
    const { code, phase, committed, partial } = Object(ending);
    return [
      ...(code === 'timeout' && phase === 'idle'
        ? []
        : [`ended with ${JSON.stringify(ending)}, not an idle timeout`]),
      ...(committed && partial === text && text !== ''
        ? []
        : [`the caller saw ${text}, the error ${partial}`]),
      ...(tookMs <= timeouts.idleMs + LATE_MS ? [] : [`took ${Math.round(tookMs)} ms`]),
    ];
  },
};
