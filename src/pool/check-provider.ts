import type { Provider } from '../provider-kit/provider.ts';
import type { StartTimer } from '../resilience/timing.ts';
import { askProvider } from './ask-provider.ts';
import type { HealthCheck } from './health.ts';

/** Makes one check with the provider's first key. */
export async function checkProvider(
  provider: Provider,
  connectMs: number,
  nowMs: () => number,
  limitMs?: number,
  startTimer?: StartTimer,
): Promise<HealthCheck> {
  if (!provider.check) return { status: 'unknown' };
  const startedMs = nowMs();
  const told = await askProvider(
    provider,
    'the check',
    async (signal) => provider.check?.({ signal, key: 0, connectMs }),
    limitMs,
    startTimer,
  );
  const latencyMs = nowMs() - startedMs;
  if (told.ok) return { status: 'healthy', latencyMs };
  return { status: 'down', latencyMs, code: told.code, message: told.message };
}
