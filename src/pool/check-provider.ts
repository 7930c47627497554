import { ConfigError } from '../errors/index.ts';
import type { Provider } from '../provider-kit/provider.ts';
import { askProvider } from './ask-provider.ts';
import type { HealthCheck } from './health.ts';

/** Makes one check with the provider's first key. */
export async function checkProvider(
  provider: Provider,
  connectMs: number,
  nowMs: () => number,
  limitMs?: number,
): Promise<HealthCheck> {
  if (!provider.check) return { status: 'unknown' };
  const startedMs = nowMs();
  const told = await askProvider(
    provider,
    'the check',
    async (signal) => provider.check?.({ signal, key: 0, connectMs }),
    limitMs,
  );
  const latencyMs = nowMs() - startedMs;
  if (told.ok) return { status: 'healthy', latencyMs };
  return { status: 'down', latencyMs, code: told.code, message: told.message };
}

/** @throws ConfigError when no provider has that name */
export function providerNamed(providers: readonly Provider[], name: string): Provider {
  const provider = providers.find((each) => each.name === name);
  if (provider) return provider;
  const have = providers.map((each) => each.name).join(', ');
  throw new ConfigError(`no provider is named "${name}" (have: ${have})`);
}
