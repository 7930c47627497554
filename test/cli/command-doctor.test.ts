import { reply } from 'runestone/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { fakeIo, openShell, type Shell } from './io.ts';

let shell: Shell;

beforeEach(async () => {
  shell = await openShell();
});
afterEach(() => shell.close());

const config = `
models:
  fast: [anthropic/claude-haiku-4-5, anthropic/claude-sonnet-4-5]
defaultModel: fast
`;

describe('runestone doctor', () => {
  it('is content with a host that answers: checks, then a scorecard of the routes', async () => {
    const path = await shell.write('pool.yaml', config);
    const { code, out, err } = await shell.cli(['doctor', '-c', path]);
    expect(code).toBe(0);
    expect(out).toMatch(/^check +state\nnode +\w+ +Node \d/);
    expect(out).toMatch(/^keys +ok +ANTHROPIC_API_KEY set: anthropic$/m);
    expect(out).toMatch(/^reach anthropic +ok +answers, and takes the key/m);
    expect(out).toMatch(/^clock +ok +\d\.\d s/m);
    expect(out).toMatch(/^fast +first target down +the answer, by anthropic\/claude-sonnet-4-5/m);
    expect(out).toMatch(/^passed 13 of 13: \d+ answered, \d+ ended in a typed error$/m);
    expect(out).toContain('to gain: fast: all targets are at anthropic');
    expect(err).toBe('asking the providers, and trying your routes against a fault lab\n');
    expect(out + err).not.toContain('sk-ant-secret');
    // The user's own host was asked for its health and the time, and never for an answer.
    expect(shell.upstream.count).toBe(0);
  });

  it('--json --offline: one document, and nobody is asked', async () => {
    const { code, out } = await shell.cli(['doctor', '--json', '--offline', '-m', 'claude-haiku-4-5']);
    expect([code, shell.upstream.requests.length]).toEqual([0, 0]);
    const said = JSON.parse(out);
    expect(said).toMatchObject({ ok: true, routes: { passed: 13, total: 13, notTried: 0 } });
    expect(said.checks.map(({ check, state }: Record<string, string>) => `${check} ${state}`)).toContain(
      'clock skipped',
    );
    expect(out.trimEnd()).not.toContain('\n');
    expect(out).not.toContain('sk-ant-secret');
  });

  it('fails where a key is refused, and says so', async () => {
    shell.upstream.respond(() => reply.status(401));
    const { code, out } = await shell.cli(['doctor', '-m', 'claude-haiku-4-5']);
    expect(code).toBe(1);
    expect(out).toMatch(/^reach anthropic +failed +auth: /m);
    expect(out).toContain('reach anthropic: the key is not accepted');
  });

  it('fails, and is a report, where there is no pool at all', async () => {
    const io = fakeIo({});
    expect(await run(['doctor'], io)).toBe(1);
    expect(io.said.out).toMatch(/^options +failed +no provider key is in the environment/m);
    const path = await shell.write('bad.yaml', 'nonsense: 1');
    const { code, out } = await shell.cli(['doctor', '-c', path]);
    expect(code).toBe(1);
    expect(out).toMatch(/^keys +ok +ANTHROPIC_API_KEY set$/m);
    expect(out).toMatch(/^options +failed +ProviderPool: nonsense: /m);
  });
});
