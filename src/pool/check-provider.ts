import { isRunestoneError } from '../errors/index.ts';
import type { Provider } from '../provider-kit/provider.ts';
import type { HealthCheck } from './health.ts';

/** A health check that takes longer has failed. In milliseconds. */
const CHECK_MS = 10_000;

/** Makes one check with the provider's first key. */
export async function checkProvider(
  provider: Provider,
  connectMs: number,
  nowMs: () => number,
  limitMs: number = CHECK_MS,
): Promise<HealthCheck> {
  if (!provider.check) return { status: 'unknown' };
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const overdue = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      controller.abort(new Error('timeout'));
      reject(controller.signal.reason);
    }, limitMs);
  });
  const startedMs = nowMs();
  try {
    // A race, because a provider may ignore its signal.
    await Promise.race([provider.check({ signal: controller.signal, key: 0, connectMs }), overdue]);
    return { status: 'healthy', latencyMs: nowMs() - startedMs };
  } catch (error) {
    const latencyMs = nowMs() - startedMs;
    if (controller.signal.aborted) {
      return {
        status: 'down',
        latencyMs,
        code: 'timeout',
        message: `${provider.name}: no answer within ${limitMs} ms`,
      };
    }
    const known = isRunestoneError(error);
    const message = known ? error.message : `${provider.name}: the check failed`;
    return { status: 'down', latencyMs, code: known ? error.code : 'bad_response', message };
  } finally {
    clearTimeout(timer);
  }
}
