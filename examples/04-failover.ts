/** Two places that can answer. One is overloaded, so the other does; if all fail, you learn why of each. */
import { isRunestoneError, ProviderPool } from 'runestone';
import { anthropic } from 'runestone/providers/anthropic';
import { reply, startUpstream } from 'runestone/testing';
import { localAccount } from './support.ts';

const busy = await startUpstream({ background: true, respond: () => reply.status(529) });

const pool = new ProviderPool({
  providers: [
    anthropic({ name: 'primary', apiKey: 'no-key-needed', baseURL: busy.url }),
    anthropic({ name: 'backup', ...(await localAccount()) }),
  ],
  models: {
    smart: ['primary/claude-opus-5-5', 'backup/claude-sonnet-5-5'],
    doomed: ['primary/claude-opus-5-5', 'primary/claude-haiku-5-5'],
  },
  retry: { baseDelayMs: 50 },
});
const messages = [{ role: 'user', content: 'Are you there?' }] as const;

const answer = await pool.request({ model: 'smart', messages });
console.log(answer.choices[0]?.message.content);
for (const { attempt, provider, outcome, code } of answer.runestone.trace.attempts) {
  console.log(`  attempt ${attempt}  ${provider.padEnd(8)} ${code ?? outcome}`);
}

try {
  await pool.request({ model: 'doomed', messages });
} catch (error) {
  if (!isRunestoneError(error)) throw error;
  console.log(`\n${error.code}: ${error.message}`);
  if (error.code === 'failover_exhausted') {
    for (const each of error.errors)
      console.log(`  ${each.provider}/${each.model}  ${each.code}, status ${each.status}`);
  }
}

await pool.close();
