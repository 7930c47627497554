import { type AttemptRecord, type RateLimits, type RunestoneError, verdictOf } from '../errors/index.ts';
import type { AdmissionPermit, EndedFacts, TargetMemory } from '../middleware/memory.ts';
import type { Teller } from '../middleware/telemetry.ts';
import type { Target } from '../pipeline/middleware.ts';
import { CircuitBreaker, type CircuitState, type TransitionReason } from '../resilience/circuit-breaker.ts';
import type { Permit } from '../resilience/circuit-permit.ts';
import { Cooldown } from '../resilience/cooldown.ts';
import { PeakEwma } from '../resilience/peak-ewma.ts';
import type { TargetLoad } from '../routing/index.ts';
import type { Settings } from './settings.ts';
import { TargetStats } from './target-stats.ts';
import { UpstreamQuota } from './upstream-quota.ts';

/** What every state works with. */
export interface Surroundings {
  /** Those of today: they may be replaced. */
  settings: Settings;
  readonly teller: Teller;
  readonly random: () => number;
  /** Told of targets, and keys, that asked to be left alone for a time of their own. @default nobody */
  tellOthers?: ((target: Target, scope: 'target' | 'key', forMs: number) => void) | undefined;
}

/** How fast a slow answer is forgotten, in milliseconds; Finagle's default. */
const LATENCY_DECAY_MS = 10_000;

/** Everything the pool remembers of one target: circuit, cooldown, counts. */
export class TargetState implements TargetMemory {
  readonly target: Target;
  readonly stats: TargetStats = new TargetStats();
  readonly #total: TargetStats;
  readonly #ttftMs = new PeakEwma(LATENCY_DECAY_MS);
  readonly #msPerToken = new PeakEwma(LATENCY_DECAY_MS);
  #outstandingTokens = 0;
  #circuit: CircuitBreaker | undefined;
  readonly #cooldown: Cooldown;
  readonly #keyCooldown: Cooldown;
  readonly #quota: UpstreamQuota;
  readonly #surroundings: Surroundings;

  constructor(target: Target, keyCooldown: Cooldown, total: TargetStats, surroundings: Surroundings) {
    const { teller, random } = surroundings;
    this.target = target;
    this.#total = total;
    this.#keyCooldown = keyCooldown;
    this.#surroundings = surroundings;
    this.#cooldown = new Cooldown(teller.nowMs, random);
    this.#quota = new UpstreamQuota(teller.nowMs);
    this.renewCircuit();
  }

