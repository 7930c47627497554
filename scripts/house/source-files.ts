import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { type ModuleFacts, readModule } from './read-module.ts';

/** Every TypeScript file of ours under a folder, as paths relative to it, with forward slashes, in order. */
export function typescriptFiles(folder: string): string[] {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.m?ts$/.test(entry.name) && !/\.d\.m?ts$/.test(entry.name))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => !/(^|\/)node_modules\//.test(path))
    .sort();
}

/** True for files that hold data rather than code: named `data.ts`, or in a folder `data/`. No budget binds them. */
export function isData(path: string): boolean {
  return /(^|\/)(data\.ts$|data\/)/.test(path);
}

/** Reads all TypeScript files under a folder; paths stay relative to it. */
export function readModules(folder: string): ModuleFacts[] {
  return typescriptFiles(folder).map((path) => readModule(path, readFileSync(join(folder, path), 'utf8')));
}
