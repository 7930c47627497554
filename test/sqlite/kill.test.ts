import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openAny, rowsOf, temporaryFolder } from './databases.ts';

const FLUSH_MS = 100;
const writer = fileURLToPath(new URL('busy-writer.ts', import.meta.url));

/** What the process said each time: the last row it had made, the last durable one, and when. */
interface Word {
  readonly made: number;
  readonly flushed: number;
  readonly atMs: number;
}

/** Lets a process write, ends it in the middle of that without a word of warning, and tells what it had said. */
async function killed(
  path: string,
  afterMs: number,
): Promise<{ readonly said: Word[]; readonly killedMs: number }> {
  const child = spawn(process.execPath, ['--import', 'tsx', writer, path], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, complaints] = ['', ''];
  child.stdout.on('data', (bytes) => (out += bytes));
  // Node 22 says there that its SQLite is new.
  child.stderr.on('data', (bytes) => (complaints += bytes));
  await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
  await sleep(afterMs);
  const killedMs = Date.now();
  child.kill('SIGKILL');
  await once(child, 'close');
  expect(out, complaints).not.toMatch(/failed/);
  const lines = out.slice(0, out.lastIndexOf('\n')).split('\n');
  const said = lines.map((line) => {
    const [made = 0, flushed = 0, atMs = 0] = line.split(' ').map(Number);
    return { made, flushed, atMs };
  });
  return { said, killedMs };
}

/** The longest time in which the process did not get round to saying anything: a busy machine is not our fault. */
function longestSilence(said: readonly Word[], endMs: number): number {
  const times = [...said.map(({ atMs }) => atMs), endMs];
  return Math.max(...times.slice(1).map((atMs, index) => atMs - (times[index] ?? atMs)));
}

describe('a process that is killed while it writes', () => {
  it.each([250, 333, 512, 777])(
    'loses at most the last 100 ms, and no durable row (after %i ms)',
    async (afterMs) => {
      using folder = temporaryFolder();
      const { said, killedMs } = await killed(folder.file(), afterMs);
      const database = await openAny(folder.file());
      expect(rowsOf(database, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
      const [kept] = rowsOf(
        database,
        'SELECT count(*) AS rows, max(sequence) AS last, count(DISTINCT run) AS runs FROM runestone_ledger',
      );
      database.close();
      // Without a hole, from the first on.
      expect(kept?.['rows']).toBe(kept?.['last']);
      expect(kept?.['runs']).toBe(1);
      const last = Number(kept?.['last']);
      const durable = Math.max(...said.map(({ flushed }) => flushed));
      expect(durable).toBeGreaterThan(0);
      expect(last).toBeGreaterThanOrEqual(durable);
      const oldEnough = said.filter(
        ({ atMs }) => atMs < killedMs - FLUSH_MS - longestSilence(said, killedMs),
      );
      expect(last).toBeGreaterThanOrEqual(Math.max(0, ...oldEnough.map(({ made }) => made)));
      // The test is one: there was something to lose.
      expect(said.at(-1)?.made).toBeGreaterThan(100);
    },
  );

  it('can go on with its file', async () => {
    using folder = temporaryFolder();
    for (const _ of [1, 2]) await killed(folder.file(), 200);
    const database = await openAny(folder.file());
    expect(rowsOf(database, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    expect(rowsOf(database, 'SELECT count(DISTINCT run) AS runs FROM runestone_ledger')).toEqual([
      { runs: 2 },
    ]);
    database.close();
  });
});
