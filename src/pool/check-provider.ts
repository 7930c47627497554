import { ConfigError } from '../errors/index.ts';
import type { Provider } from '../provider-kit/provider.ts';
import { askProvider } from './ask-provider.ts';
import type { HealthCheck } from './health.ts';

/** The provider of that name. @throws ConfigError when there is none */
export function namedProvider(providers: readonly Provider[], name: string): Provider {
  const found = providers.find((each) => each.name === name);
  if (found) return found;
  const have = providers.map((each) => each.name).join(', ');
  throw new ConfigError(`no provider is named "${name}" (have: ${have})`);
}

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
