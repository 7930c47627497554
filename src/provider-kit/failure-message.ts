import type { ProviderErrorCode } from '../errors/index.ts';
import type { ModelLifecycle } from './model-spec.ts';

/**
 * What happened, and what to do about it where something can be done.
 *
 * Never names more than the kind: the host's own words, redacted, follow it.
 */
const sentences: Readonly<Record<ProviderErrorCode, readonly [what: string, advice?: string]>> = {
  invalid_request: ['the request was refused'],
  request_too_large: ['the request is too large'],
  context_overflow: [
    'the prompt does not fit the context window',
    'shorten it, or use a model with a larger one',
  ],
  content_filtered: ['refused by content policy'],
  authentication: ['the key was refused', 'check apiKey'],
  permission: ['the key has no permission for this'],
  quota_exhausted: ['credit or spend limit used up', 'raise it at the provider'],
  model_not_found: ['no such model'],
  rate_limited: ['rate limited'],
  overloaded: ['overloaded'],
  server_error: ['internal error'],
  conflict: ['conflict with another request'],
  connection: ['the connection was lost'],
  timeout: ['timed out upstream'],
  stream_truncated: ['the answer was cut short'],
  bad_response: ['the answer is not one of this API', 'check baseURL'],
  redirect: ['redirected, and redirects are not followed', 'check baseURL'],
};

/** What a message is made of. */
export interface MessageParts {
  readonly code: ProviderErrorCode;
  readonly status?: number | undefined;
  readonly model?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  /** The host's own words, redacted already. */
  readonly upstream: string;
  /** Set when the model is known to be retired. */
  readonly retired?: ModelLifecycle | undefined;
}

/** `what happened (status): the host's words; what to do`, without the provider's name. */
export function failureMessage(parts: MessageParts): string {
  const { code, status, upstream, retryAfterMs } = parts;
  const wait = retryAfterMs === undefined ? undefined : `retry in ${Math.ceil(retryAfterMs / 1_000)} s`;
  // Where there is advice, waiting is not what helps.
  const [what, advice = wait] = code === 'model_not_found' ? aboutModel(parts) : sentences[code];
  const shown = status === undefined ? what : `${what} (${status})`;
  return `${shown}${upstream && `: ${upstream}`}${advice ? `; ${advice}` : ''}`;
}

/** The name is the caller's own text, hence quoted; a successor comes from the model table. */
function aboutModel({ model, retired }: MessageParts): readonly [what: string, advice?: string | undefined] {
  const named = model === undefined ? 'the model' : `the model ${JSON.stringify(model)}`;
  if (!retired) return [model === undefined ? 'no such model' : `${named} is not served here`];
  const { retired: day, successor, preferred } = retired;
  const instead = [successor, preferred].flatMap((id) => (id === undefined ? [] : [JSON.stringify(id)]));
  return [`${named} was retired on ${day}`, instead.length > 0 ? `use ${instead.join(' or ')}` : undefined];
}
