/** Hear what the pool does: one event, one provider's events, or all of them. None carries prompt or answer. */
import { ProviderPool } from 'runestone';
import { anthropic } from 'runestone/providers/anthropic';
import { reply, startUpstream } from 'runestone/testing';

const upstream = await startUpstream({ background: true });
upstream.script(reply.status(529));

const pool = new ProviderPool({
  providers: [anthropic({ apiKey: 'no-key-needed', baseURL: upstream.url })],
  retry: { baseDelayMs: 50 },
});

// Everything, for a log. Chunks are many, and are only told because somebody listens.
let chunks = 0;
pool.on('*', ({ name }) => {
  if (name === 'provider.stream.chunk') chunks += 1;
  else console.log(`event   ${name}`);
});

// One event, for a metric. The names of the fields are checked by the compiler.
pool.on('provider.request.stop', ({ target, outcome, ttftMs, code }) => {
  console.log(`metric  ${target} ${outcome} ${code ?? `ttft ${Math.round(ttftMs ?? 0)} ms`}`);
});

// One provider only, for an alarm.
pool.on('provider.anthropic.error', ({ code, status, retryable }) => {
  console.log(`alarm   anthropic ${code} (${status})${retryable ? ', will be tried again' : ''}`);
});

await pool.request({ messages: [{ role: 'user', content: 'Hello' }] });

const { requests, errorRate, retries, costUsd } = pool.stats().total;
console.log(`\nchunks  ${chunks}`);
console.log(
  `stats   ${requests} attempts, error rate ${errorRate}, ${retries} retry, $${costUsd.toFixed(6)}`,
);
console.log('health ', pool.health());

await pool.close();
