import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openShell, type Shell } from './io.ts';

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
    const path = await shell.write('pool.json', content);
    const { code, err } = await shell.cli(['explain', '-c', path]);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});
