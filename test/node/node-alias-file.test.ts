import { mkdtempSync, rmSync } from 'node:fs';
import { rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConfigError, ProviderPool } from 'runestone';
import { type AliasFile, watchAliases } from 'runestone/node';
import { replies, scriptedProvider } from 'runestone/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { capture } from '../../scripts/package/run.ts';
import { failureOf } from '../contexts.ts';

let folder: string;
let file: string;
const open: { close(): unknown }[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aliases-'));
  file = join(folder, 'aliases.yaml');
});

afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
  rmSync(folder, { recursive: true, force: true });
});

const aliases = (target: string): string => `models:\n  fast: [${target}]\n`;

/** A pool of a and b that follows the file, and everything it is told. */
async function follow(options: { onError?: false } = {}) {
  const pool = new ProviderPool({
    providers: [scriptedProvider('a', [replies('A')]), scriptedProvider('b', [replies('B')])],
    strict: true,
  });
  const errors: ConfigError[] = [];
  const changes: string[][] = [];
  /** Woken at each news, good or bad. */
  let wake = (): void => {};
  pool.on('config.updated', ({ changed }) => {
    changes.push([...changed]);
    wake();
  });
  const onError = (error: ConfigError): void => {
    errors.push(error);
    wake();
  };
  const watching: AliasFile = await watchAliases(pool, file, {
    debounceMs: 20,
    ...(options.onError ?? { onError }),
  });
  open.push(watching, pool);
  /** Does something, and waits until the pool or the caller hears of it. */
  const newsOf = async (act: () => Promise<unknown>): Promise<void> => {
    const news = new Promise<void>((resolve) => {
      wake = resolve;
    });
    await act();
    await news;
  };
  const where = (): string | undefined =>
    pool.explain({ model: 'fast', messages: [{ role: 'user', content: '?' }] }).candidates[0]?.target;
  return { pool, watching, errors, changes, newsOf, where };
}

describe('a file of aliases', () => {
  it('is in the pool before anything is asked; all other options stay', async () => {
    await writeFile(file, aliases('a/m'));
    const { where, changes, pool } = await follow();
    expect([where(), changes]).toEqual(['a/m', [['models.fast']]]);
    pool.update((now) => {
      expect(now).toMatchObject({ strict: true, models: { fast: ['a/m'] } });
      return now;
    });
  });

  it('is followed when it is written anew', async () => {
    await writeFile(file, aliases('a/m'));
    const { where, newsOf } = await follow();
    await newsOf(() => writeFile(file, aliases('b/m')));
    expect(where()).toBe('b/m');
    await newsOf(() => writeFile(file, aliases('a/n')));
    expect(where()).toBe('a/n');
  });

  it('is followed when an editor replaces it', async () => {
    await writeFile(file, aliases('a/m'));
    const { where, newsOf } = await follow();
    for (const target of ['b/m', 'a/n', 'b/n']) {
      await writeFile(`${file}.tmp`, aliases(target));
      await newsOf(() => rename(`${file}.tmp`, file));
      expect(where()).toBe(target);
    }
  });

  it('is followed when it is deleted and comes back', async () => {
    await writeFile(file, aliases('a/m'));
    const { where, newsOf, errors } = await follow();
    await newsOf(() => unlink(file));
    expect([where(), errors.length]).toEqual(['a/m', 1]);
    await newsOf(() => writeFile(file, aliases('b/m')));
    expect(where()).toBe('b/m');
  });

  it('is followed where it is mounted: a link to a folder that is swapped', async () => {
    await writeFile(join(folder, 'one'), aliases('a/m'));
    await writeFile(join(folder, 'two'), aliases('b/m'));
    await symlink('one', join(folder, '..data'));
    await symlink('..data', file);
    const { where, newsOf } = await follow();
    await symlink('two', join(folder, '..next'));
    await newsOf(() => rename(join(folder, '..next'), join(folder, '..data')));
    expect(where()).toBe('b/m');
  });

  it('may be JSON', async () => {
    file = join(folder, 'aliases.json');
    await writeFile(file, JSON.stringify({ models: { fast: ['b/m'] } }));
    expect((await follow()).where()).toBe('b/m');
  });

  it('that says the same again changes nothing', async () => {
    await writeFile(file, aliases('a/m'));
    const { changes, newsOf } = await follow();
    await writeFile(file, aliases('a/m'));
    await newsOf(() => writeFile(file, aliases('b/m')));
    expect(changes).toHaveLength(2);
  });
});

