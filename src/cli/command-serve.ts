import { bearerKeys } from '../http/index.ts';
import { ConfigError, type FetchCallOptions, type ProviderPool } from '../index.ts';
import { type Served, serve } from '../node/index.ts';
import { type CliIo, exitCode, UsageError } from './cli-io.ts';

/** Where to listen. */
export interface ServePlace {
  readonly port: string | undefined;
  readonly host: string | undefined;
}

/**
 * Serves the pool until Ctrl-C, and then lets what is under way end. A second Ctrl-C does not wait.
 *
 * @returns the exit code
 */
export async function serveCommand(
  pool: ProviderPool,
  io: CliIo,
  { port, host }: ServePlace,
): Promise<number> {
  const authorize = authorizeFrom(io.env['RUNESTONE_API_KEYS']);
  const server = await serve(pool, {
    ...(port !== undefined && { port: portOf(port) }),
    ...(host !== undefined && { host }),
    ...(authorize && { authorize }),
  });
  io.err(greeting(server, pool, authorize !== undefined));
  await new Promise<void>((resolve) => {
    const forget = io.onInterrupt(() => {
      forget();
      resolve();
    });
  });
  io.err('closing; press Ctrl-C again to cut what is under way\n');
  const forget = io.onInterrupt(() => void server.close({ drainMs: 0 }));
  await server.close();
  forget();
  return exitCode.ok;
}

/** `key`, or `key=tenant`, separated by commas. Nobody is asked for a key where the variable is not set. */
export function authorizeFrom(
  keys: string | undefined,
): ReturnType<typeof bearerKeys<FetchCallOptions>> | undefined {
  if (keys === undefined) return undefined;
  const pairs = keys
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
    .map((each): [string, FetchCallOptions] => {
      const at = each.indexOf('=');
      return at < 0 ? [each, {}] : [each.slice(0, at), { tenant: each.slice(at + 1) }];
    });
  if (pairs.length === 0) throw new ConfigError('RUNESTONE_API_KEYS: holds no key; unset it to ask for none');
  return bearerKeys(Object.fromEntries(pairs));
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new UsageError(`--port: "${text}" is no port`);
  return port;
}

function greeting({ url, port }: Served, pool: ProviderPool, asksForKey: boolean): string {
  const names = pool.providers().map(({ name }) => name);
  return [
    `listening on ${url}, for ${names.join(', ')}`,
    `  POST ${url}/v1/chat/completions`,
    `  ws://localhost:${port}/socket`,
    asksForKey
      ? '  callers need one of RUNESTONE_API_KEYS'
      : '  this machine only; set RUNESTONE_API_KEYS to ask for keys',
    '',
  ].join('\n');
}
