import { type ChatRequest, type PoolOptions, type Provider, ProviderPool } from 'runestone';
import { anthropic } from 'runestone/providers/anthropic';
import { openaiCompatible } from 'runestone/providers/openai-compatible';
import { startUpstream, type Upstream } from 'runestone/testing';

/** What nobody may see in anything that is written, thrown or told. */
export const KEY = 'sk-ant-canary-key-0001';

/** A wire as a user meets it. */
export interface Wire {
  readonly name: 'anthropic' | 'openai-compatible';
  readonly model: string;
  /** Where an answer is asked for. */
  readonly path: string;
  /** @param options - further ones, of any kind: what is wrong is for the provider to say */
  readonly make: (baseURL: string, options?: object) => Provider;
}

/** Both wires. */
export const wires: readonly Wire[] = [
  {
    name: 'anthropic',
    model: 'claude-haiku-4-5',
    path: '/v1/messages',
    make: (baseURL, options = {}) => anthropic({ apiKey: KEY, baseURL, ...options }),
  },
  {
    name: 'openai-compatible',
    model: 'host/any-model',
    path: '/v1/chat/completions',
    make: (baseURL, options = {}) =>
      openaiCompatible({ name: 'host', apiKey: KEY, baseURL: `${baseURL}/v1`, ...options }),
  },
];

/** A pool with one host behind it. */
export interface Door extends AsyncDisposable {
  readonly upstream: Upstream;
  readonly pool: ProviderPool;
}

/** Opens the public door to one wire. */
export async function open(
  wire: Wire,
  { provider, ...pool }: Partial<PoolOptions> & { readonly provider?: object } = {},
): Promise<Door> {
  const upstream = await startUpstream();
  const made = new ProviderPool({ providers: [wire.make(upstream.url, provider)], retry: false, ...pool });
  return {
    upstream,
    pool: made,
    async [Symbol.asyncDispose]() {
      await made.close({ drainMs: 0 });
      await upstream.close();
    },
  };
}

/** A small question, and what else a test wants to say. */
export function asking({ model }: Wire, more: object = {}): ChatRequest {
  return { model, messages: [{ role: 'user', content: 'Hello' }], max_completion_tokens: 1_000, ...more };
}
