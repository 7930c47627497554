/** Scene 3: a target dies and another takes over. */
import { setTimeout as sleep } from 'node:timers/promises';
import { reply, startUpstream } from 'runestone/testing';
import type { Cast } from './cast.ts';
import { narrate } from './narrator.ts';
import { duration, type Stage } from './stage.ts';

/** Shuts the primary host down while it works on a request, and starts it again afterwards. */
export async function failoverScene(cast: Cast, stage: Stage): Promise<void> {
  const { pool, primary, backup } = cast;
  await stage.scene('A target dies, another takes over', 'for real: its port is closed');
  primary.respond(() => reply.text('You will never read this.', { firstMs: 60_000 }));
  backup.respond(() => reply.text('The primary is gone. I have your answer.', { firstMs: 60, delayMs: 10 }));
  const hush = narrate(pool, stage);
  const asked = pool.request({ model: 'doubled', messages: [{ role: 'user', content: 'Anybody home?' }] });
  while (primary.inFlight === 0) await sleep(1);
  await sleep(80);
  stage.line(`${'primary'.padEnd(10)}${stage.paint('red', '▪ is shut down')} with the request in its hands`);
  await primary.close();
  const answer = await asked;
  hush();
  stage.line();
  stage.line(`“${answer.choices[0]?.message.content}”`);
  const { attempts, durationMs } = answer.runestone;
  stage.note(`${attempts} attempts, one answer, ${duration(durationMs)}`);
  cast.primary = await startUpstream({ port: primary.port });
}
