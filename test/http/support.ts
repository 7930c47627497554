import type { AnswerInfo, ChatCompletion } from '../../src/chat/completion.ts';
import type { RouteCall } from '../../src/http/route.ts';
import type { ServedPool } from '../../src/http/served-pool.ts';

/** What a pool tells about an answer. */
export const info: AnswerInfo = {
  requestId: 'req-1',
  provider: 'acme',
  model: 'model-1',
  attempts: 1,
  usage: { inputTokens: 3, outputTokens: 2 },
  costUsd: undefined,
  precision: 'unknown',
  ttftMs: 1,
  durationMs: 2,
  warnings: [],
  trace: { strategy: 'priority', candidates: [], excluded: [], attempts: [] },
};

/** A whole answer. */
export const completion: ChatCompletion = {
  id: 'msg_1',
  object: 'chat.completion',
  created: 1_700_000_000,
  model: 'model-1',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: 'Good day.', refusal: null },
      finish_reason: 'stop',
      logprobs: null,
    },
  ],
  usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
  runestone: info,
};

/** Data of the frames of a stream, in order; `[DONE]` as it is. */
export function framesIn(sse: string): unknown[] {
  return sse
    .split('\n\n')
    .filter((frame) => frame !== '')
    .map((frame) => {
      const data = frame.replace(/^data: /, '');
      return data === '[DONE]' ? data : JSON.parse(data);
    });
}

/** A pool that does nothing but what a test says. */
export function pool(does: Partial<ServedPool> = {}): ServedPool {
  const no = (): never => {
    throw new Error('not expected to be asked');
  };
  return { request: no, streamRequest: no, countTokens: no, embed: no, models: no, health: no, ...does };
}

/** One request, as the answer of a route sees it. */
export function routeCall(facts: Partial<RouteCall> & { readonly body?: unknown } = {}): RouteCall {
  const { body, ...rest } = facts;
  return {
    pool: pool(),
    headers: new Headers(),
    signal: undefined,
    options: { requestId: 'req-1' },
    told: { 'x-request-id': 'req-1' },
    rest: '',
    json: async () => body,
    ...rest,
  };
}
