import { ProviderPool } from 'runestone';
import { anthropic } from 'runestone/providers/anthropic';
import { startUpstream, reply } from 'runestone/testing';

const up = await startUpstream();
up.script(reply.status(529));
const pool = new ProviderPool({ providers: [anthropic({ apiKey: 'sk-test', baseURL: up.url })], retry: { baseDelayMs: 50 } });
pool.on('*', (e) => console.log(e));
const stream = await pool.streamRequest({ messages: [{ role: 'user', content: 'hi' }] });
for await (const t of stream.text()) process.stdout.write(t);
console.log(stream.runestone, pool.stats(), pool.providers());
await pool.close();
await up.close();
