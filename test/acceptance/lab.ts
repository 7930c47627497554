import { type AnyTelemetryEvent, type ChatRequest, type PoolOptions, ProviderPool } from 'runestone';
import { type AnthropicOptions, anthropic } from 'runestone/providers/anthropic';
import { startUpstream, type Upstream, type UpstreamOptions } from 'runestone/testing';

/** What nobody may see in anything public. */
export const KEY = 'sk-ant-canary-key';

/** A pool, the host behind it, and everything the pool tells. */
export interface Stand extends AsyncDisposable {
  readonly upstream: Upstream;
  readonly pool: ProviderPool;
  readonly told: readonly AnyTelemetryEvent[];
  readonly of: <Name extends AnyTelemetryEvent['name']>(
    name: Name,
  ) => Extract<AnyTelemetryEvent, { name: Name }>[];
}

/** What a test cares about; the rest is good defaults, with waits that nobody notices. */
export interface StandOptions {
  readonly claude?: Partial<AnthropicOptions>;
  readonly pool?: Partial<PoolOptions>;
  readonly upstream?: UpstreamOptions;
}

/** As a user builds it: public names only, over a real connection. */
export async function stand(options: StandOptions = {}): Promise<Stand> {
  const upstream = await startUpstream(options.upstream);
  const claude = anthropic({ apiKey: KEY, baseURL: upstream.url, ...options.claude });
  return around(upstream, { providers: [claude], ...options.pool });
}

/** The same with providers of the test's own; closes `upstream` with the pool. */
export function around(upstream: Upstream, options: PoolOptions): Stand {
  const pool = new ProviderPool({ retry: { baseDelayMs: 1, maxDelayMs: 2 }, ...options });
  const told: AnyTelemetryEvent[] = [];
  pool.on('*', (event) => told.push(event));
  return {
    upstream,
    pool,
    told,
    of: <Name extends AnyTelemetryEvent['name']>(name: Name) =>
      told.filter((event): event is Extract<AnyTelemetryEvent, { name: Name }> => event.name === name),
    async [Symbol.asyncDispose]() {
      await pool.close({ drainMs: 0 });
      await upstream.close();
    },
  };
}

/** A question that takes the JSON wire when nobody wants a stream, and asks for no thinking. */
export function question(content = 'How are you?', more: Partial<ChatRequest> = {}): ChatRequest {
  return {
    model: 'claude-haiku-4-5',
    messages: [{ role: 'user', content }],
    reasoning_effort: 'none',
    max_completion_tokens: 1_000,
    ...more,
  };
}

/** What stands in the last message that reached the host. */
export function lastBody(upstream: Upstream): Record<string, unknown> {
  return Object(upstream.requests.at(-1)?.body);
}

/** The words of an answer, put together from its chunks. */
export async function wordsOf(
  stream: AsyncIterable<{ choices: { delta: { content?: string | null } }[] }>,
): Promise<string> {
  let words = '';
  for await (const { choices } of stream) words += choices[0]?.delta.content ?? '';
  return words;
}
