/** Ask a question: the answer, and what it took to get it. */
import { ProviderPool } from 'runestone';
import { anthropic } from 'runestone/providers/anthropic';
import { account } from './support.ts';

const pool = new ProviderPool({ providers: [anthropic(await account())] });

const answer = await pool.request({
  messages: [{ role: 'user', content: 'What is a circuit breaker, in one sentence?' }],
});

console.log(answer.choices[0]?.message.content);

const { provider, model, attempts, usage, costUsd, durationMs } = answer.runestone;
console.log(`
answered by  ${provider}/${model}
attempts     ${attempts}
tokens       ${usage?.inputTokens} in, ${usage?.outputTokens} out
cost         $${costUsd?.toFixed(6) ?? 'unknown'}
time         ${Math.round(durationMs)} ms`);

await pool.close();
