import { question } from '../shapes.ts';
import type { MakeContender } from './contender.ts';

type Runestone = typeof import('../../src/index.ts');
type AnthropicProvider = typeof import('../../src/providers/anthropic/index.ts');

/** The pool as users have it: the built package. */
export async function builtPool(baseURL: string): Promise<InstanceType<Runestone['ProviderPool']>> {
  const built = (path: string): string => new URL(`../../dist/${path}`, import.meta.url).href;
  const { ProviderPool }: Runestone = await import(built('index.js'));
  const { anthropic }: AnthropicProvider = await import(built('providers/anthropic/index.js'));
  return new ProviderPool({ providers: [anthropic({ apiKey: 'k', baseURL })] });
}

/** The pool with three listeners of telemetry attached. */
export const runestone: MakeContender = async (baseURL) => {
  const pool = await builtPool(baseURL);
  let asked = 0;
  let told = 0;
  for (const name of ['request.stop', 'provider.request.stop', 'cost.recorded'] as const) {
    pool.on(name, () => {
      told++;
    });
  }
  return {
    async stream() {
      asked++;
      let text = '';
      for await (const chunk of await pool.streamRequest(question))
        text += chunk.choices[0]?.delta.content ?? '';
      return text;
    },
    async json() {
      asked++;
      const answer = await pool.request(question);
      return answer.choices[0]?.message.content ?? '';
    },
    check() {
      if (told !== 3 * asked)
        throw new Error(`the listeners heard ${told} events of ${asked} requests, not 3 of each`);
    },
  };
};
