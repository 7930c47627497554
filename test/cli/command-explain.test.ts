import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openShell, type Shell } from './io.ts';

let shell: Shell;

beforeEach(async () => {
  shell = await openShell();
});
afterEach(() => shell.close());

describe('runestone explain', () => {
  it('tells where a request would go, by the aliases of a config file', async () => {
    const path = await shell.write(
      'pool.yaml',
      'models:\n  fast: [anthropic/claude-haiku-4-5, anthropic/claude-sonnet-4-5]\n',
    );
    const { code, out, err } = await shell.cli(['explain', '-m', 'fast', '-c', path]);
    expect([code, shell.upstream.requests.length]).toEqual([0, 0]);
    expect(out).toMatch(/1 +anthropic\/claude-haiku-4-5.* +0\.\d+ USD\n2 +anthropic\/claude-sonnet-4-5/);
    expect(err).toContain('priority');
    const json = await shell.cli(['explain', '-m', 'fast', '-c', path, '--json']);
    expect(JSON.parse(json.out).candidates).toHaveLength(2);
  });
});
