import type { JsonObject } from '../../../provider-kit/index.ts';
import { type ChatContext, warnOnceOf } from './chat-context.ts';
import { fateOf, type Place } from './house-fields.ts';

/**
 * The object without the fields this host does not know; the same object when there is nothing to take away.
 *
 * @param path - of the object in the caller's request
 */
export function stripObject(
  object: JsonObject,
  place: Place,
  path: string,
  context: ChatContext,
): JsonObject {
  const { extensions } = context.quirks;
  let changed = false;
  const kept: [string, unknown][] = [];
  for (const [field, value] of Object.entries(object)) {
    const fate = fateOf(field, place, extensions);
    if (fate === 'warn' && value !== null) {
      warnOnceOf(context, `${path}.${field}`, `${field} is not sent: this host does not know it`);
    }
    if (fate === 'keep') kept.push([field, value]);
    else changed = true;
  }
  return changed ? Object.fromEntries(kept) : object;
}
