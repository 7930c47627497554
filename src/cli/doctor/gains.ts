import type { ExplainedTarget } from '../../index.ts';
import type { Trial } from './try-route.ts';
import type { UserOptions } from './user-hosts.ts';

/** A change that would have ended trials better. */
export interface Gain {
  readonly route: string;
  readonly message: string;
}

/** A route and its targets, in order. */
export interface RoutePlan {
  readonly name: string;
  readonly targets: readonly Pick<ExplainedTarget, 'target' | 'provider'>[];
}

/** Callers give up about now, in milliseconds. */
const LONG_WAIT_MS = 30_000;

/** What a route would gain by a change, from how its trials ended. */
export function gainsOf(plan: RoutePlan, trials: readonly Trial[], { retry }: UserOptions): readonly Gain[] {
  const of = (fault: string): Trial | undefined => trials.find((trial) => trial.fault === fault);
  const fails = (fault: string): boolean => of(fault)?.ended === 'error';
  const [first] = plan.targets;
  if (!first) return [];
  const providers = new Set(plan.targets.map(({ provider }) => provider));
  const attempts = retry === false ? 1 : (retry?.attempts ?? 3);
  const messages = [
    ...outage(first, plan.targets.length, providers.size, fails),
    ...(fails('503, once')
      ? [`one 503 ends in an error: allow further attempts (\`retry.attempts\` is ${attempts})`]
      : []),
    ...(fails('cut after the first words')
      ? ["an answer that breaks off ends in an error: `midStream: 'continue'` goes on with its text"]
      : []),
    ...silence(of('silence instead of an answer'), plan.targets.length),
  ];
  return messages.map((message) => ({ route: plan.name, message }));
}

/** One gain at most: the nearest, since a second target helps against what a second provider helps against too. */
function outage(
  { target, provider }: RoutePlan['targets'][number],
  targets: number,
  providers: number,
  fails: (fault: string) => boolean,
): readonly string[] {
  if (targets === 1 && fails('first target down')) {
    return [`no second target: a full outage of ${provider} ends in error; add one at another provider`];
  }
  if (fails('first target down')) {
    return [`an outage of ${target} ends in error although there are others: allow more \`retry.attempts\``];
  }
  if (providers === 1 && fails('first provider down')) {
    return [`all targets are at ${provider}: its outage ends in error; add one at another provider`];
  }
  return [];
}

/** Answered or not, a long wait is a loss: callers do not stay for it. */
function silence(trial: Trial | undefined, targets: number): readonly string[] {
  if (!trial || trial.waitedMs < LONG_WAIT_MS) return [];
  const seconds = Math.round(trial.waitedMs / 1_000);
  const what = trial.ended === 'answered' ? 'before another host answers' : 'for an error';
  const timers = '`timeouts.firstTokenMs` and `timeouts.reasoningFirstTokenMs` shorten that';
  const change = targets > 1 ? `${timers}, or \`hedge\`` : timers;
  return [`a host that never answers makes callers wait ${seconds} s ${what}: ${change}`];
}
