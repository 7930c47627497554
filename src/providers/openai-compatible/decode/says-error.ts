import { isRecord, type JsonObject } from '../../../provider-kit/index.ts';

/**
 * True for an error in place of a chunk or an answer, in any dialect: `{error: {…}}`, `{error: "…"}`, `{message}`,
 * `{detail}`, `{object: "error"}`. Some hosts put `error: null` into every chunk.
 *
 * @param hasChoices - there is something of an answer: then only a real `error` counts
 */
export function saysError(body: JsonObject, hasChoices: boolean): boolean {
  const { error } = body;
  if (isRecord(error) ? Object.keys(error).length > 0 : typeof error === 'string' && error !== '')
    return true;
  if (hasChoices || 'choices' in body) return false;
  return body['object'] === 'error' || 'message' in body || 'detail' in body || Array.isArray(body['errors']);
}
