import { ConfigError } from '../index.ts';
import type { OpenDatabase, SqliteDatabase } from './sqlite-database.ts';

type DatabaseClass = new (path: string) => SqliteDatabase;

/** Where a driver may come from. */
export interface Drivers {
  /** The module `node:sqlite`; `undefined` where Node has none. */
  readonly builtin: () => object | undefined;
  /** Loads the package `better-sqlite3`; rejects where it is not installed. */
  readonly betterSqlite3: () => Promise<unknown>;
}

const realDrivers: Drivers = {
  // Not imported, because Node 20 has no such module and bundlers would look for it.
  builtin: () => process.getBuiltinModule('node:sqlite'),
  betterSqlite3: () => {
    // In a variable, so that no bundler takes a package along that only Node 20 needs.
    const name = 'better-sqlite3';
    return import(name);
  },
};

/**
 * Opens a file with Node's own SQLite, from Node 22.13 on; on Node 20 with `better-sqlite3`.
 *
 * @throws ConfigError where there is neither
 */
export function opener({ builtin, betterSqlite3 }: Drivers = realDrivers): OpenDatabase {
  return async (path) => {
    const own = memberOf(builtin(), 'DatabaseSync');
    if (isDatabaseClass(own)) return new own(path);
    const loaded = await betterSqlite3().catch((cause: unknown) => {
      throw new ConfigError(
        `sqliteLedger: Node ${process.versions.node} has no SQLite of its own (22.13 and later have); run \`npm install better-sqlite3@12\``,
        { param: 'path', cause },
      );
    });
    const foreign = memberOf(loaded, 'default') ?? loaded;
    if (isDatabaseClass(foreign)) return new foreign(path);
    throw new ConfigError('sqliteLedger: the package better-sqlite3 is not what it was; pass `open`');
  };
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function isDatabaseClass(value: unknown): value is DatabaseClass {
  return typeof value === 'function';
}
