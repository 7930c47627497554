import { isRecord, type JsonObject } from '../chat/json.ts';

/** What an error body says, whatever dialect it is in. All of it is foreign text: redact before showing. */
export interface ErrorBody {
  readonly message: string;
  readonly type?: string;
  /** The finer word; a number is kept as its digits. */
  readonly code?: string;
  readonly param?: string;
  readonly details?: JsonObject;
  readonly requestId?: string;
  /** False when the body is no JSON, or JSON without an error in it. */
  readonly structured: boolean;
}

/** Reads an error body: OpenAI's and Anthropic's envelope, what other hosts do, and anything at all as plain text. */
export function readErrorBody(text: string): ErrorBody {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { message: text, structured: false };
  }
  return errorBodyOf(value);
}

/** The same for a body that is parsed already: an error inside a stream, or a 200 that is none. */
export function errorBodyOf(value: unknown): ErrorBody {
  // Google's OpenAI-compatible endpoint wraps the envelope in an array.
  const envelope = Array.isArray(value) ? value[0] : value;
  if (typeof envelope === 'string') return { message: envelope, structured: false };
  if (!isRecord(envelope)) return { message: '', structured: false };
  const inner = envelope['error'] ?? firstOf(envelope['errors']);
  // Some hosts have no envelope, and some put nothing but a text into it.
  const error = isRecord(inner) ? inner : envelope;
  const message = messageOf(inner) ?? messageOf(envelope) ?? messageOf(envelope['message']);
  return {
    message: message ?? '',
    structured: inner !== undefined || message !== undefined,
    ...strings({
      // `type: "error"` names the envelope, not the error.
      type: error['type'] === 'error' ? undefined : (error['type'] ?? error['status']),
      code: error['code'],
      param: error['param'] ?? locationOf(envelope['detail']) ?? locationIn(envelope['message']),
      requestId: envelope['request_id'],
    }),
    ...(isRecord(error['details']) && { details: error['details'] }),
  };
}

/**
 * `"text"`, `{message}`, `{detail: "text"}`, and FastAPI's `{detail: [{loc, msg}]}`, which vLLM and its kin send;
 * Mistral puts that into its `message`.
 */
function messageOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (!isRecord(value)) return undefined;
  const detail = firstOf(value['detail']);
  // Amazon's capital is no mistake: its services disagree.
  const candidates = [value['message'], value['Message'], isRecord(detail) ? detail['msg'] : detail];
  return candidates.find((candidate) => typeof candidate === 'string');
}

function locationIn(message: unknown): string | undefined {
  return isRecord(message) ? locationOf(message['detail']) : undefined;
}

/** `["body", "messages", 0]` becomes `messages[0]`. */
function locationOf(detail: unknown): string | undefined {
  const fault = firstOf(detail);
  if (!isRecord(fault) || !Array.isArray(fault['loc'])) return undefined;
  const path = fault['loc'].filter((step, index) => index > 0 || step !== 'body');
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .slice(1);
}

/** Of several faults the first is told; people mend one at a time. */
function firstOf(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : value;
}

/** The members that are words. Numbers become words, because hosts disagree on which codes are which. */
function strings<Key extends string>(values: Record<Key, unknown>): { [K in Key]?: string } {
  const kept: { [K in Key]?: string } = {};
  for (const key in values) {
    const value = values[key];
    if (typeof value === 'string' && value !== '') kept[key] = value;
    else if (typeof value === 'number') kept[key] = String(value);
  }
  return kept;
}
