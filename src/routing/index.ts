export { leastCost } from './least-cost.ts';
export { leastLatency } from './least-latency.ts';
export { priority } from './priority.ts';
export { Router, type RouterOptions, type RouteTarget } from './resolve.ts';
export { roundRobin } from './round-robin.ts';
export type { Candidate, RoutingStrategy, RoutingView, TargetLoad } from './strategy.ts';
export { weighted } from './weighted.ts';
