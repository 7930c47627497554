import { table } from '../table.ts';
import type { Finding } from './finding.ts';
import type { Scorecard } from './scorecard.ts';
import type { Trial } from './try-route.ts';

/** All that the doctor found. */
export interface Diagnosis {
  /** Nothing failed. Warnings, and trials that ended in a typed error, fail nothing. */
  readonly ok: boolean;
  readonly version: string;
  readonly checks: readonly Finding[];
  /** Absent where no pool could be made. */
  readonly routes?: Scorecard;
}

/** A diagnosis for people. */
export function printDiagnosis({ checks, routes }: Diagnosis): string {
  const found = table(
    ['check', 'state', ''],
    checks.map(({ check, state, message }) => [check, state, message]),
  );
  const remedies = checks.flatMap(({ check, remedy }) => (remedy ? [`${check}: ${remedy}\n`] : []));
  return [
    found,
    ...(remedies.length > 0 ? ['\n', ...remedies] : []),
    ...(routes ? printRoutes(routes) : []),
  ].join('');
}

/** A row for each trial; a person looks for the ones that are not answers, and for the long waits. */
function printRoutes({ trials, gains, passed, total, answered, notTried }: Scorecard): readonly string[] {
  const rows = trials.map((trial) => [
    trial.route,
    trial.fault,
    endOf(trial),
    `${(trial.waitedMs / 1_000).toFixed(1)} s`,
  ]);
  const told = total - answered - (total - passed);
  return [
    '\n',
    table(['route', 'when a host gives', 'its caller gets', 'after'], rows),
    `\npassed ${passed} of ${total}: ${answered} answered, ${told} ended in a typed error\n`,
    ...(notTried > 0 ? [`${notTried} not tried, for want of time; -m <model> tries one route\n`] : []),
    ...gainLines(gains),
  ];
}

/** What several routes have in common is said once. */
function gainLines(gains: Scorecard['gains']): readonly string[] {
  const messages = [...new Set(gains.map(({ message }) => message))];
  return messages.map((message) => {
    const routes = gains.filter((gain) => gain.message === message).map(({ route }) => route);
    return `to gain: ${routes.join(', ')}: ${message}\n`;
  });
}

function endOf({ ended, target, code, message }: Trial): string {
  if (ended === 'answered') return `the answer, by ${target}`;
  if (ended === 'error') return `an error: ${code}${code === 'failover_exhausted' ? ` (${message})` : ''}`;
  return `FAILED: ${code === undefined ? '' : `${code}: `}${message}`;
}
