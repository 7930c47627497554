import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConfigError } from '../index.ts';

/** This machine has no such address: without IPv6 there is no `::1`. */
const ABSENT: ReadonlySet<unknown> = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT']);

/**
 * Opens one server on each address, all on the same port; addresses that the machine does not have are left out.
 *
 * @param make - a new server
 * @param port - 0 for one that is free on the first address
 * @throws ConfigError when a port cannot be had; then none is open
 */
export async function listenOn(
  make: () => Server,
  addresses: readonly string[],
  port: number,
): Promise<{ readonly servers: readonly Server[]; readonly port: number }> {
  const servers: Server[] = [];
  let chosen = port;
  for (const address of addresses) {
    const server = make();
    try {
      chosen = await listen(server, chosen, address);
      servers.push(server);
    } catch (error) {
      if (servers.length > 0 && ABSENT.has(codeOf(error))) continue;
      for (const each of servers) each.close();
      throw new ConfigError(`serve: cannot listen on ${address}, port ${chosen}: ${codeOf(error)}`, {
        cause: error,
      });
    }
  }
  return { servers, port: chosen };
}

/** Resolves with the port that it got. */
function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host }, () => {
      server.off('error', reject);
      // Of a server on TCP that listens it is never text or null.
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
