import { reply } from 'runestone/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { fakeIo, openShell, type Shell } from './io.ts';

let shell: Shell;

beforeEach(async () => {
  shell = await openShell();
});
afterEach(() => shell.close());

describe('runestone chat', () => {
  it('streams the answer to standard output, and says on standard error who answered', async () => {
    shell.upstream.script(reply.text('Good day.'));
    const { code, out, err, io } = await shell.cli(['chat', 'How', 'do you do?', '-s', 'Be polite.']);
    expect([code, out]).toEqual([0, 'Good day.\n']);
    expect(err).toMatch(
      /^anthropic\/claude-\S+ · 1 attempt · \d+ tokens · 0\.\d+ USD · first content after \d+ ms/,
    );
    expect(Object(shell.upstream.requests[0]?.body)).toMatchObject({
      system: [{ text: 'Be polite.' }],
      messages: [{ content: [{ text: 'How do you do?' }] }],
    });
    expect(io.waiting()).toBe(0);
  });

  it('asks what stands on standard input where there are no words', async () => {
    const { code } = await shell.cli(['chat'], 'From a pipe.');
    expect(code).toBe(0);
    expect(JSON.stringify(shell.upstream.requests[0]?.body)).toContain('From a pipe.');
  });

  it('asks nothing where nothing is asked', async () => {
    const { code, err } = await shell.cli(['chat']);
    expect([code, shell.upstream.requests.length]).toEqual([2, 0]);
    expect(err).toContain('nothing is asked');
  });

  it('--json: one completion on standard output', async () => {
    shell.upstream.script(reply.text('Good day.'));
    const { out } = await shell.cli(['chat', '--json', 'Hello']);
    expect(JSON.parse(out)).toMatchObject({
      object: 'chat.completion',
      runestone: { provider: 'anthropic' },
    });
    expect(out.trimEnd()).not.toContain('\n');
  });

  it('fails with what went wrong, below what had arrived', async () => {
    shell.upstream.script(reply.cut({ after: 1, answer: reply.text('one two three') }));
    const { code, out, err } = await shell.cli(['chat', 'Hello']);
    expect(code).toBe(1);
    expect(out.endsWith('\n')).toBe(true);
    expect(err).toMatch(/^runestone: stream_truncated: anthropic: /);
  });

  it('Ctrl-C ends the stream, upstream too, with the exit code of shells', async () => {
    shell.upstream.script(reply.text('one two three', { delayMs: 30_000 }));
    const io = fakeIo(shell.env);
    const running = run(['chat', 'Hello'], io);
    await vi.waitFor(() => expect(io.said.out).not.toBe(''));
    io.interrupt();
    expect(await running).toBe(130);
    await vi.waitFor(() => expect(shell.upstream.requests[0]?.endedMs).toBeDefined());
    expect(io.waiting()).toBe(0);
  });
});
