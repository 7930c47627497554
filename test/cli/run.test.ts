import { readFileSync } from 'node:fs';
import { reply } from 'runestone/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { VERSION } from '../../src/cli/version.ts';
import { fakeIo, openShell, type Shell } from './io.ts';

let shell: Shell;

beforeEach(async () => {
  shell = await openShell();
});
afterEach(() => shell.close());

describe('runestone', () => {
  it.each([[[]], [['frobnicate']], [['chat', '--frobnicate']], [['constructor']]])(
    '%j is not understood: how it is used goes to standard error',
    async (argv) => {
      const { code, out, err } = await shell.cli(argv);
      expect([code, out]).toEqual([2, '']);
      expect(err).toContain('runestone chat');
    },
  );

  it('--help and --version are data', async () => {
    expect((await shell.cli(['--help'])).out).toContain('runestone chat');
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(VERSION).toBe(version);
    expect((await shell.cli(['-v'])).out).toBe(`${version}\n`);
  });

  it('without a key says which variables it looked for, and never prints one', async () => {
    const io = fakeIo({});
    expect(await run(['models'], io)).toBe(2);
    expect(io.said.err).toContain('ANTHROPIC_API_KEY');
    shell.upstream.script(reply.status(401));
    const { code, out, err } = await shell.cli(['chat', 'Hello']);
    expect(code).toBe(1);
    expect(out + err).not.toContain('sk-ant-secret');
  });
});
