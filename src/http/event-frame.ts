import type { JsonObject } from '../chat/json.ts';

/**
 * One server-sent event whose name is said twice: on its own line, without which Anthropic's client drops the event
 * silently, and in the data, which the others look at. Text cannot forge a line: JSON escapes it.
 */
export function eventFrame(type: string, fields: JsonObject): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
}
