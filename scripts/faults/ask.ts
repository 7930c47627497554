import { inspect } from 'node:util';
import {
  type CallOptions,
  type ChatCompletion,
  type ChatRequest,
  type ChatStream,
  isRunestoneError,
  type ProviderPool,
  type RunestoneError,
} from 'runestone';
import type { Failed, Got } from './facts.ts';
import type { Asking, Form } from './row.ts';

/** Stands in every prompt; nobody may find it anywhere else. */
export const PROMPT_CANARY = 'canary-prompt';

/** More than any provider waits for as a whole, so that the answer comes as a stream and is folded. */
const STREAMED_TOKENS = 30_000;
const MIB = 1024 * 1024;

const weather = {
  type: 'function',
  function: {
    name: 'weather',
    description: 'The weather of a city.',
    parameters: { type: 'object', properties: { city: { type: 'string' } } },
  },
} as const;

/** A request whose every answer must carry its nonce. */
export function questionOf(nonce: string, form: Form, asking: Asking = {}): ChatRequest {
  const padding = asking.mb ? `${'x'.repeat(asking.mb * MIB)} ` : '';
  return {
    model: 'route',
    messages: [{ role: 'user', content: `${padding}${PROMPT_CANARY}: say it, ${nonce}.` }],
    // Without it the request counts as one that reasons, for which silence is no fault.
    reasoning_effort: 'none',
    max_completion_tokens: form === 'folded' ? STREAMED_TOKENS : 1_000,
    ...(form === 'stream' && { stream_options: { include_usage: true } }),
    ...(asking.tools && { tools: [weather] }),
  };
}

/** Asks, and gathers whatever comes of it. Throws what is no error of the house. */
export async function ask(
  pool: ProviderPool,
  request: ChatRequest,
  form: Form,
  call: CallOptions = {},
): Promise<Got> {
  const seen: Seen = { text: '', roles: 0, finishes: 0, spreadMs: 0 };
  try {
    if (form !== 'stream') return gotOf(await pool.request(request, call), seen);
    const stream = await pool.streamRequest(request, call);
    await read(stream, seen);
    return gotOf(await stream.completion(), seen);
  } catch (error) {
    if (!isRunestoneError(error)) throw error;
    return { ...NOTHING, ...seen, attempts: error.attempts, error: failed(error) };
  }
}

type Seen = { text: string; roles: number; finishes: number; spreadMs: number };

async function read(stream: ChatStream, seen: Seen): Promise<void> {
  let firstMs: number | undefined;
  for await (const { choices } of stream) {
    const choice = choices[0];
    if (!choice) continue;
    if (choice.delta.content) {
      firstMs ??= performance.now();
      seen.spreadMs = performance.now() - firstMs;
    }
    if (choice.delta.role !== undefined) seen.roles++;
    if (choice.finish_reason) seen.finishes++;
    seen.text += choice.delta.content ?? '';
  }
}

const NOTHING: Omit<Got, keyof Seen | 'attempts' | 'error'> = {
  finish: undefined,
  toolCalls: [],
  model: '',
  usage: undefined,
  costUsd: undefined,
  warnings: [],
};

function gotOf({ choices, model, runestone }: ChatCompletion, seen: Seen): Got {
  const message = choices[0]?.message;
  const calls = message?.tool_calls ?? [];
  return {
    ...seen,
    text: seen.roles > 0 ? seen.text : (message?.content ?? ''),
    finish: choices[0]?.finish_reason ?? undefined,
    toolCalls: calls.flatMap((call) =>
      call.type === 'function'
        ? [{ id: call.id, name: call.function.name, arguments: call.function.arguments }]
        : [],
    ),
    model,
    usage: runestone.usage,
    costUsd: runestone.costUsd,
    warnings: runestone.warnings.map(({ code }) => code),
    attempts: runestone.trace.attempts,
    error: undefined,
  };
}

function failed(error: RunestoneError): Failed {
  const { code, phase, committed, partial, retryAfterMs, message } = error;
  const shown = [
    JSON.stringify(error),
    inspect(error, { depth: 10 }),
    error.stack,
    JSON.stringify(error.toOpenAI()),
  ];
  return {
    code,
    phase,
    committed,
    partial: partial?.content,
    retryAfterMs,
    message,
    shown: shown.join('\n'),
  };
}
