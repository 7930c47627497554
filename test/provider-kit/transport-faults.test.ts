import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { isRunestoneError, type ProviderError, verdictOf } from '../../src/errors/index.ts';
import { createTransport } from '../../src/provider-kit/transport.ts';
import type { Transport } from '../../src/provider-kit/wire.ts';
import { failureOf } from '../contexts.ts';
import {
  answer,
  bodyOf,
  CHUNKED,
  chunk,
  closeLoopbacks,
  END,
  type LoopbackOptions,
  post,
  startLoopback,
  turn,
} from './loopback.ts';
import { inOtherProcess } from './other-process.ts';

let client: Transport | undefined;

function transport(): Transport {
  client ??= createTransport({ provider: 'acme' });
  return client;
}

afterEach(async () => {
  await client?.close();
  client = undefined;
  await closeLoopbacks();
});

const OK = 'HTTP/1.1 200 OK\r\n';
/** A host that says it will close the connection afterwards: undici reads its end by other rules. */
const CLOSING = `${OK}connection: close\r\ntransfer-encoding: chunked\r\n\r\n`;

/** Says this, and hangs up a moment later, when it has been read. */
const says =
  (text: string, then: 'fin' | 'rst' | 'hang' = 'hang') =>
  (socket: Socket): void => {
    socket.write(text);
    if (then === 'hang') return;
    setTimeout(() => (then === 'fin' ? socket.end() : socket.resetAndDestroy()), 20);
  };

/** What one request at such a server comes to: text so far, and the error. */
async function ask(
  options: LoopbackOptions,
): Promise<{ head: boolean; text: string; error: ProviderError | undefined; requests: number }> {
  const server = await startLoopback(options);
  let head = false;
  let text = '';
  try {
    const response = await post(transport(), server);
    head = true;
    try {
      for (let read = await response.read(); read; read = await response.read())
        text += Buffer.concat(read).toString();
    } finally {
      response.finish();
    }
    return { head, text, error: undefined, requests: server.requests.length };
  } catch (error) {
    if (!isRunestoneError(error) || error.name !== 'ProviderError') throw error;
    return { head, text, error, requests: server.requests.length };
  }
}

describe('before the head', () => {
  it.each<[string, LoopbackOptions, string]>([
    ['T5: reset at accept', { accept: (socket) => socket.resetAndDestroy() }, 'connection'],
    ['T6: closed at accept', { accept: (socket) => socket.destroy() }, 'connection'],
    ['T9: RST instead of an answer', { serve: (socket) => socket.resetAndDestroy() }, 'connection'],
    ['T10: FIN instead of an answer', { serve: (socket) => socket.end() }, 'connection'],
    ['T15: half a head, FIN', { serve: says(`${OK}content-le`, 'fin') }, 'connection'],
    ['T15: half a head, RST', { serve: says(`${OK}content-le`, 'rst') }, 'connection'],
    ['an interim response, FIN', { serve: says('HTTP/1.1 103 Early Hints\r\n\r\n', 'fin') }, 'connection'],
    ['an uncalled-for 100', { serve: says('HTTP/1.1 100 Continue\r\n\r\n') }, 'connection'],
    [
      'an uncalled-for 101',
      { serve: says('HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n') },
      'connection',
    ],
    ['T16: no HTTP', { serve: says('SSH-2.0-OpenSSH_9.6\r\n') }, 'bad_response'],
    ['T16: no HTTP, FIN', { serve: says('220 mail.example ESMTP\r\n', 'fin') }, 'bad_response'],
    ['T16: a TLS alert', { serve: says('\x15\x03\x01\x00\x02\x02\x46', 'fin') }, 'bad_response'],
    ['T16: a header that is none', { serve: says(`${OK}no colon here\r\n\r\n`) }, 'bad_response'],
    [
      'T17: a head of 64 KiB',
      { serve: says(`${OK}x-big: ${'a'.repeat(64 * 1024)}\r\n\r\n`) },
      'bad_response',
    ],
    [
      'T17: a thousand headers',
      { serve: says(`${OK}${'x-many: 1234567890\r\n'.repeat(2_000)}\r\n`) },
      'bad_response',
    ],
  ])('%s', async (_, options, code) => {
    const { head, error, requests } = await ask(options);
    expect(error?.code).toBe(code);
    expect(head).toBe(false);
    // What a new connection died of is never repeated here: that is for the pool to decide.
    expect(requests).toBeLessThanOrEqual(1);
    expect(error && verdictOf(error).retry).toBe(code === 'connection');
  });

  it('T11: RST while sending', async () => {
    const server = await startLoopback({
      accept: (socket) => socket.once('data', () => socket.resetAndDestroy()),
    });
    const error = await failureOf(post(transport(), server, { body: 'x'.repeat(5 * 1024 * 1024) }));
    expect(error).toMatchObject({ code: 'connection' });
  });

  it('T18: 50 interim responses, then the answer', async () => {
    const flood = 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'.repeat(50);
    expect(await ask({ serve: says(flood + answer('ok')) })).toMatchObject({ text: 'ok', error: undefined });
  });

  it('T19: a 413 during the upload wins', async () => {
    const server = await startLoopback({
      accept: (socket) =>
        socket.once('data', () => {
          socket.pause();
          socket.end(answer('{"error":"too large"}', '413 Payload Too Large', 'connection: close\r\n'));
        }),
    });
    const response = await post(transport(), server, { body: 'x'.repeat(20 * 1024 * 1024) });
    expect(response.status).toBe(413);
    expect(await bodyOf(response)).toBe('{"error":"too large"}');
  });
});