describe('a bad file', () => {
  it.each<[string, string, RegExp]>([
    ['that is none', 'models: {fast: [', /^aliases\.yaml: /],
    ['of another shape', 'models: []', /^aliases\.yaml: models: /],
    ['that names nobody', aliases('nobody/m'), /no provider is named "nobody"/],
    ['with a rank out of range', 'models: {fast: [{target: a/m, tier: -1}]}', /models\.fast\[0\]\.tier/],
    ['that pollutes', 'models: {__proto__: [a/m]}', /no key may be named "__proto__"/],
    ['that is far too long', `# ${'x'.repeat(1_048_577)}`, /more than 1048576/],
  ])('%s is told, and the last good one stands', async (_, text, message) => {
    await writeFile(file, aliases('a/m'));
    const { where, errors, newsOf, changes } = await follow();
    await newsOf(() => writeFile(file, text));
    expect(errors[0]?.message).toMatch(message);
    expect([errors[0]?.code, where(), changes.length]).toEqual(['config_invalid', 'a/m', 1]);
    await newsOf(() => writeFile(file, aliases('b/m')));
    expect(where()).toBe('b/m');
  });

  it.each<[string, string | undefined]>([
    ['that is not there', undefined],
    ['that is none', 'models: {fast: ['],
    ['that names nobody', aliases('nobody/m')],
    ['that is nested without end', `models: ${'['.repeat(20_000)}`],
  ])('at the beginning is refused, and nothing is watched: %s', async (_, text) => {
    if (text !== undefined) await writeFile(file, text);
    expect(await failureOf(follow())).toMatchObject({ code: 'config_invalid' });
  });

  it('in a folder that is not there is refused', async () => {
    file = join(folder, 'nowhere', 'aliases.yaml');
    expect(await failureOf(follow())).toMatchObject({ code: 'config_invalid' });
  });

  it('is a warning of the process where nobody wants to hear of it', async () => {
    await writeFile(file, aliases('a/m'));
    const warned = new Promise<Error>((resolve) => process.once('warning', resolve));
    const pool = new ProviderPool({ providers: [scriptedProvider('a', [replies('A')])] });
    open.push(await watchAliases(pool, file, { debounceMs: 5 }), pool);
    await writeFile(file, 'models: []');
    expect((await warned).message).toMatch(/^aliases\.yaml: models: /);
  });

  it('may meet a listener that throws: that is a warning too, and the next file counts', async () => {
    await writeFile(file, aliases('a/m'));
    const warned = new Promise<Error>((resolve) => process.once('warning', resolve));
    const pool = new ProviderPool({ providers: [scriptedProvider('a', [replies('A')])] });
    const updated = vi.fn();
    pool.on('config.updated', updated);
    const onError = (): never => {
      throw new Error('a bug in a listener');
    };
    open.push(await watchAliases(pool, file, { debounceMs: 5, onError }), pool);
    await writeFile(file, 'models: []');
    expect((await warned).message).toBe('a bug in a listener');
    await writeFile(file, aliases('a/n'));
    await vi.waitFor(() => expect(updated).toHaveBeenCalledTimes(2));
  });
});

describe('a file that is not followed any more', () => {
  it('changes nothing', async () => {
    await writeFile(file, aliases('a/m'));
    const { watching, where, changes } = await follow();
    const other = await follow();
    watching.close();
    watching.close();
    await other.newsOf(() => writeFile(file, aliases('b/m')));
    expect([where(), changes.length, other.where()]).toEqual(['a/m', 1, 'b/m']);
  });

  it('is that of a pool that is closed', async () => {
    await writeFile(file, aliases('a/m'));
    const { pool, errors } = await follow();
    const other = await follow();
    await pool.close();
    await other.newsOf(() => writeFile(file, aliases('b/m')));
    expect(errors).toEqual([]);
  });

  it('keeps no process alive (H12)', async () => {
    await writeFile(file, aliases('a/m'));
    const program = `
      import { ProviderPool } from ${JSON.stringify(join(process.cwd(), 'src/index.ts'))};
      import { watchAliases } from ${JSON.stringify(join(process.cwd(), 'src/node/index.ts'))};
      const pool = new ProviderPool({ providers: [{ name: 'a', stream: async function* () {} }] });
      await watchAliases(pool, ${JSON.stringify(file)});
      console.log('watching');
    `;
    await writeFile(join(folder, 'program.mts'), program);
    const said = capture(process.execPath, ['--import', 'tsx', join(folder, 'program.mts')]);
    expect(said.trim()).toBe('watching');
    await rm(join(folder, 'program.mts'));
  });
});
