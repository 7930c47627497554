/**
 * Runs in a network of its own (`unshare --net`): asks a host that falls silent, takes the network down at the first
 * content, and says how that ended, as JSON on standard output.
 */
import { execFileSync } from 'node:child_process';
import { isRunestoneError, ProviderPool } from 'runestone';
import { startLab } from 'runestone/testing';
import { questionOf } from './ask.ts';
import { host, models, timeouts } from './stand.ts';
import { warmUp } from './warm-up.ts';

const wire = process.argv[2] === 'openai' ? 'openai' : 'anthropic';
const loopback = (state: 'up' | 'down'): void => void execFileSync('ip', ['link', 'set', 'lo', state]);

loopback('up');
await warmUp();
const lab = await startLab();
const pool = new ProviderPool({
  providers: [host('faulty', wire, lab.baseURL('stall', wire))],
  models: { route: [`faulty/${models[wire]}`] },
  timeouts,
});
const stream = await pool.streamRequest(questionOf('nonce-half', 'stream'));
let text = '';
let ending: unknown = 'a normal end';
const began = performance.now();
try {
  for await (const piece of stream.text()) {
    text += piece;
    loopback('down');
  }
} catch (error) {
  if (!isRunestoneError(error)) throw error;
  ending = {
    code: error.code,
    phase: error.phase,
    committed: error.committed,
    partial: error.partial?.content,
  };
}
console.log(JSON.stringify({ text, ending, tookMs: performance.now() - began }));
process.exit();
