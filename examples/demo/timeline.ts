/** Collects the spans of one request from telemetry, and draws them to scale. */
import type { AnyTelemetryEvent, ProviderPool } from 'runestone';
import { duration, type Look, type Stage } from './stage.ts';

/** Something that took time. */
export interface Span {
  readonly label: string;
  readonly startMs: number;
  endMs: number;
  /** When content began; before it the bar is hollow. */
  firstMs?: number;
  /** A word about how it went. */
  told: string;
  look: Look;
}

const LABEL = 9;
const BAR = 40;

/** Listens to one request and keeps its spans, in order of their beginning. */
export class Timeline {
  readonly spans: Span[] = [];
  /** Ends the subscription. */
  readonly stop: () => void;
  #waiting: Span | undefined;

  constructor(pool: ProviderPool, nowMs: () => number = () => performance.now()) {
    this.stop = pool.on('*', (event) => this.#hear(event, nowMs()));
  }

  #hear(event: AnyTelemetryEvent, now: number): void {
    switch (event.name) {
      case 'request.start':
        this.#open('request', now, 'cyan');
        return;
      case 'provider.request.start':
        this.#endWait(now);
        this.#open(event.provider, now, 'green');
        return;
      case 'provider.stream.first_token':
        this.#last().firstMs = now;
        return;
      case 'provider.request.stop':
        this.#close(this.#last(), now, event.code ?? 'answers', event.code ? 'red' : 'green');
        return;
      case 'retry.scheduled':
        this.#waiting = this.#open('wait', now, 'dim');
        this.#waiting.told = 'full jitter';
        return;
      case 'request.stop':
        this.#close(this.#first(), now, event.outcome, 'cyan');
        return;
    }
  }

  #open(label: string, now: number, look: Look): Span {
    const span: Span = { label, startMs: now, endMs: now, told: '', look };
    this.spans.push(span);
    return span;
  }

  #close(span: Span, now: number, told: string, look: Look): void {
    span.endMs = now;
    span.told = told;
    span.look = look;
  }

  #endWait(now: number): void {
    if (this.#waiting) this.#waiting.endMs = now;
    this.#waiting = undefined;
  }

  #first(): Span {
    return this.spans[0] ?? this.#open('request', 0, 'cyan');
  }

  #last(): Span {
    return this.spans.at(-1) ?? this.#first();
  }
}

/** A line for the axis, then one for each span. */
export function drawTimeline(spans: readonly Span[], stage: Pick<Stage, 'paint'>): string[] {
  const startMs = Math.min(...spans.map((span) => span.startMs));
  const totalMs = Math.max(1, ...spans.map((span) => span.endMs - startMs));
  const column = (ms: number): number => Math.round(((ms - startMs) / totalMs) * BAR);
  const rows = spans.map((span) => {
    const time = duration(span.endMs - span.startMs).padStart(8);
    return `${span.label.padEnd(LABEL)}${bar(span, column, stage)}${time}  ${stage.paint(span.look, span.told)}`;
  });
  return [...axis(totalMs).map((line) => stage.paint('dim', line)), ...rows];
}

function bar(span: Span, column: (ms: number) => number, stage: Pick<Stage, 'paint'>): string {
  const from = Math.min(column(span.startMs), BAR - 1);
  const to = Math.max(column(span.endMs), from + 1);
  const first = span.firstMs === undefined ? from : Math.min(column(span.firstMs), to);
  const waited = span.label === 'wait';
  const ink = `${'░'.repeat(first - from)}${(waited ? '·' : '█').repeat(to - first)}`;
  return `${' '.repeat(from)}${stage.paint(span.look, ink)}${' '.repeat(BAR - to)}`;
}

/** Round numbers at their places, and ticks below them. */
function axis(totalMs: number): [numbers: string, ticks: string] {
  const step = niceStep(totalMs / 4);
  const numbers = new Array<string>(LABEL + BAR + 12).fill(' ');
  const ticks = new Array<string>(LABEL + BAR).fill('─').fill(' ', 0, LABEL);
  for (let ms = 0; ms <= totalMs; ms += step) {
    const at = LABEL + Math.min(Math.round((ms / totalMs) * BAR), BAR - 1);
    ticks[at] = '┬';
    for (const [index, letter] of [...`${ms}${ms === 0 ? ' ms' : ''}`].entries())
      numbers[at + index] = letter;
  }
  return [numbers.join('').trimEnd(), ticks.join('')];
}

/** 1, 2 or 5 times a power of ten, the first that is no smaller. */
export function niceStep(ms: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, ms)));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= ms) ?? power;
}
