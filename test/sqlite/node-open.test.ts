import { isBuiltin } from 'node:module';
import { describe, expect, it } from 'vitest';
import { versionFits } from '../../scripts/package/node-lines.ts';
import { type Drivers, opener } from '../../src/sqlite/node-open.ts';

class Fake {
  readonly path: string;
  constructor(path: string) {
    this.path = path;
  }
}

const none: Drivers = {
  builtin: () => undefined,
  betterSqlite3: () => Promise.reject(new Error("Cannot find package 'better-sqlite3'")),
};

describe('opener', () => {
  it('opens a database with what is installed here', async () => {
    const database = await opener()(':memory:');
    expect(database.prepare('SELECT 1 + 1 AS two').all()).toEqual([expect.objectContaining({ two: 2 })]);
    // Node's own class has a way to back up; the package's has pragmas.
    expect('pragma' in database).toBe(!isBuiltin('node:sqlite'));
    database.close();
  });

  it('runs on the Node that the script asked for', () => {
    const { NODE_LINE: line } = process.env;
    if (line !== undefined) expect(versionFits(process.version, line)).toBe(true);
  });

  it("prefers Node's own", async () => {
    const builtin = () => ({ DatabaseSync: Fake });
    expect(await opener({ ...none, builtin })('x.db')).toMatchObject({ path: 'x.db' });
  });

  it.each([
    ['as an ES module', { default: Fake }],
    ['as CommonJS', Fake],
  ])('takes better-sqlite3 where Node has none, %s', async (_, loaded) => {
    expect(await opener({ ...none, betterSqlite3: async () => loaded })('y.db')).toMatchObject({
      path: 'y.db',
    });
  });

  it('says what to do where there is neither', async () => {
    await expect(opener(none)('z.db')).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringMatching(/run `npm install better-sqlite3@12`/),
      cause: expect.objectContaining({ message: "Cannot find package 'better-sqlite3'" }),
    });
  });

  it('says that a package is not what it should be', async () => {
    const opened = opener({ ...none, betterSqlite3: async () => ({ default: 'nonsense' }) })('z.db');
    await expect(opened).rejects.toThrow('pass `open`');
  });
});
