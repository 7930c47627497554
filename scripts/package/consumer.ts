import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { SubPath } from './exports-map.ts';
import { capture } from './run.ts';

/** Enough for a pool that asks nobody. */
const KEY = { ANTHROPIC_API_KEY: 'sk-test' };

const FLAVOURS = ['module', 'commonjs'] as const;

/** An otherwise empty project that has the packed package installed. */
export interface Consumer {
  readonly folder: string;
  /** Compiles the user's program as an ES module and as CommonJS, with the package's declarations checked too. */
  compile(): void;
  /** Imports and requires every sub-path. */
  loadAll(node?: string): void;
  /** Loads the CommonJS files by path. */
  loadCommonjs(node?: string): void;
  /** Runs the command as its users do, all of it that needs no network. */
  command(node?: string): void;
  /** Runs both compiled programs. */
  use(node?: string): void;
}

/** Installs a tarball in a new folder. */
export function makeConsumer(folder: string, tarball: string, paths: readonly SubPath[]): Consumer {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  capture('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', tarball], folder);
  const programs = 'scripts/package/consumer';
  for (const file of ['load.cjs', 'load-cjs-build.cjs']) cpSync(join(programs, file), join(folder, file));
  for (const type of FLAVOURS) {
    mkdirSync(join(folder, type));
    writeFileSync(join(folder, type, 'package.json'), JSON.stringify({ type }));
    writeFileSync(join(folder, type, 'tsconfig.json'), JSON.stringify(strictConfig()));
    cpSync(join(programs, 'use.ts'), join(folder, type, 'use.ts'));
  }
  return {
    folder,
    compile: () => {
      for (const type of FLAVOURS)
        capture(process.execPath, [resolve('node_modules/typescript/bin/tsc'), '-p', type], folder);
    },
    loadAll: (node = process.execPath) => {
      capture(node, ['load.cjs', ...paths.map(({ specifier }) => specifier)], folder);
    },
    loadCommonjs: (node = process.execPath) => {
      const files = paths.map(({ commonjs }) => commonjs).filter((file) => file.endsWith('.cjs'));
      capture(node, ['load-cjs-build.cjs', ...files], folder);
    },
    command: (node = process.execPath) => {
      const bin = join('node_modules', 'runestone', 'dist', 'cli.js');
      capture(node, [bin, 'explain', '--json'], folder, KEY);
      capture(node, [bin, 'doctor', '--offline'], folder, KEY);
    },
    use: (node = process.execPath) => {
      for (const type of FLAVOURS) capture(node, [join(type, 'use.js')], folder);
    },
  };
}

/** A careful user's compiler options. Node's types are lent from this repository. */
function strictConfig(): object {
  return {
    compilerOptions: {
      target: 'ES2022',
      module: 'NodeNext',
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      skipLibCheck: false,
      typeRoots: [resolve('node_modules/@types')],
      types: ['node'],
    },
  };
}
