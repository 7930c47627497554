// What a recipe stands on, in a process of its own: a pool on an upstream that its parent holds.
import { bearerKeys, createHandler } from '../../dist/http.js';
import { ProviderPool } from '../../dist/index.js';
import { toNodeListener } from '../../dist/node.js';
import { anthropic } from '../../dist/providers/anthropic/index.js';

export const pool = new ProviderPool({
  providers: [anthropic({ apiKey: 'sk-ant-upstream', baseURL: process.env.UPSTREAM_URL })],
});
export const handler = createHandler(pool, { authorize: bearerKeys(['sk-door']) });
export const listener = toNodeListener(handler);