/** Vouches for itself, until the year 2125. */
const CERTIFICATE = 'test/fixtures/tls/localhost-cert.pem';
const tls = { key: readFileSync('test/fixtures/tls/localhost-key.pem'), cert: readFileSync(CERTIFICATE) };

describe('no connection', () => {
  it('T3: a port where nobody listens', async () => {
    const server = await startLoopback({});
    await server.close();
    const error = await failureOf(post(transport(), server));
    expect(error).toMatchObject({
      code: 'connection',
      message: 'acme: connection refused (ECONNREFUSED)',
      retryable: false,
    });
  });

  it('T1: a name that nobody has', async () => {
    const error = await failureOf(post(transport(), { url: 'http://nobody.invalid' }));
    // A machine without any name server answers EAI_AGAIN, which is worth another try.
    expect(error).toMatchObject({ code: 'connection' });
    expect(String(error)).toMatch(/\((ENOTFOUND|EAI_AGAIN)\)$/);
  });

  it('T8: a port that does not speak TLS', async () => {
    const server = await startLoopback({
      accept: (socket) => socket.once('data', () => socket.end(answer('', '400 Bad Request'))),
    });
    const error = await failureOf(post(transport(), { url: `https://127.0.0.1:${server.port}` }));
    expect(error).toMatchObject({ code: 'connection', retryable: false });
    expect(String(error)).toMatch(/TLS failed/);
  });

  it('13, T8: a certificate that nobody vouches for', async () => {
    const server = await startLoopback({ tls });
    const error = await failureOf(post(transport(), server));
    expect(error).toMatchObject({ code: 'connection', retryable: false });
    expect(String(error)).toMatch(/TLS failed \(DEPTH_ZERO_SELF_SIGNED_CERT\)/);
    expect(server.requests).toEqual([]);
  });
});

