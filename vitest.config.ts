import { fileURLToPath } from 'node:url';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

const source = (path: string): string => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

const config: ViteUserConfig = defineConfig({
  resolve: {
    alias: [
      { find: /^runestone$/, replacement: source('index.ts') },
      { find: /^runestone\/provider-kit$/, replacement: source('provider-kit/index.ts') },
      { find: /^runestone\/testing$/, replacement: source('testing/index.ts') },
      { find: /^runestone\/providers\/(.+)$/, replacement: source('providers/$1/index.ts') },
    ],
  },
  test: { include: ['test/**/*.test.ts'], testTimeout: 20_000 },
});

export default config;
