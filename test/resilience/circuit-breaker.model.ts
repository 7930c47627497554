/** What a permit of the model may become. */
export interface ModelPermit {
  era: number;
  said: 'nothing' | 'success' | 'end';
}

/**
 * The circuit as a reader of the README would build it, in forty lines, for invariant 19.
 *
 * It trips at three failures in a row and has one constant random draw; times are the defaults.
 */
export class CircuitModel {
  state = 'closed';
  log: string[] = [];
  openedFor = 0;
  out = 0;
  #changed = Number.NEGATIVE_INFINITY;
  #probed = 0;
  #inRow = 0;
  #power = 0;
  #era = 0;

  readonly #draw: number;

  constructor(draw: number) {
    this.#draw = draw;
  }

  ask(now: number, last: boolean): ModelPermit | undefined {
    const wait = last ? Math.min(this.openedFor, 5_000) : this.openedFor;
    if (this.state === 'open' && now - this.#changed >= wait) this.#become('half_open', now);
    const share = Math.max(0.1, Math.min(1, (now - this.#changed) / 10_000));
    if (this.state === 'open') return undefined;
    if (this.state === 'closed' && !last && this.#draw >= share) return undefined;
    if (this.state === 'half_open') {
      if (this.out > 0 && !(last && now - this.#probed >= 5_000)) return undefined;
      this.out += 1;
      this.#probed = now;
    }
    return { era: this.#era, said: 'nothing' };
  }

  say(now: number, permit: ModelPermit, verdict: 'succeed' | 'fail' | 'release'): void {
    const first = permit.said === 'nothing';
    if (permit.said === 'end' || (verdict === 'succeed' && !first)) return;
    permit.said = verdict === 'succeed' ? 'success' : 'end';
    if (permit.era !== this.#era) return;
    if (verdict === 'release') this.out -= first && this.state === 'half_open' ? 1 : 0;
    else if (verdict === 'succeed') {
      this.#inRow = 0;
      if (this.state === 'half_open') permit.era = this.#become('closed', now);
    } else if (this.state === 'half_open' || ++this.#inRow >= 3) {
      if (this.state === 'closed' && now - this.#changed >= 10_000) this.#power = 0;
      this.openedFor = Math.min(15_000, 5_000 * 2 ** this.#power++) * (0.8 + 0.4 * this.#draw);
      this.#become('open', now);
    }
  }

  #become(state: string, now: number): number {
    this.log.push(`${this.state} > ${state}`);
    Object.assign(this, { state, out: 0 });
    this.#changed = now;
    this.#inRow = 0;
    return ++this.#era;
  }
}
