import type { PoolStats, StatsRow } from '../index.ts';

/** What of a pool is read. */
export interface PrometheusPool {
  stats(): PoolStats;
}

/** How metrics are called. */
export interface PrometheusOptions {
  /** In front of every name. @default 'runestone' */
  readonly prefix?: string;
}

/** One metric of a target: `undefined` leaves the line out, since unknown is not 0. */
interface Metric {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  readonly lines: (row: StatsRow & { readonly circuit: string }) => readonly Sample[];
}

type Sample = readonly [value: number | undefined, labels?: Readonly<Record<string, string>>];

const CIRCUITS = ['closed', 'open', 'half_open'] as const;

const METRICS: readonly Metric[] = [
  counter('attempts_total', 'Attempts that left the process and have ended.', ({ requests }) => requests),
  counter('errors_total', 'Attempts that failed.', ({ errors }) => errors),
  counter('cancelled_total', 'Attempts that their caller ended.', ({ cancelled }) => cancelled),
  counter('retries_total', 'Further attempts at the same target.', ({ retries }) => retries),
  counter('cost_usd_total', 'US dollars of attempts whose cost is known.', ({ costUsd }) => costUsd),
  counter('unpriced_total', 'Attempts whose cost is not known.', ({ unpriced }) => unpriced),
  {
    name: 'tokens_total',
    type: 'counter',
    help: 'Tokens, each counted in one bucket.',
    lines: ({ tokens }) =>
      Object.entries(tokens).map(([bucket, count]) => [count, { bucket: snake(bucket) }]),
  },
  gauge('in_flight', 'Attempts under way.', ({ inFlight }) => [[inFlight]]),
  gauge('circuit', '1 for the state the circuit is in, 0 for the others.', ({ circuit }) =>
    CIRCUITS.map((state) => [circuit === state ? 1 : 0, { state }]),
  ),
  gauge('latency_seconds', 'Duration of attempts that succeeded, since the start.', ({ latencyMs }) =>
    quantiles(latencyMs),
  ),
  gauge('ttft_seconds', 'Time to the first content, since the start.', ({ ttftMs }) => quantiles(ttftMs)),
];

/**
 * The counts of a pool in Prometheus' text format, for the body of `GET /metrics` (`text/plain; version=0.0.4`).
 *
 * Quantiles are those of `stats()`: gauges of this process, which cannot be added up over several.
 *
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function prometheusText(pool: PrometheusPool, options: PrometheusOptions = {}): string {
  const { prefix = 'runestone' } = options;
  const { targets, limits } = pool.stats();
  const rows = Object.entries(targets);
  const metrics = METRICS.map(({ name, type, help, lines }) => {
    const samples = rows.flatMap(([target, row]) =>
      lines(row).map(([value, labels]) => line(`${prefix}_${name}`, { target, ...labels }, value)),
    );
    return head(`${prefix}_${name}`, type, help) + samples.join('');
  });
  const waiting = `${prefix}_limiter_waiting`;
  return `${metrics.join('')}${head(waiting, 'gauge', 'Requests and attempts that wait for a limit.')}${line(waiting, {}, limits.waiting)}`;
}

function counter(name: string, help: string, countOf: (row: StatsRow) => number): Metric {
  return { name, type: 'counter', help, lines: (row) => [[countOf(row)]] };
}

function gauge(name: string, help: string, lines: Metric['lines']): Metric {
  return { name, type: 'gauge', help, lines };
}

function quantiles(of: StatsRow['latencyMs']): Sample[] {
  const seconds = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : ms / 1_000);
  return [
    [seconds(of.p50), { quantile: '0.5' }],
    [seconds(of.p95), { quantile: '0.95' }],
    [seconds(of.p99), { quantile: '0.99' }],
  ];
}

function head(name: string, type: string, help: string): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
}

function line(name: string, labels: Readonly<Record<string, string>>, value: number | undefined): string {
  if (value === undefined) return '';
  const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text)}"`);
  return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}\n`;
}

/** Names of models and providers are the user's: a quote or a line end in one must not forge a line. */
function escaped(text: string): string {
  return text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
}

function snake(bucket: string): string {
  return bucket.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
