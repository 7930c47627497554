import { fileURLToPath } from 'node:url';
import type { ViteUserConfig } from 'vitest/config';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** For `npm run test:sqlite`: the tests of this folder, with the driver that is installed in it where Node has none. */
const config: ViteUserConfig = {
  resolve: {
    alias: [
      { find: /^runestone$/, replacement: here('../../src/index.ts') },
      { find: /^better-sqlite3$/, replacement: here('node_modules/better-sqlite3/lib/index.js') },
    ],
  },
  test: { root: here('../..'), include: ['test/sqlite/*.test.ts'], testTimeout: 30_000 },
};

export default config;
