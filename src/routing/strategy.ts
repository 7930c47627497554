import type { RequestContext, Target } from '../pipeline/middleware.ts';

/** A target that could answer a request, and how its alias ranks it. */
export interface Candidate {
  readonly target: Target;
  /** Lower is preferred; a higher tier is used only when the lower ones cannot. @default 0 */
  readonly tier: number;
  /** Share of traffic among equals, for strategies that balance. @default 1 */
  readonly weight: number;
}

/** Puts candidates in the order in which they are tried. Pure: it chooses, it does not act. */
export interface RoutingStrategy {
  /** Shown by telemetry. */
  readonly name: string;
  order(candidates: readonly Candidate[], request: RequestContext): readonly Candidate[];
}
