export { priority } from './priority.ts';
export { Router, type RouterOptions, type RouteTarget } from './resolve.ts';
export type { Candidate, RoutingStrategy } from './strategy.ts';
