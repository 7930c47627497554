import type { Batch, ChatEvent, Provider, ProviderCall } from '../../../src/provider-kit/index.ts';
import { ask } from '../../contexts.ts';

/** One attempt, as the pool asks for it. */
export function callOf(facts: Partial<ProviderCall> = {}): ProviderCall {
  return {
    request: { ...ask(), reasoning_effort: 'none', max_completion_tokens: 1_000 },
    model: 'claude-haiku-4-5-20251001',
    stream: true,
    signal: new AbortController().signal,
    requestId: 'req-1',
    key: 0,
    strict: false,
    retiredModels: 'warn',
    connectMs: 1_000,
    ...facts,
  };
}

/** What a provider tells of one attempt, read by read. */
export async function batchesOf(provider: Provider, call: ProviderCall = callOf()): Promise<Batch[]> {
  const batches: Batch[] = [];
  for await (const item of provider.stream(call)) batches.push('type' in item ? [item] : item);
  return batches;
}

/** The same without the reads. */
export async function eventsOf(provider: Provider, call: ProviderCall = callOf()): Promise<ChatEvent[]> {
  return (await batchesOf(provider, call)).flat();
}

/** The text of an answer. */
export async function textOf(provider: Provider, call: ProviderCall = callOf()): Promise<string> {
  const events = await eventsOf(provider, call);
  return events.map((event) => (event.type === 'text_delta' ? event.text : '')).join('');
}

/** All that the SDK reads from the environment, each leading somewhere it must not. */
export const sideDoors = (elsewhere: string): Readonly<Record<string, string>> => ({
  ANTHROPIC_BASE_URL: elsewhere,
  ANTHROPIC_API_KEY: 'sk-ant-canary-environment',
  ANTHROPIC_AUTH_TOKEN: 'canary-token-environment',
  ANTHROPIC_WEBHOOK_SIGNING_KEY: 'canary-webhook-environment',
  ANTHROPIC_PROFILE: 'canary-profile',
  ANTHROPIC_CUSTOM_HEADERS: [
    'x-evil: canary-1',
    'x-api-key: canary-2',
    'anthropic-beta: canary-3',
    'authorization: Bearer canary-4',
    'anthropic-version: canary-5',
    'anthropic-workspace-id: canary-6',
    'anthropic-user-profile-id: canary-7',
    'anthropic-canary: 8',
    'cookie: canary-9',
    'content-type: canary/10',
  ].join('\n'),
  ANTHROPIC_LOG: 'debug',
});
