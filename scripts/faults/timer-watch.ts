import { AsyncLocalStorage } from 'node:async_hooks';

/** What one run has set and not yet taken back, and the constant that is shortened in it. */
interface Watched {
  readonly live: Set<unknown>;
  readonly hurry: { readonly from: number; readonly to: number } | undefined;
}

/**
 * Knows which timers the library has running, run by run, also while many runs share the process.
 *
 * A timer is the library's when the function that sets it stands in its sources. Stacks are read without source
 * maps, which would cost more than the requests themselves.
 */
export class TimerWatch {
  readonly #storage = new AsyncLocalStorage<Watched>();
  readonly #real = { setTimeout, clearTimeout };
  readonly #owners = new WeakMap<object, Watched>();

  /** Begins to look on; until `stop`. */
  start(): void {
    const clear = (timer: unknown): void => {
      if (typeof timer === 'object' && timer !== null) this.#owners.get(timer)?.live.delete(timer);
      Reflect.apply(this.#real.clearTimeout, globalThis, [timer]);
    };
    Object.assign(globalThis, { setTimeout: this.#set, clearTimeout: clear });
  }

  stop(): void {
    Object.assign(globalThis, this.#real);
  }

  /** Runs something, and tells how many timers of the library it has running at any moment. */
  run<Result>(work: (count: () => number) => Result, hurry?: Watched['hurry']): Result {
    const watched: Watched = { live: new Set(), hurry };
    return this.#storage.run(watched, work, () => watched.live.size);
  }

  readonly #set = <Args extends unknown[]>(
    callback: (...args: Args) => void,
    ms = 0,
    ...args: Args
  ): NodeJS.Timeout => {
    const watched = this.#storage.getStore();
    if (!watched || !isOurs()) return this.#real.setTimeout(callback, ms, ...args);
    const { hurry, live } = watched;
    const fire = (...given: Args): void => {
      live.delete(timer);
      callback(...given);
    };
    const timer = this.#real.setTimeout(fire, hurry?.from === ms ? hurry.to : ms, ...args);
    live.add(timer);
    this.#owners.set(timer, watched);
    return timer;
  };
}

/** Frames of this file that stand above the function that set the timer. */
const OWN_FRAMES = 2;

function isOurs(): boolean {
  const { prepareStackTrace, stackTraceLimit } = Error;
  try {
    Error.stackTraceLimit = OWN_FRAMES + 1;
    Error.prepareStackTrace = (_error, sites) => sites.at(OWN_FRAMES)?.getFileName() ?? '';
    const file = String(new Error().stack).replaceAll('\\', '/');
    return /\/src\/(?!testing\/)/.test(file) && !file.includes('/node_modules/');
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
    Error.stackTraceLimit = stackTraceLimit;
  }
}