  /** Closes the circuit, and goes on by the settings of today. What attempts under way come to counts no more. */
  renewCircuit(): void {
    const { settings, teller, random } = this.#surroundings;
    this.#circuit = undefined;
    if (!settings.breaker) return;
    const circuit = new CircuitBreaker(settings.breaker, {
      nowMs: teller.nowMs,
      random,
      onTransition: (from, to, reason) => {
        if (circuit === this.#circuit) this.#tellTransition(from, to, reason);
      },
    });
    this.#circuit = circuit;
  }

  /** `closed` also when the pool has no breaker. */
  get circuit(): CircuitState {
    return this.#circuit?.state ?? 'closed';
  }

  /** How long this target, or its key, is to be left alone, in milliseconds. */
  get cooldownMs(): number {
    return Math.max(this.#cooldown.remainingMs(), this.#keyCooldown.remainingMs());
  }

  /** True while the key is out: refused, or its quota is spent. */
  get keyOut(): boolean {
    return this.#keyCooldown.remainingMs() > 0;
  }

  /** Closed, free, and nobody is with it. */
  get isAtRest(): boolean {
    return this.isOpen && this.circuit === 'closed' && this.stats.inFlight === 0;
  }

  /** Whether it would take a request now. A cooldown only matters while there is another target to go to. */
  get isOpen(): boolean {
    return this.cooldownMs === 0 && this.quotaMs(undefined) === 0 && this.retryAfterMs() === 0;
  }

  /** How long until its host has room for a prompt, by its own headers, in milliseconds; 0 where it did not say. */
  quotaMs(promptTokens: number | undefined): number {
    return this.#quota.waitMs(promptTokens ?? 1);
  }

  /** An answer has begun, and its headers say what is left. */
  heed(limits: RateLimits): void {
    this.#quota.report(limits, this.#surroundings.settings.retry.retryAfterCapMs);
  }

  /** Other processes were told to leave the target or its key alone for so long, in milliseconds. */
  heedOthers(targetMs: number, keyMs: number): void {
    this.#cooldown.extend(targetMs);
    this.#keyCooldown.extend(keyMs);
  }

  admit(lastTarget: boolean): AdmissionPermit | undefined {
    const circuit = this.#circuit;
    const permit = circuit?.acquire({ lastTarget });
    if (circuit && !permit) return undefined;
    return {
      succeed: () => this.#succeeded(permit),
      fail: (error) => this.#failed(error, permit),
      release: () => permit?.release(),
    };
  }

  retryAfterMs(): number {
    const { breaker } = this.#surroundings.settings;
    if (!this.#circuit || !breaker) return 0;
    // While a probe is out nobody knows; by the next regular probe there is an answer.
    return this.#circuit.retryAfterMs() ?? breaker.openMs;
  }

  /** What is on its way here, and how fast answers have come lately. */
  get load(): TargetLoad {
    return {
      inFlight: this.stats.inFlight,
      outstandingTokens: this.#outstandingTokens,
      ttftMs: this.#ttftMs.value,
      msPerToken: this.#msPerToken.value,
    };
  }

  began(tokens: number): void {
    this.#outstandingTokens += tokens;
    this.#quota.spend(tokens);
    this.stats.began();
    this.#total.began();
  }

  retried(): void {
    this.stats.retried();
    this.#total.retried();
  }

  ended(record: AttemptRecord, { sent, tokens }: EndedFacts): void {
    this.#outstandingTokens -= tokens;
    this.#measure(record);
    this.stats.ended(record, sent);
    this.#total.ended(record, sent);
  }

  /** Also a wait in vain is a measure; a quick failure is none. */
  #measure({ ttftMs, durationMs, usage, code }: AttemptRecord): void {
    const now = this.#surroundings.teller.nowMs();
    const first = ttftMs ?? (code === 'timeout' ? durationMs : undefined);
    if (first !== undefined) this.#ttftMs.record(first, now);
    const later = (usage?.outputTokens ?? 0) - 1;
    if (ttftMs !== undefined && later > 0) this.#msPerToken.record((durationMs - ttftMs) / later, now);
  }

  #succeeded(permit: Permit | undefined): void {
    permit?.succeed();
    this.#cooldown.recover();
    this.#keyCooldown.recover();
  }

  #failed(error: RunestoneError, permit: Permit | undefined): void {
    const lesson = verdictOf(error).breaker;
    if (lesson === 'failure') permit?.fail();
    if (lesson === 'cooldown') this.#stayAway(this.#cooldown, error);
    if (lesson === 'key_out') this.#stayAway(this.#keyCooldown, error);
  }

  #stayAway(cooldown: Cooldown, error: RunestoneError): void {
    const { settings, teller } = this.#surroundings;
    const before = cooldown.remainingMs();
    if (error.code === 'rate_limited' && error.retryAfterMs !== undefined) {
      // A host that says ten hours is asked again earlier: limits are lifted, and the answer costs nothing.
      cooldown.extend(Math.min(error.retryAfterMs, settings.retry.retryAfterCapMs));
    } else if (error.retryAfterMs !== undefined) cooldown.extend(error.retryAfterMs);
    else cooldown.escalate(reasonOf(error));
    const cooldownMs = cooldown.remainingMs();
    // A key that is refused may be another one there.
    if (cooldownMs > before && (error.code === 'rate_limited' || error.code === 'quota_exhausted'))
      this.#surroundings.tellOthers?.(
        this.target,
        cooldown === this.#cooldown ? 'target' : 'key',
        cooldownMs,
      );
    if (cooldownMs <= before || !teller.emit.wants('target.cooldown')) return;
    const { provider, label: target } = this.target;
    teller.emit('target.cooldown', {
      at: teller.epochMs(),
      provider: provider.name,
      target,
      code: error.code,
      cooldownMs,
    });
  }

  #tellTransition(from: CircuitState, to: CircuitState, reason: TransitionReason): void {
    const { emit, epochMs } = this.#surroundings.teller;
    const { provider, label: target } = this.target;
    const told = { at: epochMs(), provider: provider.name, target, from, to, reason };
    if (to === 'open') emit('circuit_breaker.open', { ...told, openMs: this.retryAfterMs() });
    else if (to === 'half_open') emit('circuit_breaker.half_open', told);
    else emit('circuit_breaker.close', told);
  }
}

/** The two ways to lose a key, and being told to slow down. */
function reasonOf({ code }: RunestoneError): 'rate_limited' | 'quota_exhausted' | 'authentication' {
  return code === 'rate_limited' || code === 'quota_exhausted' ? code : 'authentication';
}
