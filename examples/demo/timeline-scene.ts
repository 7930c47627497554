/** Scene 5: the telemetry of one request as a timeline. */
import { reply } from 'runestone/testing';
import type { Cast } from './cast.ts';
import { money, type Stage } from './stage.ts';
import { drawTimeline, Timeline } from './timeline.ts';

/** A request with everything in it: a 500, a wait, a connection cut short, a failover, an answer. */
export async function timelineScene({ pool, primary, backup }: Cast, stage: Stage): Promise<void> {
  await stage.scene('One request, every step of it', 'drawn from its telemetry events, to scale');
  const late = reply.answer(undefined, { firstMs: 120 });
  primary.script(
    reply.status(500, { firstMs: 90 }),
    reply.cut({ after: 'head', how: 'reset', answer: late }),
  );
  backup.respond(() =>
    reply.text('It took three attempts to bring you this.', { firstMs: 110, delayMs: 30 }),
  );
  const timeline = new Timeline(pool);
  const stream = await pool.streamRequest({
    model: 'eventful',
    messages: [{ role: 'user', content: 'Well?' }],
  });
  const { runestone } = await stream.completion();
  timeline.stop();
  for (const line of drawTimeline(timeline.spans, stage)) stage.line(line);
  stage.line();
  const cost = money(runestone.trace.attempts.at(-1)?.costUsd);
  stage.note(`░ until the first token · ${runestone.attempts} attempts · the answer cost ${cost}`);
}
