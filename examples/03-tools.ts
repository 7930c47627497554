/** Let the model call your functions: the usual OpenAI loop, with Claude behind it. */
import { type ChatMessage, ProviderPool } from 'runestone';
import { anthropic } from 'runestone/providers/anthropic';
import { localAccount } from './support.ts';

const pool = new ProviderPool({ providers: [anthropic(await localAccount())] });

const weather = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'The weather in a city, now.',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};
const getWeather = ({ city }: { city: string }): string => `18 °C and sunny in ${city}`;

const messages: ChatMessage[] = [{ role: 'user', content: 'What is the weather in Paris?' }];
for (;;) {
  const { choices } = await pool.request({ messages, tools: [weather] });
  const message = choices[0]?.message;
  if (!message?.tool_calls) {
    console.log(`answer  ${message?.content}`);
    break;
  }
  // The whole message goes back, with whatever the provider has signed.
  messages.push({ ...message });
  for (const call of message.tool_calls) {
    if (call.type !== 'function') continue;
    const result = getWeather(JSON.parse(call.function.arguments));
    console.log(`call    ${call.function.name}(${call.function.arguments}) -> ${result}`);
    messages.push({ role: 'tool', tool_call_id: call.id, content: result });
  }
}

await pool.close();
