import { createServer } from 'node:http';
import { describe, expect, it, vi } from 'vitest';
import { doorkeeper } from '../../src/http/doorkeeper.ts';
import { admitUpgrade, ignoreUpgrade, isWebSocket } from '../../src/node/node-upgrade.ts';
import { postOf, say } from './raw.ts';
import { type Listening, opened } from './servers.ts';
import { upgradeOf } from './sockets.ts';

/** A server that says whom it would let in. */
async function gate(
  authorize: ((visitor: { url: string; headers: Headers }) => object | boolean) | undefined,
  origins: readonly string[] = [],
): Promise<Listening> {
  const enter = doorkeeper<object>(authorize ? { authorize } : {});
  const server = createServer();
  server.on('upgrade', async (message, socket) => {
    const entry = await admitUpgrade(message, socket, enter, origins);
    if (entry) socket.end(`in ${JSON.stringify(entry.call ?? null)}`);
  });
  return opened(server);
}

describe('admitUpgrade (faults 5.27)', () => {
  it('lets a program in, on whose behalf it comes', async () => {
    const authorize = vi.fn(({ headers }: { headers: Headers }) => ({ tenant: headers.get('x-me') ?? '' }));
    await using it = await gate(authorize);
    expect((await say(it.port, upgradeOf('/socket?a=b', 'x-me: acme\r\n'))).text).toBe(
      'in {"tenant":"acme"}',
    );
    expect(authorize.mock.calls[0]?.[0]).toMatchObject({ method: 'GET', url: 'http://localhost/socket?a=b' });
  });

  it.each<readonly [string, readonly string[], boolean]>([
    ['', [], true],
    ['origin: https://app.example\r\n', ['https://app.example'], true],
    ['origin: https://app.example\r\n', [], false],
    ['origin: https://app.example.evil\r\n', ['https://app.example'], false],
    ['origin: http://app.example\r\n', ['https://app.example'], false],
    ['origin: https://app.example:8443\r\n', ['https://app.example'], false],
    ['origin: http://localhost\r\n', [], false],
    ['origin: null\r\n', ['https://app.example'], false],
    ['origin: null\r\n', ['null'], true],
    ['origin:\r\n', ['https://app.example'], false],
  ])('%j with %o: %s', async (headers, origins, isIn) => {
    const authorize = vi.fn(() => true);
    await using it = await gate(authorize, origins);
    const { text, statuses } = await say(it.port, upgradeOf('/socket', headers));
    if (isIn) expect(text).toBe('in null');
    else {
      expect(statuses).toEqual([403]);
      expect(text).toContain('origin_not_allowed');
      expect(authorize).not.toHaveBeenCalled();
    }
  });

  it('turns strangers away with the body of the brief, and no socket', async () => {
    await using it = await gate(() => false);
    const { statuses, text, closed } = await say(it.port, upgradeOf());
    expect([statuses, closed]).toEqual([[401], true]);
    expect(text).toContain('www-authenticate: Bearer\r\n');
    expect(text.split('\r\n\r\n')[1]).toBe(
      '{"error":{"type":"invalid_request_error","message":"Invalid API key","code":"invalid_api_key"}}',
    );
  });

  it('guards the machine’s own names where nobody is asked to authorize', async () => {
    await using it = await gate(undefined);
    const rebound = upgradeOf().replace('host: localhost', 'host: evil.example');
    expect((await say(it.port, rebound)).statuses).toEqual([403]);
    expect((await say(it.port, upgradeOf())).text).toBe('in null');
  });

  it.each([
    ['/', 404],
    ['/socket/x', 404],
    ['/v1/socket', 404],
    ['//evil.example/socket', 404],
    ['http://evil.example/socket', 400],
  ])('%s is %i', async (path, status) => {
    await using it = await gate(() => true);
    expect((await say(it.port, upgradeOf(path))).statuses).toEqual([status]);
  });

  it('lives through a client that leaves while it is asked about', async () => {
    let letIn: (permission: boolean) => void = () => undefined;
    const enter = doorkeeper<object>({
      authorize: () =>
        new Promise<boolean>((resolve) => {
          letIn = resolve;
        }),
    });
    const server = createServer();
    const decided = vi.fn();
    server.on('upgrade', async (message, socket) =>
      decided(await admitUpgrade(message, socket, enter, []), socket),
    );
    await using it = await opened(server);
    void say(it.port, upgradeOf(), { withinMs: 20 });
    await new Promise((resolve) => setTimeout(resolve, 60));
    letIn(false);
    await vi.waitFor(() => expect(decided).toHaveBeenCalled());
  });
});

describe('isWebSocket', () => {
  it.each([
    ['websocket', true],
    ['WebSocket', true],
    ['h2c', false],
    [undefined, false],
  ])('%s: %s', (upgrade, answer) => {
    expect(isWebSocket({ headers: { upgrade } } as never)).toBe(answer);
  });
});

// Later lines are told which upgrades there are, and ask nobody else.
describe.skipIf(Number.parseInt(process.versions.node, 10) > 24)('ignoreUpgrade', () => {
  const offer = 'connection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAAQAAP__\r\n';

  async function ignoring() {
    const seen = vi.fn();
    const server = createServer(async (message, out) => {
      let body = '';
      message.setEncoding('utf8');
      for await (const chunk of message) body += chunk;
      seen(message.headers);
      out.end(`${message.method} ${message.url} ${body}`);
    });
    server.on('upgrade', (message, socket, head) => ignoreUpgrade(server, message, socket, head));
    return { ...(await opened(server)), seen };
  }

  it('answers as if nothing had been offered, also a body that comes later', async () => {
    await using it = await ignoring();
    const text = postOf('/a?b=c', { a: 'é' }, `${offer}x-mine: 1\r\n`);
    for (const pieces of [[text], [text.slice(0, -3), text.slice(-3)]]) {
      const { text: answer } = await say(it.port, pieces, { withinMs: 300, gapMs: 20 });
      expect(Buffer.from(answer, 'latin1').toString()).toContain('POST /a?b=c {"a":"é"}');
    }
    const [headers] = it.seen.mock.calls[0] ?? [];
    expect(headers).toMatchObject({ host: 'localhost', 'x-mine': '1', 'content-type': 'application/json' });
    expect(Object.keys(headers)).not.toContain('upgrade');
  });

  it('keeps the connection for the next request', async () => {
    await using it = await ignoring();
    const text = postOf('/', 'one', offer);
    expect((await say(it.port, [text, text], { withinMs: 400, gapMs: 60 })).statuses).toEqual([200, 200]);
  });
});
