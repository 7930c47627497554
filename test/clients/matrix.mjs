// Every client that this Node can run, at both doors: one line of JSON for each client, door and case.
//
//   node test/clients/matrix.mjs [client]
import { createRequire } from 'node:module';
import { openWorld } from './world.mjs';

const major = Number(process.versions.node.split('.')[0]);
const here = import.meta.url;
const [only] = process.argv.slice(2);

/** Name, the oldest Node it runs on, and its cases; loaded when its turn comes. */
const clients = [
  ['openai 6', 20, async () => (await import('./cases/openai.mjs')).openai((await import('openai')).default)],
  [
    'openai 7',
    22,
    async () => (await import('./cases/openai.mjs')).openai((await import('openai7')).default),
  ],
  [
    '@anthropic-ai/sdk 1',
    20,
    async () =>
      (await import('./cases/anthropic.mjs')).anthropicSdk((await import('@anthropic-ai/sdk')).default),
  ],
  ...ai('ai 6', 20, 'ai6', {
    compatible: 'ai6-openai-compatible',
    openai: 'ai6-openai',
    anthropic: 'ai6-anthropic',
  }),
  ...ai('ai 7', 22, 'ai', {
    compatible: '@ai-sdk/openai-compatible',
    openai: '@ai-sdk/openai',
    anthropic: '@ai-sdk/anthropic',
  }),
  [
    'ai 7, native',
    22,
    async () => {
      const [{ aiSdk }, { MODEL }] = [await import('../../dist/ai-sdk.js'), await import('./world.mjs')];
      const { ai } = await import('./cases/ai.mjs');
      return ai(await import('ai'), (await import('zod')).z, ({ pool }) => aiSdk(pool)(MODEL));
    },
  ],
  [
    '@langchain/openai',
    22,
    async () => {
      const [{ ChatOpenAI }, { MODEL }] = [await import('@langchain/openai'), await import('./world.mjs')];
      const modelOf = ({ openai: { apiKey, ...configuration } }) =>
        new ChatOpenAI({ model: MODEL, apiKey, maxRetries: 0, configuration });
      return (await import('./cases/langchain.mjs')).langchain(
        modelOf,
        await import('@langchain/core/messages'),
      );
    },
  ],
  [
    '@langchain/anthropic',
    20,
    async () => {
      const [{ ChatAnthropic }, { MODEL }] = [
        await import('@langchain/anthropic'),
        await import('./world.mjs'),
      ];
      const modelOf = ({ anthropic: { apiKey, baseURL, ...clientOptions } }) =>
        new ChatAnthropic({ model: MODEL, apiKey, anthropicApiUrl: baseURL, maxRetries: 0, clientOptions });
      return (await import('./cases/langchain.mjs')).langchain(
        modelOf,
        await import('@langchain/core/messages'),
      );
    },
  ],
  ...['chat', 'responses'].map((api) => [
    `@openai/agents, ${api}`,
    22,
    async () => {
      const sdk = await import('@openai/agents');
      const OpenAI = (await import('openai7')).default;
      const Model = api === 'chat' ? sdk.OpenAIChatCompletionsModel : sdk.OpenAIResponsesModel;
      const modelOf = ({ openai }, model) => new Model(new OpenAI(openai), model);
      return (await import('./cases/agents.mjs')).agents(sdk, modelOf, (await import('zod')).z);
    },
  ]),
  [
    '@mastra/core',
    22,
    async () => {
      const [{ Agent }, { createTool }] = [
        await import('@mastra/core/agent'),
        await import('@mastra/core/tools'),
      ];
      const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
      const { MODEL } = await import('./world.mjs');
      const modelOf = ({ openai: { baseURL, apiKey, fetch } }) =>
        createOpenAICompatible({ name: 'pool', baseURL, apiKey, fetch, supportsStructuredOutputs: true })(
          MODEL,
        );
      return (await import('./cases/ai.mjs')).mastra(Agent, modelOf, createTool, (await import('zod')).z);
    },
  ],
  ...['chat', 'responses'].map((api) => [
    `@tanstack/ai, ${api}`,
    22,
    async () => {
      const sdk = await import('@tanstack/ai');
      const adapters = await import('@tanstack/ai-openai');
      const make = api === 'chat' ? adapters.createOpenaiChatCompletions : adapters.createOpenaiChat;
      const { MODEL } = await import('./world.mjs');
      const adapterOf = ({ openai: { apiKey, ...config } }) => make(MODEL, apiKey, config);
      return (await import('./cases/tanstack.mjs')).tanstack(sdk, adapterOf, (await import('zod')).z);
    },
  ]),
  [
    '@instructor-ai/instructor',
    20,
    async () => {
      // A project of its own: it wants zod 3.
      const load = createRequire(new URL('./instructor/package.json', here));
      const { default: createInstructor } = load('@instructor-ai/instructor');
      const cases = (await import('./cases/instructor.mjs')).instructor;
      return cases(createInstructor, load('openai').default, load('zod').z);
    },
  ],
];

