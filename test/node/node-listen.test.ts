import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { listenOn } from '../../src/node/node-listen.ts';
import { failureOf } from '../contexts.ts';

const hasIpv6 = Object.values(networkInterfaces()).some((list) =>
  list?.some(({ address }) => address === '::1'),
);

const closeAll = (servers: readonly { close(): unknown }[]): void => {
  for (const server of servers) server.close();
};

describe('listenOn', () => {
  it('opens a server on each address, all on the port that the first was given', async () => {
    const addresses = hasIpv6 ? ['127.0.0.1', '::1'] : ['127.0.0.1', '127.0.0.2'];
    const { servers, port } = await listenOn(() => createServer(), addresses, 0);
    const found = servers.map((server) => server.address() as AddressInfo);
    closeAll(servers);
    expect(port).toBeGreaterThan(0);
    expect(found.map((each) => [each.address, each.port])).toEqual(
      addresses.map((address) => [address, port]),
    );
  });

  it('leaves addresses out that the machine does not have, but for the first', async () => {
    // Documentation addresses (RFC 5737): nobody has them.
    const { servers } = await listenOn(() => createServer(), ['127.0.0.1', '192.0.2.1'], 0);
    closeAll(servers);
    expect(servers).toHaveLength(1);
    const error = await failureOf(listenOn(() => createServer(), ['192.0.2.1'], 0));
    expect(error).toMatchObject({ code: 'config_invalid', cause: { code: 'EADDRNOTAVAIL' } });
  });

  it('says which port cannot be had, and leaves none open', async () => {
    const taken = createTcpServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.2', resolve));
    const { port } = taken.address() as AddressInfo;
    const made: ReturnType<typeof createServer>[] = [];
    const make = () => {
      const server = createServer();
      made.push(server);
      return server;
    };
    const error = await failureOf(listenOn(make, ['127.0.0.1', '127.0.0.2'], port));
    expect(error).toMatchObject({
      code: 'config_invalid',
      message: `serve: cannot listen on 127.0.0.2, port ${port}: EADDRINUSE`,
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(made.map((server) => server.listening)).toEqual([false, false]);
    taken.close();
  });
});
