/**
 * What a user might write on the first day. Compiled and run as an ES module and as CommonJS, against the package
 * as it is installed from its tarball.
 */
import { createServer, get } from 'node:http';
import { isRunestoneError, ProviderPool } from 'runestone';
import { bearerKeys, createHandler } from 'runestone/http';
import { serve, toNodeListener } from 'runestone/node';
import { ProviderError } from 'runestone/provider-kit';
import { anthropic } from 'runestone/providers/anthropic';
import { fails, replies, reply, scriptedProvider, startUpstream } from 'runestone/testing';

const messages = [{ role: 'user' as const, content: 'Hello' }];

function check(claim: boolean, what: string): void {
  if (!claim) throw new Error(`not so: ${what}`);
}

async function asksAndStreams(): Promise<void> {
  const upstream = await startUpstream();
  const pool = new ProviderPool({ providers: [anthropic({ apiKey: 'k', baseURL: upstream.url })] });
  let stops = 0;
  pool.on('request.stop', ({ outcome }) => {
    if (outcome === 'ok') stops++;
  });
  upstream.script(reply.text('Good day.'), reply.text('Good night.'));

  const answer = await pool.request({ messages });
  check(answer.choices[0]?.message.content === 'Good day.', 'a request is answered');
  check(answer.runestone.provider === 'anthropic', 'the answer says who gave it');

  let text = '';
  for await (const chunk of await pool.streamRequest({ messages }))
    text += chunk.choices[0]?.delta.content ?? '';
  check(text === 'Good night.', 'a stream is answered');
  check(stops === 2, 'listeners hear');

  await pool.close();
  await upstream.close();
}

async function recognisesErrors(): Promise<void> {
  const made = new ProviderError({ provider: 'x', code: 'timeout', message: 'too slow' });
  check(isRunestoneError(made), "the root recognises the kit's errors");

  const pool = new ProviderPool({ providers: [scriptedProvider('flaky', [fails('authentication')])] });
  const error: unknown = await pool.request({ messages }).catch((thrown: unknown) => thrown);
  if (!isRunestoneError(error)) throw error;
  check(error.code === 'authentication', 'codes narrow and survive');
  await pool.close();
}

/** Over HTTP, and as far as a WebSocket goes without a client for it. */
async function serves(): Promise<void> {
  const pool = new ProviderPool({ providers: [scriptedProvider('a', [replies('Good day.')])] });
  const authorize = bearerKeys({ sesame: { tenant: 'acme' } });
  const server = await serve(pool, { port: 0, authorize });
  const headers = { authorization: 'Bearer sesame', 'content-type': 'application/json' };
  const url = `${server.url}/v1/chat/completions`;
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ messages }) });
  check(JSON.stringify(await answer.json()).includes('Good day.'), 'the server answers');
  check((await fetch(url, { method: 'POST' })).status === 401, 'strangers are turned away');
  const upgrade = { ...headers, connection: 'Upgrade', upgrade: 'websocket' };
  const key = { 'sec-websocket-version': '13', 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' };
  const accept = await new Promise<unknown>((resolve, reject) => {
    const asking = get(`${server.url}/socket`, { headers: { ...upgrade, ...key } });
    asking.on('error', reject);
    asking.on('upgrade', (response, socket) => {
      socket.destroy();
      resolve(response.headers['sec-websocket-accept']);
    });
  });
  check(accept === 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=', 'the WebSocket opens');
  await server.close();
  createServer(toNodeListener(createHandler(pool, { authorize }))).close();
  check((await pool.clientOptions().fetch('http://any/v1/models')).status === 200, 'the pool is a fetch');
  await pool.close();
}

asksAndStreams()
  .then(recognisesErrors)
  .then(serves)
  .catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
