export { type AliasFile, type AliasFileOptions, watchAliases } from './node-alias-file.ts';
export { type NodeListener, toNodeListener } from './node-listener.ts';
export { type ServablePool, type Served, serve } from './node-serve.ts';
export type { ServeOptions, SocketOptions } from './serve-options.ts';
