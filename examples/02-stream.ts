/** Stream an answer, and stop listening when you have read enough. */
import { ProviderPool } from 'runestone';
import { anthropic } from 'runestone/providers/anthropic';
import { account } from './support.ts';

const pool = new ProviderPool({ providers: [anthropic(await account())] });
const messages = [{ role: 'user', content: 'Name three good reasons to stream answers.' }] as const;

// OpenAI chunks, one for each piece of text. The same stream also folds itself.
const stream = await pool.streamRequest({ messages });
for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta.content ?? '');
const { usage, choices } = await stream.completion();
console.log(`\n\n${usage?.completion_tokens} tokens, finish_reason ${choices[0]?.finish_reason}`);

// Text alone. Leaving the loop ends the request upstream: nothing is paid for that nobody reads.
let read = '';
for await (const text of (await pool.streamRequest({ messages })).text()) {
  read += text;
  if (read.length > 20) break;
}
console.log(`read ${read.length} characters of a second answer, then left`);

await pool.close();
