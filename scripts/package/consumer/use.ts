/**
 * What a user might write on the first day. Compiled and run as an ES module and as CommonJS, against the package
 * as it is installed from its tarball.
 */
import { isRunestoneError, ProviderPool } from 'runestone';
import { ProviderError } from 'runestone/provider-kit';
import { anthropic } from 'runestone/providers/anthropic';
import { fails, reply, scriptedProvider, startUpstream } from 'runestone/testing';

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

asksAndStreams()
  .then(recognisesErrors)
  .catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
