import OpenAI from 'openai6';
import { question } from '../shapes.ts';
import type { Contender, MakeContender } from './contender.ts';
import { builtPool } from './runestone.ts';

/** OpenAI's SDK as it comes, on global `fetch`, in front of a host that speaks its format. */
export const openaiSdk: MakeContender = async (baseURL) =>
  reader(new OpenAI({ apiKey: 'k', baseURL: `${baseURL}/v1` }));

/** The same client with the pool in the place of the network, and Claude behind it. */
export const openaiSdkOnPool: MakeContender = async (baseURL) => {
  const pool = await builtPool(baseURL);
  return reader(new OpenAI(pool.clientOptions()));
};

function reader(client: OpenAI): Contender {
  return {
    async stream() {
      let text = '';
      for await (const chunk of await client.chat.completions.create({ ...question, stream: true }))
        text += chunk.choices[0]?.delta.content ?? '';
      return text;
    },
  };
}
