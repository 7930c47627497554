import { type ChatRequest, isRecord, type JsonObject } from '../../provider-kit/index.ts';

/** An answer that goes on from a paused one: what is there already. */
export interface Continued {
  /** Native content of the rounds before. */
  readonly content: readonly JsonObject[];
  /** UTF-16 length of their text. */
  readonly textLength: number;
  /** The container they ran in, to be used again. */
  readonly container: string | undefined;
}

const nothing: Continued = { content: [], textLength: 0, container: undefined };

/**
 * The message to send back for a paused turn (FIN-8), in the form in which a caller would send it (TH-13).
 *
 * @param native - `provider_specific_fields.anthropic` of the turn so far
 * @returns `undefined` when its content cannot be sent back as it is
 */
export function pausedMessage(native: JsonObject): JsonObject | undefined {
  const { content } = native;
  if (!Array.isArray(content) || content.length === 0) return undefined;
  return { role: 'assistant', content: textOf(content), provider_specific_fields: { anthropic: native } };
}

/** The request that goes on from a paused turn, in the container in which it ran; otherwise the same. */
export function continuing(request: ChatRequest, message: JsonObject | undefined): ChatRequest {
  if (!message) return request;
  const { container } = continuedFrom(message);
  const { content, provider_specific_fields } = message;
  const text = typeof content === 'string' ? content : '';
  return {
    ...request,
    messages: [...request.messages, { role: 'assistant', content: text, provider_specific_fields }],
    ...(container !== undefined && request['container'] === undefined && { container }),
  };
}

/** Reads such a message again. */
export function continuedFrom(message: JsonObject | undefined): Continued {
  const fields = message?.['provider_specific_fields'];
  const native = isRecord(fields) ? fields['anthropic'] : undefined;
  if (!isRecord(native) || !Array.isArray(native['content'])) return nothing;
  const content = native['content'].filter(isRecord);
  const { container } = native;
  const id = isRecord(container) ? container['id'] : undefined;
  return {
    content,
    textLength: textOf(content).length,
    container: typeof id === 'string' ? id : undefined,
  };
}

function textOf(content: readonly unknown[]): string {
  return content.map((block) => (isRecord(block) && block['type'] === 'text' ? block['text'] : '')).join('');
}
