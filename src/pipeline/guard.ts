import type { Batch, ChatEvent } from '../chat/events.ts';
import { isRecord } from '../chat/json.ts';
import {
  type AnyRunestoneError,
  isProviderErrorCode,
  isRunestoneError,
  ProviderError,
} from '../errors/index.ts';
import type { Target } from './middleware.ts';
import { withoutQuotes } from './quotation.ts';

/** A provider may yield an event, or the events of one read. */
export function toBatch(item: ChatEvent | Batch): Batch {
  return 'type' in item ? [item] : item;
}

/** The batch up to and including its end, `finish` or `pause`, if it has one: nothing after it is delivered. */
export function upToFinish(batch: Batch): { readonly batch: Batch; readonly finished: boolean } {
  for (let index = 0; index < batch.length; index++) {
    const type = batch[index]?.type;
    if (type === 'finish' || type === 'pause') {
      return { batch: index === batch.length - 1 ? batch : batch.slice(0, index + 1), finished: true };
    }
  }
  return { batch, finished: false };
}

/** The source ended without a finish reason: the answer is cut, whatever it looks like. */
export function truncated({ provider, model }: Target): ProviderError {
  return new ProviderError({
    provider: provider.name,
    model,
    code: 'stream_truncated',
    message: 'the stream ended before the answer was complete',
  });
}

/**
 * What a provider threw, in the house's words, with what it quotes of the request and the answer masked.
 *
 * A foreign error becomes `bad_response`; its own message and stack stay out, because nobody knows what they quote.
 */
export function toHouseError(
  error: unknown,
  target: Target,
  request: Readonly<Record<string, unknown>>,
  answer: readonly string[] = [],
): AnyRunestoneError {
  if (!isRunestoneError(error)) return foreign(error, target);
  const message = withoutQuotes(error.message, request, answer);
  return error.name === 'ProviderError' && message !== error.message
    ? new ProviderError({ ...error, message, cause: error.cause })
    : error;
}

function foreign(error: unknown, { provider, model }: Target): ProviderError {
  const claimed = isRecord(error) ? error['code'] : undefined;
  return new ProviderError({
    provider: provider.name,
    model,
    code: isProviderErrorCode(claimed) ? claimed : 'bad_response',
    message: `the provider failed with ${nameOf(error)}`,
    retryable: false,
  });
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : `a ${typeof error} that is no Error`;
}
