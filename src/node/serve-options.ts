import * as z from 'zod';
import type { HandlerOptions } from '../http/index.ts';
import { ConfigError } from '../index.ts';

/** Where and how a pool is served. */
export interface ServeOptions<Call extends object = object> extends HandlerOptions<Call> {
  /** 0 for any that is free. @default 4003 */
  readonly port?: number;
  /**
   * The address to listen on. Beyond this machine only with `authorize`.
   *
   * @default `127.0.0.1` and `::1`
   */
  readonly host?: string;
  /** Until the head of a request is complete, in milliseconds. @default 10_000 */
  readonly headTimeoutMs?: number;
  /** The WebSocket at `/socket`; `false` for none. */
  readonly socket?: SocketOptions | false;
}

/** How WebSockets are kept. */
export interface SocketOptions {
  /** Web pages that may open one, such as `https://app.example`. Programs, which send no `Origin`, always may. @default none */
  readonly origins?: readonly string[];
  /** Longest message, in bytes. @default 1_048_576 (1 MiB) */
  readonly messageLimitBytes?: number;
  /** Chats at once on one socket. @default 16 */
  readonly chats?: number;
  /** Between two pings, in milliseconds; a peer that has not answered the last one is gone. @default 30_000 */
  readonly heartbeatMs?: number;
  /** How long a reader may take nothing while something waits for it, in milliseconds. @default 30_000 */
  readonly stallMs?: number;
  /** How long a socket may say nothing and hear nothing, in milliseconds. @default 600_000 */
  readonly idleMs?: number;
}

/** Options with every default filled in. */
export interface ServeSettings {
  readonly port: number;
  /** Every address to listen on. */
  readonly addresses: readonly string[];
  readonly isLoopback: boolean;
  readonly headTimeoutMs: number;
  readonly socket: Required<SocketOptions> | false;
}

// The longest delay a Node timer takes; a larger one fires at once.
const milliseconds = z
  .number()
  .min(1)
  .max(2 ** 31 - 1);

const socketShape = z.strictObject({
  origins: z.array(z.string().min(1)).default([]),
  messageLimitBytes: z
    .int()
    .min(1)
    .default(1024 * 1024),
  chats: z.int().min(1).default(16),
  heartbeatMs: milliseconds.default(30_000),
  stallMs: milliseconds.default(30_000),
  idleMs: milliseconds.default(600_000),
});

const shape = z.object({
  port: z.int().min(0).max(65_535).default(4003),
  host: z.string().min(1).default('localhost'),
  headTimeoutMs: milliseconds.default(10_000),
  socket: z.union([socketShape, z.literal(false)]).prefault({}),
});

/**
 * Checks what is the server's own, and fills in the defaults. What is the handler's is the handler's to check.
 *
 * @throws ConfigError for options that are wrong, and for an address beyond this machine without `authorize`
 */
export function toServeSettings<Call extends object>(
  options: ServeOptions<Call>,
): {
  readonly settings: ServeSettings;
  readonly handler: HandlerOptions<Call>;
} {
  const { port: _, host: __, headTimeoutMs: ___, socket: ____, ...handler } = options;
  const { data, error } = shape.safeParse(options);
  if (error) {
    const faults = error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new ConfigError(`serve: ${faults.join('; ')}`);
  }
  const { host, ...rest } = data;
  const addresses = host === 'localhost' ? ['127.0.0.1', '::1'] : [host];
  const isLoopback = addresses.every(isOwn);
  if (!isLoopback && !handler.authorize) {
    throw new ConfigError(
      `serve: ${host} can be reached from elsewhere; say who may pass with \`authorize\``,
    );
  }
  return { settings: { ...rest, addresses, isLoopback }, handler };
}

/** True for an address that only this machine can reach. Of a name nobody knows. */
function isOwn(address: string): boolean {
  return address === '::1' || /^127(\.\d{1,3}){3}$/.test(address);
}
