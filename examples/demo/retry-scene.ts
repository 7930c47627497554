/** Scene 2: a 529 is retried. */
import { reply } from 'runestone/testing';
import type { Cast } from './cast.ts';
import { narrate } from './narrator.ts';
import { duration, type Stage } from './stage.ts';

/** One overloaded answer, then a good one; the caller sees one answer. */
export async function retryScene({ pool, primary }: Cast, stage: Stage): Promise<void> {
  await stage.scene('A 529 is retried', 'before the first token a second try is invisible');
  primary.script(reply.status(529, { firstMs: 40 }));
  primary.respond(() => reply.text('Here I am, and nobody noticed.', { firstMs: 50, delayMs: 10 }));
  const hush = narrate(pool, stage);
  const answer = await pool.request({ model: 'retried', messages: [{ role: 'user', content: 'Hello?' }] });
  hush();
  stage.line();
  stage.line(`“${answer.choices[0]?.message.content}”`);
  const { attempts, durationMs } = answer.runestone;
  stage.note(`${attempts} attempts, one answer, ${duration(durationMs)}`);
}
