/**
 * A process of its own that does what a user does, and tells on standard output what came of it, in one line of JSON.
 * How it is started, and with which environment, is up to the test.
 */
import type { ChatCompletion, ChatRequest } from '../../src/index.ts';

const KEY = 'sk-ant-canary-key-0001';
const PROMPT = 'canary-prompt: the geese meet at midnight';

/** What hangs on the process and on its prototypes, and could be changed by a library. */
function globals(): { readonly names: readonly string[]; readonly [what: string]: unknown } {
  const own = (value: object): string[] => Reflect.ownKeys(value).map(String).sort();
  return {
    names: own(globalThis),
    prototypes: [Object, Array, Function, String, Promise, Map, Error, RegExp].map(({ prototype }) =>
      own(prototype),
    ),
    functions: [fetch, setTimeout, Promise.prototype.then, JSON.parse, Array.prototype.push].map(String),
    listeners: process.eventNames().map(String).sort(),
    env: { ...process.env },
  };
}

const before = globals();
if (process.env['FREEZE'] === 'yes') Object.freeze(Object.prototype);
const { isRunestoneError, ProviderPool } = await import('../../src/index.ts');
const { anthropic } = await import('../../src/providers/anthropic/index.ts');
const { openaiCompatible } = await import('../../src/providers/openai-compatible/index.ts');
const { reply, startUpstream } = await import('../../src/testing/index.ts');

await using upstream = await startUpstream();
const pool = new ProviderPool({
  providers: [
    openaiCompatible({ name: 'host', apiKey: KEY, baseURL: `${upstream.url}/v1` }),
    anthropic({ apiKey: KEY, baseURL: upstream.url }),
  ],
  retry: { baseDelayMs: 1 },
  limits: { pool: { concurrency: 10 } },
});
const told: unknown[] = [];
pool.on('*', (event) => told.push(event));

const poison: Record<string, unknown> = JSON.parse(
  '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
);
const parameters = { type: 'object', properties: poison };
const tools = [{ type: 'function', function: { name: 'f', parameters } }];

const textOf = ({ choices }: ChatCompletion): string => choices[0]?.message.content ?? '';

/** What is asked of each provider. */
function stepsOf(model: string): Record<string, () => Promise<unknown>> {
  const ask = (more: object = {}): ChatRequest => ({
    model,
    messages: [{ role: 'user', content: PROMPT }],
    max_completion_tokens: 500,
    ...more,
  });
  return {
    async whole() {
      upstream.script(reply.text('Hello.'));
      return textOf(await pool.request(ask()));
    },
    async stream() {
      upstream.script(reply.status(500, { message: `no ${KEY} ${PROMPT}` }), reply.text('Hello again.'));
      let text = '';
      for await (const piece of (await pool.streamRequest(ask())).text()) text += piece;
      return text;
    },
    async tools() {
      upstream.script(reply.tools([{ name: 'f', input: poison }]));
      const { choices } = await pool.request(ask({ tools }));
      const [call] = choices[0]?.message.tool_calls ?? [];
      return call?.type === 'function' ? call.function.arguments : undefined;
    },
    async poisoned() {
      await pool.request(ask({ ...poison, metadata: poison }));
      return 'carried';
    },
    async response() {
      upstream.script(reply.text('Hello by HTTP.'));
      return (await (await pool.streamRequest(ask())).toResponse().text()).endsWith('data: [DONE]\n\n');
    },
    async refused() {
      upstream.script(reply.status(400, { message: `no ${KEY} ${PROMPT}` }));
      return textOf(await pool.request(ask()));
    },
    async counted() {
      return typeof (await pool.countTokens(ask())).tokens;
    },
  };
}

const results: Record<string, unknown> = {};
for (const model of ['host/any', 'anthropic/claude-haiku-4-5']) {
  for (const [name, step] of Object.entries(stepsOf(model))) {
    upstream.reset();
    results[`${model} ${name}`] = await step().catch((error: unknown) =>
      isRunestoneError(error) ? error.code : `not ours: ${String(error)}`,
    );
  }
}
results['embedded'] = (await pool.embed({ model: 'host/embedding', input: 'text' })).data.length;
await pool.refreshModels();
pool.stats();
await pool.close();

const after = globals();
// Node's own agent serves the global `fetch`; that of the package `undici` must not.
const agent: unknown = Reflect.get(globalThis, Symbol.for('undici.globalDispatcher.1'));
const dispatcher = agent instanceof (await import('undici')).Agent ? 'ours' : 'of Node';
const changed = Object.keys(before).filter(
  (name) => name !== 'names' && JSON.stringify(before[name]) !== JSON.stringify(after[name]),
);
const added = after.names.filter((name) => !before.names.includes(name));
const polluted = 'polluted' in {};
process.stdout.write(
  `${JSON.stringify({ results, changed, added, dispatcher, polluted, told: told.length })}\n`,
);
