/** Scene 1: an answer streams in. */
import { reply } from 'runestone/testing';
import type { Cast } from './cast.ts';
import { duration, money, type Stage } from './stage.ts';

const QUESTION = 'In two sentences: why put a pool between an app and its language models?';
const ANSWER =
  'Because models slow down, go away and run out of quota, and the people who use your app should not be the ' +
  'ones who find out. A pool tries again where that helps, goes elsewhere where it does not, and tells you what ' +
  'every answer took and what it cost.';

/** Streams one answer, the real one when there is a key. */
export async function streamScene({ pool, real, primary }: Cast, stage: Stage): Promise<void> {
  await stage.scene('An answer streams in', real ? 'from the real API' : 'from a host on this machine');
  primary.respond(() => reply.text(ANSWER, { firstMs: 60, delayMs: 26 }));
  stage.note(QUESTION);
  stage.line();
  const stream = await pool.streamRequest({
    model: 'hello',
    messages: [{ role: 'user', content: QUESTION }],
    max_completion_tokens: 300,
  });
  await stage.flow(stream.text());
  stage.line();
  const { provider, model, trace, usage, ttftMs, durationMs, costUsd } = stream.runestone;
  stage.line(stage.paint('green', `✓ ${provider}/${model}`));
  if (real && provider !== 'claude') {
    stage.note(`the real API did not answer (${trace.attempts[0]?.code}), so a host on this machine did`);
  }
  const tokens = `${usage?.inputTokens ?? '?'} tokens in, ${usage?.outputTokens ?? '?'} out`;
  stage.note(`${tokens} · first token ${duration(ttftMs)} · ${duration(durationMs)} · ${money(costUsd)}`);
}
