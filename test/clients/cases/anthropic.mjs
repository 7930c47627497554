import { CITY, claim, equal, failureOf, letGo, MODEL, SCHEMA, SENTENCE, WEATHER } from '../world.mjs';

const ask = (content) => ({ model: MODEL, max_tokens: 500, messages: [{ role: 'user', content }] });

/** Anthropic's official client on the Messages dialect. */
export const anthropicSdk = (Anthropic) => ({
  async plain(world) {
    const client = new Anthropic(world.anthropic);
    const message = await client.messages.create(ask('PLAIN'));
    equal(message.content[0].text, SENTENCE, 'text');
    claim(
      (await client.messages.countTokens({ model: MODEL, messages: ask('PLAIN').messages })).input_tokens > 0,
      'a count',
    );
  },
  async streamed(world) {
    const client = new Anthropic(world.anthropic);
    equal(await client.messages.stream(ask('PLAIN')).finalText(), SENTENCE, 'final text');
  },
  async tools(world) {
    const client = new Anthropic(world.anthropic);
    const run = async () => '21';
    const tools = [
      { name: 'weather', description: 'Weather.', input_schema: WEATHER, run, parse: (input) => input },
    ];
    const message = await client.beta.messages.toolRunner({ ...ask('TOOLS'), tools });
    equal(message.content[0].text, 'It is 21 degrees in Paris.', 'text');
  },
  async structured(world) {
    const client = new Anthropic(world.anthropic);
    const output_config = { format: { type: 'json_schema', schema: SCHEMA } };
    const message = await client.messages.create({ ...ask('STRUCTURED'), output_config });
    equal(JSON.parse(message.content[0].text), CITY, 'text');
  },
  async abort(world) {
    const client = new Anthropic(world.anthropic);
    const stream = client.messages.stream(ask('SLOW'));
    await new Promise((resolve) => stream.on('text', resolve));
    stream.abort();
    await letGo(world);
  },
  async cut(world) {
    const client = new Anthropic(world.anthropic);
    const error = await failureOf(client.messages.stream(ask('CUT')).finalMessage());
    claim(error instanceof Anthropic.AnthropicError, 'a cut message is an error of the SDK');
  },
});
