import { type FromEnvOptions, ProviderPool } from '../../index.ts';
import type { Lab, LoggedRequest, Reply, reply, VirtualClock } from '../../testing/index.ts';
import type { TrialFault } from './trial-faults.ts';
import type { UserHost, UserOptions } from './user-hosts.ts';

/** The question of every trial. Every piece of an answer of the lab repeats its last word. */
export const QUESTION = 'Is all well, nonce-doctor?';

/** The variable that holds the key of a trial: the user's own never leave for a lab. */
const KEY_VARIABLE = 'RUNESTONE_DOCTOR_KEY';

/**
 * The user's options, pointed at a lab: addresses and keys apart, all is as it was, aliases, tiers, weights, retries,
 * timers and limits.
 *
 * @param baseURLOf - where the lab plays this provider
 */
export function trialOptions(
  options: UserOptions,
  registered: readonly UserHost[],
  baseURLOf: (host: UserHost) => string,
): FromEnvOptions {
  const { providers = {}, env, ...rest } = options;
  const changes = registered.map((host) => [
    host.key,
    { ...providers[host.key], apiKeyEnv: KEY_VARIABLE, baseURL: baseURLOf(host) },
  ]);
  return { ...rest, providers: Object.fromEntries(changes), env: { ...env, [KEY_VARIABLE]: 'sk-lab' } };
}

/** A pool of the user's, whose hosts are played by a lab. */
export function trialPool(
  options: UserOptions,
  registered: readonly UserHost[],
  { lab, fault, clock }: { readonly lab: Lab; readonly fault: TrialFault; readonly clock?: VirtualClock },
): ProviderPool {
  const pointed = trialOptions(options, registered, ({ key }) =>
    lab.baseURL(`${fault.selector};host=${key}`, key === 'anthropic' ? 'anthropic' : 'openai'),
  );
  return ProviderPool.fromEnv(pointed, clock);
}

/**
 * Strikes whom a fault befalls, by who is asked first; all others answer well.
 *
 * Not by the order of the options: strategies, weights and what a model cannot do decide who is first.
 */
export function strikes(
  { strikes: whom }: TrialFault,
  whole: readonly string[],
  text: (typeof reply)['text'],
): (request: LoggedRequest) => Reply | undefined {
  let first: { readonly host: string; readonly target: string } | undefined;
  return (request) => {
    // Every provider has its own address in the lab; models share that of their provider.
    const [, host = ''] = /;host=([a-z]+)/.exec(decodeURIComponent(request.prefix)) ?? [];
    const target = `${host} ${modelOf(request.body) ?? request.path}`;
    const isFirst = first === undefined;
    first ??= { host, target };
    const isStruck = { request: isFirst, target: first.target === target, provider: first.host === host };
    // No reply of one's own: the lab plays the fault that the address names.
    return isStruck[whom] ? undefined : text(restOf(whole, request.body));
  };
}

/** What is still to be said: an answer that breaks may be continued, from its beginning as the last message. */
function restOf(whole: readonly string[], body: unknown): readonly string[] {
  const last = JSON.stringify(messagesOf(body).at(-1) ?? null);
  if (!/"role":"assistant"/.test(last)) return whole;
  return whole.filter((piece) => !last.includes(piece.trim()));
}

function modelOf(body: unknown): string | undefined {
  const model = typeof body === 'object' && body !== null && 'model' in body ? body.model : undefined;
  return typeof model === 'string' ? model : undefined;
}

function messagesOf(body: unknown): readonly unknown[] {
  const messages = typeof body === 'object' && body !== null && 'messages' in body ? body.messages : [];
  return Array.isArray(messages) ? messages : [];
}
