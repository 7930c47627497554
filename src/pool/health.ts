import type { Provider } from '../provider-kit/provider.ts';
import type { CircuitState } from '../resilience/circuit-breaker.ts';
import type { TargetState } from './target-state.ts';

/** `unknown` until the first attempt has ended: nothing is sent just to find out. */
export type HealthStatus = 'healthy' | 'degraded' | 'down' | 'unknown';

/** One target, as live traffic has shown it. */
export interface TargetInfo {
  readonly model: string;
  /** `provider/model`, with the key's index where the provider has several. */
  readonly target: string;
  readonly circuit: CircuitState;
  readonly inFlight: number;
  /** Median time to first token, in milliseconds. */
  readonly ttftMs: number | undefined;
  /** Epoch milliseconds until which the target is left alone; `undefined` when it is not. */
  readonly cooldownUntil: number | undefined;
}

/** One provider. */
export interface ProviderInfo {
  readonly name: string;
  /** The kind of provider. */
  readonly module: string;
  readonly status: HealthStatus;
  /** Ids it lists. */
  readonly models: readonly string[];
  /** Targets that requests were planned for, whether or not it came to an attempt. */
  readonly targets: readonly TargetInfo[];
}

/** All providers, and the worst that matters: `down` only when nobody can answer. */
export interface PoolHealth {
  readonly status: HealthStatus;
  readonly providers: Readonly<Record<string, HealthStatus>>;
}

/** What a health check found. */
export type HealthCheck =
  | { readonly status: 'healthy'; readonly latencyMs: number }
  | { readonly status: 'down'; readonly latencyMs: number; readonly code: string; readonly message: string }
  /** The provider has no check. */
  | { readonly status: 'unknown' };

/** Folds what the pool remembers of a provider's targets. */
export function providerInfo(
  provider: Provider,
  states: readonly TargetState[],
  epochMs: number,
): ProviderInfo {
  return {
    name: provider.name,
    module: provider.module ?? provider.name,
    status: statusOf(states),
    models: provider.models?.map(({ id }) => id) ?? [],
    targets: states.map((state) => targetInfo(state, epochMs)),
  };
}

/** The pool as a whole. */
export function poolHealth(providers: readonly ProviderInfo[]): PoolHealth {
  const statuses = providers.map(({ status }) => status);
  return {
    status: foldStatus(statuses),
    providers: Object.fromEntries(providers.map(({ name, status }) => [name, status])),
  };
}

function targetInfo(state: TargetState, epochMs: number): TargetInfo {
  const { inFlight, ttftMs } = state.stats.row();
  const { cooldownMs } = state;
  return {
    model: state.target.model,
    target: state.target.label,
    circuit: state.circuit,
    inFlight,
    ttftMs: ttftMs.p50,
    cooldownUntil: cooldownMs > 0 ? epochMs + cooldownMs : undefined,
  };
}

function statusOf(states: readonly TargetState[]): HealthStatus {
  return foldStatus(
    states.map((state) => {
      if (state.circuit === 'open' || state.keyOut) return 'down';
      if (state.circuit === 'half_open' || state.cooldownMs > 0) return 'degraded';
      return state.stats.row().requests === 0 ? 'unknown' : 'healthy';
    }),
  );
}

/** Some up and some down is degraded; nothing known is unknown. */
function foldStatus(statuses: readonly HealthStatus[]): HealthStatus {
  const known = new Set(statuses.filter((status) => status !== 'unknown'));
  const [only] = known;
  if (only === undefined) return 'unknown';
  if (known.size > 1 || only === 'degraded') return 'degraded';
  return only === 'down' && statuses.includes('unknown') ? 'degraded' : only;
}
