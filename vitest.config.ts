import { isBuiltin } from 'node:module';
import { fileURLToPath } from 'node:url';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

const source = (path: string): string => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

/**
 * Tests that change nothing of their process: no fake timers, no environment, no dispatcher of all. They share
 * processes: one for each file would cost several times what the tests themselves do.
 */
const pure = [
  'test/providers/*/*/**/*.test.ts',
  'test/{bench,chat,errors,ledger,middleware,pipeline,pricing,routing,scripts,telemetry,usage}/**/*.test.ts',
  'test/http/!(node-bearer-keys).test.ts',
  'test/http/{messages,responses}/**/*.test.ts',
  'test/pool/!(attempt-limits|chat-stream|check-provider|from-env|inquiry|provider-pool|single-flight).test.ts',
  'test/resilience/!(race|stream-timer|timing).test.ts',
  'test/{ai-sdk,prometheus}/**/*.test.ts',
  'test/provider-kit/!(body|exchange).test.ts',
  'test/testing/{upstream,lab,cassette}/**/*.test.ts',
  'test/{state,cli/doctor}/**/*.test.ts',
  'test/testing/conformance/!(provider-conformance|soon|trial).test.ts',
  'test/acceptance/!(claude-elsewhere|limits|leaving|readme|server|socket|token-truth|dynamic|own-fetch).test.ts',
  'test/node/!(node-socket-outlet|node-alias-file).test.ts',
  'test/cli/!(node-main).test.ts',
  'test/{conformance,faults}/**/*.test.ts',
  'test/providers/*/!(client|index|sdk-on-first-use).test.ts',
  'test/bullmq/!(overflow|overflow-worker|within).test.ts',
];

/** Need a SQLite, which Node 20 has not: `npm run test:sqlite` runs them there too. */
const needSqlite = ['test/sqlite/{kill,node-open,sqlite-ledger,sqlite-store}.test.ts'];

const config: ViteUserConfig = defineConfig({
  resolve: {
    alias: [
      { find: /^runestone$/, replacement: source('index.ts') },
      { find: /^runestone\/provider-kit$/, replacement: source('provider-kit/index.ts') },
      {
        find: /^runestone\/(ai-sdk|bullmq|http|node|otel|prometheus|redis|sqlite|testing)$/,
        replacement: source('$1/index.ts'),
      },
      { find: /^runestone\/providers\/(.+)$/, replacement: source('providers/$1/index.ts') },
    ],
  },
  test: {
    testTimeout: 20_000,
    globalSetup: ['test/redis/server.ts'],
    maxWorkers: '100%',
    projects: [
      { extends: true, test: { name: 'pure', include: pure, isolate: false } },
      {
        extends: true,
        test: {
          name: 'whole',
          include: ['test/**/*.test.ts'],
          exclude: [...pure, ...(isBuiltin('node:sqlite') ? [] : needSqlite), '**/node_modules/**'],
        },
      },
    ],
  },
});

export default config;