describe('in the body', () => {
  it.each<[string, LoopbackOptions['serve'], string, string]>([
    ['T20: RST after the head', says(CHUNKED, 'rst'), '', 'connection'],
    ['T21: FIN after the head', says(CHUNKED, 'fin'), '', 'stream_truncated'],
    ['T21: FIN after the head, announced', says(CLOSING, 'fin'), '', 'stream_truncated'],
    ['T33: RST', says(CHUNKED + chunk('abc'), 'rst'), 'abc', 'connection'],
    ['T34: FIN', says(CHUNKED + chunk('abc'), 'fin'), 'abc', 'stream_truncated'],
    ['T34: FIN, announced', says(CLOSING + chunk('abc'), 'fin'), 'abc', 'stream_truncated'],
    ['T31: FIN inside a chunk', says(`${CHUNKED}ff\r\nabc`, 'fin'), 'abc', 'stream_truncated'],
    ['T45: less than announced', says(`${OK}content-length: 9\r\n\r\nabc`, 'fin'), 'abc', 'stream_truncated'],
    [
      'T45: less than announced, HTTP/1.0',
      says('HTTP/1.0 200 OK\r\ncontent-length: 9\r\n\r\nabc', 'fin'),
      'abc',
      'stream_truncated',
    ],
    ['T47: a chunk size that is no number', says(`${CHUNKED}${chunk('abc')}zz\r\n`), 'abc', 'bad_response'],
    ['T47: the same, announced to close', says(`${CLOSING}${chunk('abc')}zz\r\n`), 'abc', 'bad_response'],
  ])('%s', async (_, serve, text, code) => {
    const outcome = await ask({ ...(serve && { serve }) });
    expect(outcome).toMatchObject({ head: true, text, requests: 1 });
    expect(outcome.error?.code).toBe(code);
  });

  it.each<[string, LoopbackOptions['serve']]>([
    ['T35: no framing, ended by the connection', says(`${OK}\r\nabc`, 'fin')],
    ['T48: trailers', says(`${CHUNKED}${chunk('abc')}0\r\nx-checksum: 1\r\n\r\n`)],
    ['chunk extensions', says(`${CHUNKED}3;name=value\r\nabc\r\n${END}`)],
    [
      'T44: a byte at a time',
      (socket) => {
        const text = CHUNKED + chunk('abc') + END;
        let at = 0;
        const timer = setInterval(() => {
          socket.write(text[at++] ?? '');
          if (at === text.length) clearInterval(timer);
        }, 1);
      },
    ],
  ])('is complete with %s', async (_, serve) => {
    expect(await ask({ ...(serve && { serve }) })).toMatchObject({ text: 'abc', error: undefined });
  });

  it('T46: surplus bytes answer no other request', async () => {
    const server = await startLoopback({
      serve: (socket, { nth }) =>
        socket.write(nth === 1 ? answer('one') + answer('planted') : answer(`${nth}`)),
    });
    const bodies: string[] = [];
    for (let nth = 0; nth < 5; nth++) bodies.push(await bodyOf(await post(transport(), server)));
    expect(bodies).toEqual(['one', '2', '3', '4', '5']);
  });
});

