import { CITY, claim, equal, letGo, SENTENCE, WEATHER } from '../world.mjs';

/** TanStack AI, with its adapter of OpenAI's chat or responses. */
export const tanstack = (sdk, adapterOf, z) => {
  const run = async (world, content, more = {}) => {
    const chunks = [];
    const stream = sdk.chat({ adapter: adapterOf(world), messages: [{ role: 'user', content }], ...more });
    for await (const chunk of stream) {
      chunks.push(chunk);
      more.onChunk?.(chunk);
    }
    return chunks;
  };
  const textOf = (chunks) =>
    chunks.flatMap(({ type, delta }) => (type === 'TEXT_MESSAGE_CONTENT' ? [delta] : [])).join('');
  return {
    async plain(world) {
      const text = await sdk.chat({
        adapter: adapterOf(world),
        messages: [{ role: 'user', content: 'PLAIN' }],
        stream: false,
      });
      equal(text, SENTENCE, 'text');
    },
    async streamed(world) {
      equal(textOf(await run(world, 'PLAIN')), SENTENCE, 'chunks');
    },
    async tools(world) {
      const weather = sdk
        .toolDefinition({ name: 'weather', description: 'Weather.', inputSchema: WEATHER })
        .server(async () => '21');
      claim(
        textOf(await run(world, 'TOOLS', { tools: [weather] })).endsWith('It is 21 degrees in Paris.'),
        'text',
      );
    },
    async structured(world) {
      const outputSchema = z.object({ city: z.string(), degrees: z.number() });
      const messages = [{ role: 'user', content: 'STRUCTURED' }];
      equal(await sdk.chat({ adapter: adapterOf(world), messages, outputSchema }), CITY, 'output');
    },
    async abort(world) {
      const abortController = new AbortController();
      const onChunk = ({ type }) => {
        if (type === 'TEXT_MESSAGE_CONTENT') abortController.abort();
      };
      await run(world, 'SLOW', { abortController, onChunk }).catch(() => {});
      await letGo(world);
    },
    async cut(world) {
      let failed = false;
      const chunks = await run(world, 'CUT').catch(() => {
        failed = true;
        return [];
      });
      claim(failed || chunks.some(({ type }) => type === 'RUN_ERROR'), 'a cut run throws or has an error');
    },
  };
};
