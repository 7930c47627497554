import { CITY, claim, equal, failureOf, letGo, MODEL, SCHEMA, SENTENCE, WEATHER } from '../world.mjs';

const ask = (content) => ({ model: MODEL, messages: [{ role: 'user', content }] });

/** The official client: chat completions and responses. */
export const openai = (OpenAI) => ({
  async plain(world) {
    const client = new OpenAI(world.openai);
    const answer = await client.chat.completions.create(ask('PLAIN'));
    equal(answer.choices[0].message.content, SENTENCE, 'content');
    const response = await client.responses.create({ model: MODEL, input: 'PLAIN' });
    equal(response.output_text, SENTENCE, 'output_text');
    claim(
      (await client.models.list()).data.some(({ id }) => id.startsWith(MODEL)),
      'the model is listed',
    );
  },
  async streamed(world) {
    const client = new OpenAI(world.openai);
    let text = '';
    for await (const chunk of await client.chat.completions.create({ ...ask('PLAIN'), stream: true })) {
      text += chunk.choices[0]?.delta.content ?? '';
    }
    equal(text, SENTENCE, 'chunks');
    const stream = client.responses.stream({ model: MODEL, input: 'PLAIN' });
    equal((await stream.finalResponse()).output_text, SENTENCE, 'final response');
  },
  async tools(world) {
    const client = new OpenAI(world.openai);
    const tools = [
      {
        type: 'function',
        function: {
          name: 'weather',
          parse: JSON.parse,
          function: () => '21',
          parameters: WEATHER,
          strict: true,
        },
      },
    ];
    for (const stream of [false, true]) {
      const runner = client.chat.completions.runTools({ ...ask('TOOLS'), tools, stream });
      equal(await runner.finalContent(), 'It is 21 degrees in Paris.', `tools, stream ${stream}`);
    }
  },
  async structured(world) {
    const client = new OpenAI(world.openai);
    const format = { type: 'json_schema', json_schema: { name: 'city', schema: SCHEMA, strict: true } };
    const answer = await client.chat.completions.create({ ...ask('STRUCTURED'), response_format: format });
    equal(JSON.parse(answer.choices[0].message.content), CITY, 'content');
    const text = { format: { type: 'json_schema', name: 'city', schema: SCHEMA, strict: true } };
    const response = await client.responses.parse({ model: MODEL, input: 'STRUCTURED', text });
    equal(response.output_parsed, CITY, 'output_parsed');
  },
  async abort(world) {
    const client = new OpenAI(world.openai);
    const controller = new AbortController();
    const stream = await client.chat.completions.create(
      { ...ask('SLOW'), stream: true },
      { signal: controller.signal },
    );
    for await (const chunk of stream) {
      if (chunk.choices[0]?.delta.content) break;
    }
    controller.abort();
    await letGo(world);
  },
  async cut(world) {
    const client = new OpenAI(world.openai);
    const read = async (stream) => {
      for await (const _ of stream);
    };
    const chat = client.chat.completions.create({ ...ask('CUT'), stream: true });
    claim((await failureOf(chat.then(read))) instanceof OpenAI.APIError, 'a cut chat is an APIError');
    const response = client.responses.create({ model: MODEL, input: 'CUT', stream: true });
    claim((await failureOf(response.then(read))) instanceof OpenAI.APIError, 'a cut response is an APIError');
  },
});
