import { CITY, claim, equal, failureOf, letGo, SENTENCE, WEATHER } from '../world.mjs';

/**
 * The AI SDK, with one of its models.
 *
 * @param sdk - the package `ai`
 * @param z - its schemas
 * @param modelOf - a model on a world
 */
export const ai = (sdk, z, modelOf) => ({
  async plain(world) {
    const { text } = await sdk.generateText({ model: modelOf(world), prompt: 'PLAIN', maxRetries: 0 });
    equal(text, SENTENCE, 'text');
  },
  async streamed(world) {
    const { textStream } = sdk.streamText({ model: modelOf(world), prompt: 'PLAIN', maxRetries: 0 });
    let text = '';
    for await (const piece of textStream) text += piece;
    equal(text, SENTENCE, 'text stream');
  },
  async tools(world) {
    const inputSchema = sdk.jsonSchema(WEATHER);
    const tools = { weather: sdk.tool({ description: 'Weather.', inputSchema, execute: async () => '21' }) };
    const stopWhen = (sdk.isStepCount ?? sdk.stepCountIs)(3);
    const { text } = await sdk.generateText({
      model: modelOf(world),
      prompt: 'TOOLS',
      tools,
      stopWhen,
      maxRetries: 0,
    });
    equal(text, 'It is 21 degrees in Paris.', 'text');
    const stream = sdk.streamText({ model: modelOf(world), prompt: 'TOOLS', tools, stopWhen, maxRetries: 0 });
    equal(await stream.text, 'It is 21 degrees in Paris.', 'streamed');
  },
  async structured(world) {
    const schema = z.object({ city: z.string(), degrees: z.number() });
    const output = sdk.Output.object({ schema });
    const result = await sdk.generateText({
      model: modelOf(world),
      prompt: 'STRUCTURED',
      output,
      maxRetries: 0,
    });
    equal(result.output, CITY, 'output');
  },
  async abort(world) {
    const controller = new AbortController();
    const { fullStream } = sdk.streamText({
      model: modelOf(world),
      prompt: 'SLOW',
      abortSignal: controller.signal,
      maxRetries: 0,
      onError: () => {},
    });
    for await (const part of fullStream) {
      if (part.type === 'text-delta') controller.abort();
    }
    await letGo(world);
  },
  async cut(world) {
    const { fullStream } = sdk.streamText({
      model: modelOf(world),
      prompt: 'CUT',
      maxRetries: 0,
      onError: () => {},
    });
    const types = [];
    for await (const { type } of fullStream) types.push(type);
    claim(types.includes('error'), `a cut stream has an error part: ${types.slice(-4)}`);
  },
});

/** Mastra, with a model of the AI SDK. */
export const mastra = (Agent, modelOf, createTool, z) => {
  const agentOf = (world, tools = {}) =>
    new Agent({ id: 'a', name: 'a', instructions: 'Answer.', model: modelOf(world), tools, maxRetries: 0 });
  return {
    async plain(world) {
      equal((await agentOf(world).generate('PLAIN')).text, SENTENCE, 'text');
    },
    async streamed(world) {
      const stream = await agentOf(world).stream('PLAIN');
      equal(await stream.text, SENTENCE, 'text');
    },
    async tools(world) {
      const weather = createTool({
        id: 'weather',
        description: 'Weather.',
        inputSchema: z.object({ city: z.string() }),
        execute: async () => '21',
      });
      equal((await agentOf(world, { weather }).generate('TOOLS')).text, 'It is 21 degrees in Paris.', 'text');
    },
    async structured(world) {
      const schema = z.object({ city: z.string(), degrees: z.number() });
      const { object } = await agentOf(world).generate('STRUCTURED', { structuredOutput: { schema } });
      equal(object, CITY, 'object');
    },
    async abort(world) {
      const controller = new AbortController();
      const stream = await agentOf(world).stream('SLOW', { abortSignal: controller.signal });
      const reader = stream.textStream.getReader();
      await reader.read();
      controller.abort();
      await reader.read().catch(() => {});
      await letGo(world);
    },
    async cut(world) {
      const stream = await agentOf(world).stream('CUT');
      const types = [];
      const read = async () => {
        for await (const { type } of stream.fullStream) types.push(type);
        if (types.includes('error')) throw new Error('an error part');
      };
      await failureOf(read());
    },
  };
};
