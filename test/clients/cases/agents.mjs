import { CITY, claim, equal, failureOf, letGo, MODEL, SENTENCE } from '../world.mjs';

/** OpenAI's Agents SDK, on chat completions or on responses. */
export const agents = (sdk, modelOf, z) => {
  sdk.setTracingDisabled(true);
  const runner = new sdk.Runner({ tracingDisabled: true });
  const agentOf = (world, facts = {}) =>
    new sdk.Agent({ name: 'a', instructions: 'Answer.', model: modelOf(world, MODEL), ...facts });
  return {
    async plain(world) {
      equal((await runner.run(agentOf(world), 'PLAIN')).finalOutput, SENTENCE, 'output');
    },
    async streamed(world) {
      const result = await runner.run(agentOf(world), 'PLAIN', { stream: true });
      let text = '';
      for await (const piece of result.toTextStream()) text += piece;
      await result.completed;
      equal(text, SENTENCE, 'text stream');
    },
    async tools(world) {
      const weather = sdk.tool({
        name: 'weather',
        description: 'Weather.',
        parameters: z.object({ city: z.string() }),
        execute: async () => '21',
      });
      const { finalOutput } = await runner.run(agentOf(world, { tools: [weather] }), 'TOOLS');
      equal(finalOutput, 'It is 21 degrees in Paris.', 'output');
    },
    async structured(world) {
      const outputType = z.object({ city: z.string(), degrees: z.number() });
      equal((await runner.run(agentOf(world, { outputType }), 'STRUCTURED')).finalOutput, CITY, 'output');
    },
    async abort(world) {
      const controller = new AbortController();
      const result = await runner.run(agentOf(world), 'SLOW', { stream: true, signal: controller.signal });
      const read = async () => {
        for await (const _ of result.toTextStream()) controller.abort();
      };
      await read().catch(() => {});
      await letGo(world);
    },
    async cut(world) {
      const read = async () => {
        const result = await runner.run(agentOf(world), 'CUT', { stream: true });
        for await (const _ of result.toTextStream());
        await result.completed;
        if (result.error) throw result.error;
      };
      claim((await failureOf(read())) instanceof Error, 'a cut run throws');
    },
  };
};
