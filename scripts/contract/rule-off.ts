import { resolve } from 'node:path';
import type { Plugin } from 'vitest/config';
import type { Edit } from './rules.ts';
import { edited } from './switches.ts';

/**
 * A plugin that applies edits to sources as they are loaded: no file changes, and two runs at once do not meet.
 *
 * It sees each module before TypeScript is stripped, as it stands on the disk.
 */
export function ruleOff(edits: readonly Edit[], root: string): Plugin {
  return {
    name: 'rule-off',
    enforce: 'pre',
    transform(code, id) {
      const path = id.replace(/\?.*$/, '');
      const own = edits.filter(({ file }) => resolve(root, file) === path);
      return own.length === 0 ? undefined : { code: edited(code, own), map: null };
    },
  };
}
