/** Who plays: two hosts on this machine that speak Anthropic's wire, and the pool that is shown. */
import { type Provider, ProviderPool } from 'runestone';
import { anthropic } from 'runestone/providers/anthropic';
import { startUpstream, type Upstream } from 'runestone/testing';

/** Everything the scenes work with. */
export interface Cast {
  readonly pool: ProviderPool;
  /** Whether the first answer is asked of the real API. */
  readonly real: boolean;
  primary: Upstream;
  readonly backup: Upstream;
}

/** Starts the hosts and builds the pool, with times short enough to watch. */
export async function gather(env: NodeJS.ProcessEnv): Promise<Cast> {
  const { ANTHROPIC_API_KEY: realKey, ANTHROPIC_BASE_URL: baseURL } = env;
  const primary = await startUpstream();
  const backup = await startUpstream();
  const key = 'no-key-needed';
  await warmUp(anthropic({ apiKey: key, baseURL: backup.url }));
  const pool = new ProviderPool({
    providers: [
      ...(realKey ? [anthropic({ name: 'claude', apiKey: realKey, ...(baseURL && { baseURL }) })] : []),
      anthropic({ name: 'primary', apiKey: key, baseURL: primary.url }),
      anthropic({ name: 'backup', apiKey: key, baseURL: backup.url }),
    ],
    models: {
      hello: [...(realKey ? ['claude/claude-sonnet-5-5'] : []), 'primary/claude-sonnet-5-5'],
      retried: ['primary/claude-sonnet-5-5'],
      doubled: ['primary/claude-haiku-5-5', 'backup/claude-sonnet-5-5'],
      eventful: ['primary/claude-sonnet-5-5', 'backup/claude-sonnet-5-5'],
      guarded: ['primary/claude-opus-5-5', 'backup/claude-sonnet-5-5'],
    },
    retry: { baseDelayMs: 250 },
    breaker: { failureThreshold: 3, openMs: 1_200, slowStartMs: 0 },
    timeouts: { connectMs: 2_000, firstTokenMs: 6_000, reasoningFirstTokenMs: 6_000 },
  });
  return { pool, real: Boolean(realKey), primary, backup };
}

/** The SDK is loaded with the first request of a process, which would blur the first scene's times. */
async function warmUp(provider: Provider): Promise<void> {
  const pool = new ProviderPool({ providers: [provider] });
  await pool.request({ messages: [{ role: 'user', content: 'Ready?' }] });
  await pool.close();
}

/** Lets everybody go. */
export async function dismiss({ pool, primary, backup }: Cast): Promise<void> {
  await pool.close({ drainMs: 0 });
  await Promise.all([primary.close(), backup.close()]);
}
