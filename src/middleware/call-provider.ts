import type { Batch, ChatEvent } from '../chat/events.ts';
import { ProviderError, type UpstreamHead } from '../errors/index.ts';
import type { AttemptContext } from '../pipeline/middleware.ts';
import type { EmbedCall, Embedded } from '../provider-kit/provider.ts';

type Source = AsyncIterator<Batch | ChatEvent>;

/** Calls the provider for what the request is about. What is no chat comes back as a stream all the same. */
export function callProvider(
  attempt: AttemptContext,
  signal: AbortSignal,
  connectMs: number,
  onHead?: (attempt: AttemptContext) => void,
): Source {
  const { request, target, stream, repairs, continues, mayPause, tally } = attempt;
  const { provider } = target;
  const { operation } = request;
  tally.sent = provider.tellsSending !== true;
  const call = {
    request: request.request,
    model: target.model,
    stream,
    signal,
    requestId: request.requestId,
    key: target.key,
    apiKey: request.apiKey,
    strict: request.strict,
    retiredModels: request.retiredModels,
    connectMs,
    onSend: () => {
      tally.sent = true;
    },
    onHead: (head: UpstreamHead) => {
      tally.upstream = head;
      onHead?.(attempt);
    },
    repairs,
    continues,
    mayPause,
  };
  switch (operation.kind) {
    case 'chat':
      return provider.stream(call)[Symbol.asyncIterator]();
    case 'embed':
      return vectors(attempt, { ...call, request: operation.embedding });
    case 'count_tokens':
      return count(attempt, call);
  }
}

async function* vectors({ target }: AttemptContext, call: EmbedCall): Source & AsyncGenerator<Batch> {
  const embedded = await target.provider.embed?.(call);
  if (!embedded || !isComplete(embedded, call.request.input)) {
    throw new ProviderError({
      provider: target.provider.name,
      model: target.model,
      code: 'bad_response',
      message: 'the answer does not hold one vector for each input',
    });
  }
  const { usage } = embedded;
  yield [{ type: 'result', value: embedded }, ...(usage ? [{ type: 'usage', usage } as const] : []), DONE];
}

/** Counting is free wherever it is offered, so that it used no tokens. */
async function* count(
  { target }: AttemptContext,
  call: Parameters<NonNullable<AttemptContext['target']['provider']['countTokens']>>[0],
): Source & AsyncGenerator<Batch> {
  const tokens = await target.provider.countTokens?.(call);
  const usage = { inputTokens: 0, outputTokens: 0, billed: false };
  yield [{ type: 'result', value: tokens }, { type: 'usage', usage }, DONE];
}

const DONE: ChatEvent = { type: 'finish', reason: 'stop', raw: undefined };

/** One vector for each input, whatever their order. A list of numbers is one input, in tokens. */
function isComplete({ data }: Embedded, input: EmbedCall['request']['input']): boolean {
  const count = Array.isArray(input) && typeof input[0] !== 'number' ? input.length : 1;
  const places = new Set(data.map(({ index }) => index));
  return (
    data.length === count && Array.from({ length: count }, (_, index) => index).every((at) => places.has(at))
  );
}
