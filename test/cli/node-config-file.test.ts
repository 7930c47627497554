import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openShell, type Shell } from './io.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runestone-cli-'));
});
afterAll(() => rm(folder, { recursive: true }));

let shell: Shell;

beforeEach(async () => {
  shell = await openShell();
});
afterEach(() => shell.close());

describe('a config file', () => {
  it.each([
    ['{', 'pool.json: '],
    ['[]', 'expected an object'],
    ['{"env": {}}', 'env: no such option'],
    ['{"nonsense": 1}', 'nonsense'],
  ])('a config file of %s is refused', async (content, message) => {
    const path = join(folder, 'pool.json');
    await writeFile(path, content);
    const { code, err } = await shell.cli(['explain', '-c', path]);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});
