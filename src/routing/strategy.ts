import type { RequestContext, Target } from '../pipeline/middleware.ts';

/** A target that could answer a request, and how its alias ranks it. */
export interface Candidate {
  readonly target: Target;
  /** Lower is preferred; a higher tier is used only when the lower ones cannot. @default 0 */
  readonly tier: number;
  /** Share of traffic among equals, for strategies that balance. @default 1 */
  readonly weight: number;
}

/** What is known of a target at this moment, for a strategy to compare. */
export interface TargetLoad {
  /** Attempts under way. */
  readonly inFlight: number;
  /** Tokens of those attempts, as estimated when they began. */
  readonly outstandingTokens: number;
  /** Time to first token, in milliseconds: follows a rise at once and a fall slowly. `undefined` before the first. */
  readonly ttftMs: number | undefined;
  /** Time for each token after the first, in milliseconds, likewise. */
  readonly msPerToken: number | undefined;
}

/** What a strategy may look at beside the candidates. Asked lazily: what nobody asks for costs nothing. */
export interface RoutingView {
  loadOf(target: Target): TargetLoad;
  /** What the request is expected to cost there, in USD, its cached part at the price of a cache; unknown without a price. */
  costUsdOf(target: Target): number | undefined;
  /** In `[0, 1)`. */
  random(): number;
}

/** Puts candidates in the order in which they are tried. It chooses, it does not act. */
export interface RoutingStrategy {
  /** Shown by telemetry and traces. */
  readonly name: string;
  order(candidates: readonly Candidate[], request: RequestContext, view: RoutingView): readonly Candidate[];
}
