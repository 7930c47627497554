import { expect, it } from 'vitest';
import { reply } from 'runestone/testing';
import { stand } from '/work/wt/dialects/test/acceptance/lab.ts';
import { anthropicClient } from '/work/wt/dialects/test/http/dialect-fetch.ts';
it('works', async () => {
  await using it = await stand();
  const client = anthropicClient(it.pool);
  const p = { model: 'claude-haiku-4-5', max_tokens: 500, messages: [{ role: 'user' as const, content: 'Hi' }] };
  it.upstream.script(reply.text('Hello, world'), reply.text('Hello, again'), reply.tools([{ name: 'get_weather', input: { city: 'Oslo' } }]));
  console.log(JSON.stringify(await client.messages.create(p), null, 1));
  console.log(JSON.stringify(await client.messages.stream(p).finalMessage()));
  console.log(JSON.stringify(await client.messages.stream({...p, tools: [{ name: 'get_weather', input_schema: { type: 'object', properties: {city:{type:'string'}} } }]}).finalMessage()));
  console.log(await client.messages.countTokens({ model: p.model, messages: p.messages }));
  console.log(JSON.stringify(it.upstream.requests.at(-1)?.body));
});
