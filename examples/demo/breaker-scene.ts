/** Scene 4: a breaker opens, probes and closes. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { AttemptRecord, EventOf } from 'runestone';
import { reply } from 'runestone/testing';
import type { Cast } from './cast.ts';
import { duration, type Stage } from './stage.ts';

type Circuit = EventOf<'circuit_breaker.open' | 'circuit_breaker.half_open' | 'circuit_breaker.close'>;

/** Fails the primary until it is left alone, heals it, and shows how it is taken back. */
export async function breakerScene({ pool, primary, backup }: Cast, stage: Stage): Promise<void> {
  await stage.scene('A breaker opens, probes and closes', 'and every request is answered');
  const show = new BreakerShow(stage);
  const stop = [
    pool.on('circuit_breaker.open', (event) => show.hear(event)),
    pool.on('circuit_breaker.half_open', (event) => show.hear(event)),
    pool.on('circuit_breaker.close', (event) => show.hear(event)),
  ];
  const ask = async (): Promise<void> => {
    const messages = [{ role: 'user', content: 'Next, please.' }] as const;
    const { runestone } = await pool.request({ model: 'guarded', messages });
    show.row(runestone.trace.attempts);
    await sleep(90);
  };
  primary.respond(() => reply.status(529));
  backup.respond(() => reply.text('Served.', { firstMs: 10 }));
  show.head();
  for (let n = 0; n < 5; n++) await ask();
  primary.respond(() => reply.text('Served.', { firstMs: 10 }));
  show.aside('the primary recovers; nobody has to tell the pool');
  await sleep(show.openMs);
  for (let n = 0; n < 3; n++) await ask();
  for (const end of stop) end();
}

/** The table of the scene: one row a request, told by its trace and by what the circuit did meanwhile. */
class BreakerShow {
  openMs = 0;
  readonly #stage: Stage;
  #circuit = 'closed';
  #heard: string[] = [];
  #rows = 0;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  hear(event: Circuit): void {
    if (event.name === 'circuit_breaker.open') this.openMs = event.openMs;
    this.#heard.push(this.#paint(event.to, event.name === 'circuit_breaker.open' ? event.openMs : undefined));
    this.#circuit = event.to;
  }

  head(): void {
    this.#stage.note(
      `${'request'.padEnd(10)}${'primary'.padEnd(16)}${'backup'.padEnd(14)}circuit of the primary`,
    );
  }

  row(trace: readonly AttemptRecord[]): void {
    this.#rows += 1;
    const cells = [this.#cell(trace, 'primary', 16), this.#cell(trace, 'backup', 14)];
    const circuit = this.#heard.length > 0 ? this.#heard.join(' → ') : this.#paint(this.#circuit);
    this.#stage.line(`${String(this.#rows).padStart(4).padEnd(10)}${cells.join('')}${circuit}`);
    this.#heard = [];
  }

  aside(text: string): void {
    this.#stage.note(`${'…'.padStart(4).padEnd(10)}${text}`);
  }

  #cell(trace: readonly AttemptRecord[], provider: string, width: number): string {
    const attempt = trace.find((each) => each.provider === provider);
    if (!attempt)
      return this.#stage.paint('dim', (provider === 'primary' ? 'left alone' : 'not needed').padEnd(width));
    const { outcome, status, code } = attempt;
    if (outcome === 'ok') return this.#stage.paint('green', '✓ answers'.padEnd(width));
    return this.#stage.paint('red', `✗ ${status ?? code}`.padEnd(width));
  }

  #paint(state: string, openMs?: number): string {
    const look = state === 'open' ? 'red' : state === 'half_open' ? 'yellow' : 'green';
    const words = openMs === undefined ? state : `opens for ${duration(openMs)}`;
    return this.#stage.paint(look, state === 'half_open' ? 'half-open: one probe' : words);
  }
}
