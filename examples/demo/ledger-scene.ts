/** Scene 6: what every provider did, and what it cost. */
import type { PoolStats, ProviderInfo, StatsRow, TargetInfo } from 'runestone';
import type { Cast } from './cast.ts';
import { duration, type Look, money, type Stage } from './stage.ts';

/** Shows the pool's own count of everything that happened before. */
export async function ledgerScene({ pool }: Cast, stage: Stage): Promise<void> {
  await stage.scene('The ledger', 'tokens, time and money of every attempt, failed ones too');
  for (const line of ledger(pool.stats(), pool.providers(), stage)) stage.line(line);
}

/** One line for each target that was used, in the order of the providers, and one for all together. */
export function ledger(
  stats: PoolStats,
  providers: readonly ProviderInfo[],
  stage: Pick<Stage, 'paint'>,
): string[] {
  const targets = providers.flatMap((provider) =>
    provider.targets.flatMap(({ target, circuit }) => {
      const counts = stats.targets[target];
      if (!counts) return [];
      const [state, look] = counts.errorRate === 1 && circuit === 'closed' ? failing : states[circuit];
      return [stage.paint(look, '● ') + row(target, state, counts)];
    }),
  );
  const head = ['target', 'state', 'tries', 'fails', 'tokens', 'TTFT', 'cost'];
  return [
    stage.paint('dim', `  ${cells(head)}`),
    ...targets,
    stage.paint('bold', `  ${row('together', '', stats.total)}`),
    '',
    stage.paint('dim', '  list prices; ≥ where an attempt died before it could say what it had used'),
  ];
}

type State = readonly [word: string, look: Look];

/** Too few failures for the circuit to open, but nothing else so far. */
const failing: State = ['failing', 'yellow'];

const states: Readonly<Record<TargetInfo['circuit'], State>> = {
  closed: ['healthy', 'green'],
  half_open: ['probing', 'yellow'],
  open: ['open', 'red'],
};

function row(label: string, state: string, counts: StatsRow): string {
  const { requests, errors, tokens, ttftMs, costUsd, unpriced } = counts;
  const cost = unpriced > 0 && costUsd === 0 ? 'unknown' : `${unpriced > 0 ? '≥' : ''}${money(costUsd)}`;
  return cells([
    label,
    state,
    String(requests),
    String(errors),
    `${count(tokens.inputTokens)}/${count(tokens.outputTokens)}`,
    duration(ttftMs.p50),
    cost,
  ]);
}

/** `940`, `3.0k`: a column has room for a million tokens. */
function count(tokens: number): string {
  return tokens < 1_000 ? String(tokens) : `${(tokens / 1_000).toFixed(1)}k`;
}

/** Names to the left, numbers to the right. */
function cells(texts: readonly string[]): string {
  const widths = [26, 8, -6, -6, -9, -7, -11];
  return texts
    .map((text, index) => {
      const width = widths[index] ?? 0;
      return width < 0 ? text.padStart(-width) : text.padEnd(width);
    })
    .join('');
}