/** A version of the AI SDK with each of its providers that speak a wire of ours. */
function ai(name, oldest, sdk, packages) {
  const kinds = {
    compatible:
      (make) =>
      ({ openai: { baseURL, apiKey, fetch } }, model) =>
        make.createOpenAICompatible({
          name: 'pool',
          baseURL,
          apiKey,
          fetch,
          supportsStructuredOutputs: true,
        })(model),
    chat:
      (make) =>
      ({ openai: { baseURL, apiKey, fetch } }, model) =>
        make.createOpenAI({ baseURL, apiKey, fetch }).chat(model),
    responses:
      (make) =>
      ({ openai: { baseURL, apiKey, fetch } }, model) =>
        make.createOpenAI({ baseURL, apiKey, fetch })(model),
    anthropic:
      (make) =>
      ({ anthropic: { baseURL, apiKey, fetch } }, model) =>
        make.createAnthropic({ baseURL: `${baseURL}/v1`, apiKey, fetch })(model),
  };
  return Object.entries(kinds).map(([kind, modelOf]) => [
    `${name}, ${kind}`,
    oldest,
    async () => {
      const { MODEL } = await import('./world.mjs');
      const make = modelOf(await import(packages[kind] ?? packages.openai));
      const { ai } = await import('./cases/ai.mjs');
      return ai(await import(sdk), (await import('zod')).z, (world) => make(world, MODEL));
    },
  ]);
}

/** In milliseconds; a client that hangs is one that fails. */
const LONGEST_MS = 20_000;

async function outcomeOf(check, door) {
  const world = await openWorld(door);
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`hangs: ${LONGEST_MS} ms`)), LONGEST_MS);
  });
  try {
    await Promise.race([check(world), late]);
    // An error at the door would pass for the error that is looked for.
    if (world.upstream.requests.length === 0) throw new Error('the host was never asked');
    return 'ok';
  } catch (error) {
    return String(error?.message ?? error)
      .split('\n')[0]
      .slice(0, 200);
  } finally {
    clearTimeout(timer);
    await world.close();
  }
}

// Clients talk a lot; what counts is on standard output.
for (const name of ['log', 'info', 'warn', 'error', 'debug']) console[name] = () => {};
process.on('unhandledRejection', () => {});

for (const [client, oldest, load] of clients) {
  if (major < oldest || (only && !client.includes(only))) continue;
  const cases = await load();
  for (const door of ['fetch', 'http']) {
    if (door === 'http' && client.endsWith('native')) continue;
    for (const [name, check] of Object.entries(cases)) {
      const outcome = await outcomeOf(check, door);
      process.stdout.write(
        `${JSON.stringify({ node: process.version, client, door, case: name, outcome })}\n`,
      );
    }
  }
}
process.exit(0);
