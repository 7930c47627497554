import { type ChatEvent, type Provider, type ProviderCall, ProviderError } from '../provider-kit/index.ts';
import type { Failure, ScriptedStep } from './scripted-steps.ts';
import { settled } from './settled.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** A provider made of literals: no network, no chance, and a record of what it was asked. */
export interface ScriptedProvider extends Provider {
  /** Every call so far, oldest first. */
  readonly calls: readonly ProviderCall[];
  /** Streams begun and not yet over: 0 when nothing leaks. */
  readonly open: number;
}

/** What a call does: a step, or a function that picks one. */
export type Scripted = ScriptedStep | ((call: ProviderCall, n: number) => ScriptedStep);

/** Any other member of a provider: `models`, `keys`, `check`, … It serves `name/anything` by default. */
export interface ScriptedMore extends Partial<Omit<Provider, 'name' | 'stream'>> {
  /** Whose time the steps take. @default the real one */
  readonly clock?: Pick<VirtualClock, 'wait'>;
}

/**
 * A provider that plays a script, one step a call. The last step is repeated for ever.
 *
 * @example
 * const flaky = scriptedProvider('flaky', [fails('overloaded'), replies('hello')]);
 */
export function scriptedProvider(
  name: string,
  steps: readonly Scripted[],
  { clock, ...more }: ScriptedMore = {},
): ScriptedProvider {
  const calls: ProviderCall[] = [];
  const running = new Set<ProviderCall>();
  return {
    name,
    defaultModel: 'scripted-model',
    ...more,
    calls,
    get open() {
      return running.size;
    },
    async *stream(call) {
      calls.push(call);
      running.add(call);
      try {
        yield* play(name, pick(name, steps, call, calls.length), call, clock);
      } finally {
        running.delete(call);
      }
    },
  };
}

/** The step of the n-th call. Out of steps, the last one stands for the rest of the provider's life. */
function pick(name: string, steps: readonly Scripted[], call: ProviderCall, n: number): ScriptedStep {
  const step = steps[Math.min(n, steps.length) - 1];
  if (!step) throw new Error(`${name}: the script is empty; give it at least one step`);
  return typeof step === 'function' ? step(call, n) : step;
}

/** A step as a stream. The signal is looked at before each event, as the provider contract wants it. */
async function* play(
  name: string,
  step: ScriptedStep,
  call: ProviderCall,
  clock: ScriptedMore['clock'],
): AsyncGenerator<ChatEvent> {
  const { events, ending, delayMs = 0 } = step;
  const begun = events[0]?.type === 'start' || events.length === 0;
  const start: ChatEvent = { type: 'start', id: `scripted-${call.requestId}`, model: call.model, created: 0 };
  for (const event of begun ? events : [start, ...events]) {
    call.signal.throwIfAborted();
    if (delayMs > 0) await (clock ? clock.wait(delayMs, call.signal) : settled(call.signal, delayMs));
    yield event;
  }
  if (ending === 'end') return;
  if (ending === 'silence') await settled(call.signal);
  else throw toError(name, ending, call);
}

function toError(provider: string, { message, ...facts }: Failure, { model }: ProviderCall): ProviderError {
  return new ProviderError({ ...facts, provider, model, message: message ?? `scripted ${facts.code}` });
}
