import type { JsonObject } from '../../chat/json.ts';

/** How a version of the API writes its answers. */
export interface MessageForm {
  /** An object's fields; `undefined` stands for what there is nothing to say of. */
  readonly fields: (fields: JsonObject) => JsonObject;
  /** Fields of every call of a client's own tool. */
  readonly call: JsonObject;
}

/** 2026-10-21: every field is there, and null where it has nothing to say. */
export const withNulls: MessageForm = {
  // No spread: this runs for every block that begins.
  fields(fields) {
    const written: Record<string, unknown> = {};
    for (const key of Object.keys(fields)) written[key] = fields[key] ?? null;
    return written;
  },
  call: { caller: { type: 'direct' } },
};

/** 2023-06-01: a field with nothing to say is not there. Clients of that time check, and refuse a null. */
export const withoutNulls: MessageForm = {
  fields(fields) {
    const written: Record<string, unknown> = {};
    for (const key of Object.keys(fields)) {
      const value = fields[key] ?? undefined;
      if (value !== undefined) written[key] = value;
    }
    return written;
  },
  call: {},
};

/** The form that a client expects. Without a version it gets the older one, which everybody can read. */
export function messageForm(headers: Headers): MessageForm {
  const version = headers.get('anthropic-version') ?? '';
  return version >= '2026-10-21' ? withNulls : withoutNulls;
}
