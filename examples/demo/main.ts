/**
 * The demo, `npm run demo`: what a pool does for you, in ten seconds and without a key.
 *
 * Two HTTP servers on this machine speak Anthropic's wire and misbehave on cue. With `ANTHROPIC_API_KEY` set, the
 * first answer is Claude's own.
 */
import { breakerScene } from './breaker-scene.ts';
import { dismiss, gather } from './cast.ts';
import { failoverScene } from './failover-scene.ts';
import { ledgerScene } from './ledger-scene.ts';
import { retryScene } from './retry-scene.ts';
import { duration, Stage } from './stage.ts';
import { streamScene } from './stream-scene.ts';
import { timelineScene } from './timeline-scene.ts';

const colour = process.stdout.isTTY === true && !process.env['NO_COLOR'];
const stage = new Stage(process.stdout, colour);
const cast = await gather(process.env);

try {
  stage.title('runestone', 'one pool for every language model call');
  for (const { name } of cast.pool.providers()) {
    const health = await cast.pool.checkHealth(name);
    const latency = health.status === 'unknown' ? '' : ` in ${duration(health.latencyMs)}`;
    stage.note(`${name.padEnd(10)}${health.status}${latency}`);
  }
  await streamScene(cast, stage);
  await retryScene(cast, stage);
  await failoverScene(cast, stage);
  await breakerScene(cast, stage);
  await timelineScene(cast, stage);
  await ledgerScene(cast, stage);
  stage.line();
  stage.line(
    `Next: ${stage.paint('cyan', 'examples/01-ask.ts')}, a page of code that does the same for you.`,
  );
  stage.line();
} finally {
  await dismiss(cast);
}
