import Anthropic from '@anthropic-ai/sdk';
import OpenAI6 from 'openai6';
import OpenAI7 from 'openai7';
import type { ProviderPool } from 'runestone';

/** Both majors of OpenAI's client, on the door of a pool. */
export const openAIClients: readonly {
  readonly name: string;
  readonly on: (pool: ProviderPool) => OpenAI6;
}[] = [
  { name: '6', on: (pool) => new OpenAI6(pool.clientOptions()) },
  { name: '7', on: (pool) => new OpenAI7(pool.clientOptions()) as unknown as OpenAI6 },
];

/** Anthropic's client on the door of a pool. */
export function anthropicClient(pool: ProviderPool, headers: Record<string, string> = {}): Anthropic {
  return new Anthropic({ ...pool.anthropicOptions(), defaultHeaders: headers });
}