describe('T25: kept connections', () => {
  it.each<[string, (socket: Socket) => void]>([
    ['a FIN right after', (socket) => socket.end()],
    ['a RST right after', (socket) => socket.resetAndDestroy()],
    ['a FIN one turn later', (socket) => setImmediate(() => socket.destroy())],
    ['a RST one turn later', (socket) => setImmediate(() => socket.resetAndDestroy())],
    ['a FIN a moment later', (socket) => setTimeout(() => socket.destroy(), 1)],
    ['a RST a moment later', (socket) => setTimeout(() => socket.resetAndDestroy(), 1)],
  ])('200 requests all succeed at a host that leaves each connection with %s', async (how, leave) => {
    const server = await startLoopback({
      serve: (socket, { nth }) => {
        const text = answer(`${nth}`);
        // A RST takes what is not yet read with it, so it must wait until this is out.
        if (how.startsWith('a RST')) socket.write(text, () => setImmediate(() => leave(socket)));
        else {
          socket.write(text);
          leave(socket);
        }
      },
    });
    for (let nth = 0; nth < 200; nth++) {
      const response = await post(transport(), server);
      expect(response.status).toBe(200);
      await bodyOf(response);
      response.finish();
      await turn();
    }
    expect(server.requests.length).toBeGreaterThanOrEqual(200);
  });

  /** Answers the first request of a connection; the second is its death. */
  const mortal =
    (die: (socket: Socket) => void) =>
    (socket: Socket, { nthOfConnection }: { nthOfConnection: number }): void => {
      if (nthOfConnection === 1) socket.write(answer('ok'));
      else die(socket);
    };

  it.each<[string, (socket: Socket) => void]>([
    ['FIN', (socket) => socket.destroy()],
    ['RST', (socket) => socket.resetAndDestroy()],
  ])('a request on one that dies of a %s is sent once more', async (_, die) => {
    const server = await startLoopback({ serve: mortal(die) });
    await bodyOf(await post(transport(), server));
    await turn();
    expect(await bodyOf(await post(transport(), server, { body: '{"same":1}' }))).toBe('ok');
    expect(server.requests.map(({ body }) => body)).toEqual(['{}', '{"same":1}', '{"same":1}']);
    expect(server.accepted).toBe(2);
  });

  it('is sent once more over a connection of its own, for the other kept ones may be dead too', async () => {
    const server = await startLoopback({ serve: mortal((socket) => socket.resetAndDestroy()) });
    const both = [post(transport(), server), post(transport(), server)];
    await Promise.all(both.map(async (each) => bodyOf(await each)));
    expect(server.accepted).toBe(2);
    await turn();
    for (let nth = 0; nth < 6; nth++) {
      expect(await bodyOf(await post(transport(), server))).toBe('ok');
      await turn();
    }
  });

  it('over TLS too, where its bytes are counted after decryption', async () => {
    const server = await startLoopback({ tls, serve: mortal((socket) => socket.destroy()) });
    const stdout = await inOtherProcess(
      `
      const transport = createTransport({ provider: 'acme' });
      for (let nth = 0; nth < 3; nth++) {
        const response = await transport.send({ url, method: 'GET', headers: {}, signal });
        while (await response.read());
        await new Promise(setImmediate);
        console.log(response.status);
      }
      await transport.close();`,
      server,
      { NODE_EXTRA_CA_CERTS: resolve(CERTIFICATE) },
    );
    expect(stdout.trim().split('\n')).toEqual(['200', '200', '200']);
    expect(server.accepted).toBe(3);
    expect(server.requests).toHaveLength(4);
  });

  it('but once only', async () => {
    const server = await startLoopback({
      serve: (socket, { nth }) => (nth === 1 ? socket.write(answer('ok')) : socket.destroy()),
    });
    await bodyOf(await post(transport(), server));
    await turn();
    const error = await failureOf(post(transport(), server));
    expect(error).toMatchObject({ name: 'ProviderError', code: 'connection' });
    expect(server.requests).toHaveLength(3);
  });

  it.each<[string, (socket: Socket) => void]>([
    ['half a head', says(`${OK}content-le`, 'fin')],
    ['an interim response', says('HTTP/1.1 103 Early Hints\r\n\r\n', 'rst')],
    ['a head', says(CHUNKED, 'fin')],
  ])('and not at all when it died after %s', async (_, die) => {
    const server = await startLoopback({ serve: mortal(die) });
    await bodyOf(await post(transport(), server));
    await turn();
    const outcome = await failureOf(post(transport(), server).then(bodyOf));
    expect(isRunestoneError(outcome)).toBe(true);
    expect(server.requests).toHaveLength(2);
  });

  it('nor when the signal fired meanwhile', async () => {
    const controller = new AbortController();
    const server = await startLoopback({
      serve: mortal((socket) => {
        controller.abort(new Error('left'));
        socket.destroy();
      }),
    });
    await bodyOf(await post(transport(), server));
    await turn();
    await expect(post(transport(), server, { signal: controller.signal })).rejects.toThrow('left');
    await turn();
    expect(server.requests).toHaveLength(2);
  });
});
