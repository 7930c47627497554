import { CITY, claim, equal, failureOf, letGo, SCHEMA, SENTENCE, WEATHER } from '../world.mjs';

/** LangChain, with one of its chat models. */
export const langchain = (modelOf, messages) => ({
  async plain(world) {
    equal((await modelOf(world).invoke('PLAIN')).text, SENTENCE, 'text');
  },
  async streamed(world) {
    let text = '';
    for await (const chunk of await modelOf(world).stream('PLAIN')) text += chunk.text;
    equal(text, SENTENCE, 'chunks');
  },
  async tools(world) {
    const tool = {
      type: 'function',
      function: { name: 'weather', description: 'Weather.', parameters: WEATHER },
    };
    const model = modelOf(world).bindTools([tool]);
    const turn = [new messages.HumanMessage('TOOLS')];
    const called = await model.invoke(turn);
    equal(called.tool_calls[0].args, { city: 'Paris' }, 'arguments');
    const result = new messages.ToolMessage({ tool_call_id: called.tool_calls[0].id, content: '21' });
    equal((await model.invoke([...turn, called, result])).text, 'It is 21 degrees in Paris.', 'text');
  },
  async structured(world) {
    equal(
      await modelOf(world)
        .withStructuredOutput({ title: 'city', ...SCHEMA })
        .invoke('STRUCTURED'),
      CITY,
      'output',
    );
  },
  async abort(world) {
    const controller = new AbortController();
    const stream = await modelOf(world).stream('SLOW', { signal: controller.signal });
    const read = async () => {
      for await (const _ of stream) controller.abort();
    };
    await read().catch(() => {});
    await letGo(world);
  },
  async cut(world) {
    const read = async () => {
      for await (const _ of await modelOf(world).stream('CUT'));
    };
    claim((await failureOf(read())) instanceof Error, 'a cut stream throws');
  },
});
