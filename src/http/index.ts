export type { ClientOptions } from './client-options.ts';
export { createHandler, type Handler } from './create-handler.ts';
export {
  type Authorize,
  type DoorOptions,
  doorkeeper,
  type Entry,
  LOOPBACK_HOSTS,
  type Permission,
  type Visitor,
} from './doorkeeper.ts';
export { asRunestoneError } from './foreign-error.ts';
export type { HandlerOptions } from './handler-options.ts';
export type { BodyLimits, PoolFetchInit } from './incoming.ts';
export { bearerKeys } from './node-bearer-keys.ts';
export type { PoolFetch } from './pool-fetch.ts';
