import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openShell, type Shell } from './io.ts';

let shell: Shell;

beforeEach(async () => {
  shell = await openShell();
});
afterEach(() => shell.close());

describe('runestone models', () => {
  it('lists what the pool takes, as text or as JSON', async () => {
    const { code, out } = await shell.cli(['models']);
    expect(code).toBe(0);
    expect(out).toMatch(/^model +targets +context +most written +status\n/);
    expect(out).toMatch(/^claude-haiku-4-5\S* +anthropic\/claude-haiku-4-5/m);
    const json = await shell.cli(['models', '--json']);
    expect(JSON.parse(json.out)).toMatchObject({ object: 'list' });
  });
});
