import { realTimer, type StartTimer } from './timing.ts';

/** How a race is run. Nothing of it may throw but what `start` rejects with. */
export interface RaceRules<Runner, Prize> {
  /** Sends one off. `onBegin` tells that it has really begun, so that its time runs from there. */
  readonly start: (runner: Runner, onBegin: () => void) => Promise<Prize>;
  /** How long after its beginning nobody else is sent off, in milliseconds; `undefined` for ever. */
  readonly patienceMs: (runner: Runner) => number | undefined;
  /** Who is sent off next, if anybody: asked when the patience with the last one is over. */
  readonly next: (underWay: number) => Runner | undefined;
  /** Ends one that has lost, whether or not it would have arrived. */
  readonly stop: (runner: Runner) => void;
  /** Takes what a loser brings all the same, because it arrived before it heard. */
  readonly discard: (prize: Prize) => void;
  /** Whether a failure of the first decides for all. */
  readonly isFinal: (error: unknown) => boolean;
  /** @default Node's own */
  readonly startTimer?: StartTimer | undefined;
}

/** Who was first, and with what. */
export interface Won<Runner, Prize> {
  readonly runner: Runner;
  readonly prize: Prize;
}

/**
 * Sends one off, and while it does not arrive others after it; the first to arrive wins, and the rest is stopped.
 *
 * Whoever fails leaves the others running. Between the end of the race and that of its losers nobody waits.
 *
 * @returns rejects when nobody is left: with what the first has failed with
 */
export function race<Runner, Prize>(
  first: Runner,
  rules: RaceRules<Runner, Prize>,
): Promise<Won<Runner, Prize>> {
  return new Promise((resolve, reject) => {
    const underWay = new Set<Runner>();
    const { startTimer = realTimer } = rules;
    let stopTimer: (() => void) | undefined;
    let isOver = false;
    let failure: unknown;

    const end = (settle: () => void): void => {
      isOver = true;
      stopTimer?.();
      for (const loser of underWay) rules.stop(loser);
      settle();
    };
    const send = (runner: Runner): void => {
      underWay.add(runner);
      rules
        .start(runner, () => wait(runner))
        .then(
          (prize) => {
            underWay.delete(runner);
            if (isOver) rules.discard(prize);
            else end(() => resolve({ runner, prize }));
          },
          (error) => {
            underWay.delete(runner);
            if (runner === first) failure = error;
            const isLast = underWay.size === 0 || (runner === first && rules.isFinal(error));
            if (isLast && !isOver) end(() => reject(failure));
          },
        );
    };
    const wait = (runner: Runner): void => {
      const patienceMs = rules.patienceMs(runner);
      if (isOver || patienceMs === undefined) return;
      stopTimer?.();
      stopTimer = startTimer(() => {
        const next = rules.next(underWay.size);
        if (next !== undefined) send(next);
      }, patienceMs);
    };
    send(first);
  });
}
