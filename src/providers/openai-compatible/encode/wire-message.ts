import { isRecord, type JsonObject } from '../../../provider-kit/index.ts';
import { type ChatContext, warnOnceOf } from './chat-context.ts';
import { isNamed } from './model-pattern.ts';
import { shortId } from './node-short-id.ts';
import { addReplay, callExtras } from './replay-fields.ts';
import { stripObject } from './strip-object.ts';

/** A message as it goes out. */
export type WireMessage = JsonObject;

/** Turns the messages of one history into the host's, one after the other, in order. */
export class MessageWriter {
  readonly #context: ChatContext;
  /** Which tool each call named, for the results that follow. */
  readonly #toolOfCall = new Map<string, string>();

  constructor(context: ChatContext) {
    this.#context = context;
  }

  /** The same object when nothing about it has to change. */
  write(message: JsonObject, index: number): WireMessage {
    const path = `messages[${index}]`;
    const { quirks } = this.#context;
    const changes: Record<string, unknown> = {};
    const role = message['role'];
    if (role === 'developer' && quirks.developerRole !== true) changes['role'] = 'system';
    if (Array.isArray(message['content'])) changes['content'] = this.#parts(message['content'], path);
    if (role === 'assistant') this.#assistant(message, changes);
    if (role === 'tool') this.#result(message, changes);
    const kept = withoutNothing(stripObject(message, 'message', path, this.#context));
    return this.#unnamed(differs(kept, changes) ? { ...kept, ...changes } : kept, path);
  }

  /** Parts are looked at one level deep: what stands in them is the host's own vocabulary. */
  #parts(parts: readonly unknown[], path: string): readonly unknown[] {
    const written = parts.map((part, index) => {
      if (!isRecord(part)) return part;
      const place = part['type'] === 'file' ? 'file' : 'part';
      return stripObject(part, place, `${path}.content[${index}]`, this.#context);
    });
    return written.some((part, index) => part !== parts[index]) ? written : parts;
  }

  /** Quirks `emptyContentForCalls` and `replayReasoning`, and what this host itself said in an earlier turn. */
  #assistant(message: JsonObject, changes: Record<string, unknown>): void {
    const { quirks, provider } = this.#context;
    addReplay(message, provider, quirks.replayReasoning, changes);
    const calls = message['tool_calls'];
    if (!Array.isArray(calls) || calls.length === 0) return;
    if (quirks.emptyContentForCalls === true && (message['content'] ?? null) === null)
      changes['content'] = '';
    const extras = callExtras(message, provider) ?? this.#foreignExtras(calls);
    const written = calls.map((call) => (isRecord(call) ? this.#call(call, extras) : call));
    if (written.some((call, index) => call !== calls[index])) changes['tool_calls'] = written;
  }

  /** For the first call alone: what a host says of the calls of one turn, it says there (quirk `foreignCalls`). */
  #foreignExtras([first]: readonly unknown[]): JsonObject {
    const { quirks, model } = this.#context;
    const id = isRecord(first) ? first['id'] : undefined;
    if (!quirks.foreignCalls || typeof id !== 'string' || !isNamed(model, quirks.foreignCalls.models))
      return {};
    return Object.fromEntries([[id, quirks.foreignCalls.fields]]);
  }

  #call(call: JsonObject, extras: JsonObject): JsonObject {
    const { id, function: called } = call;
    if (typeof id !== 'string') return call;
    const { name } = isRecord(called) ? called : {};
    if (typeof name === 'string') this.#toolOfCall.set(id, name);
    const extra = Object.hasOwn(extras, id) ? extras[id] : undefined;
    const wireId = this.#wireId(id);
    if (wireId === id && !isRecord(extra)) return call;
    return { ...(isRecord(extra) && extra), ...call, id: wireId };
  }

  /** The same id as its call (TL-H6); quirk `toolResultName`. */
  #result(message: JsonObject, changes: Record<string, unknown>): void {
    const id = message['tool_call_id'];
    if (typeof id !== 'string') return;
    changes['tool_call_id'] = this.#wireId(id);
    const tool = this.#toolOfCall.get(id);
    if (this.#context.quirks.toolResultName === true && tool !== undefined && !message['name']) {
      changes['name'] = tool;
    }
  }

  /** Mistral takes ids of its own form only: of nine letters and digits. */
  #wireId(id: string): string {
    if (this.#context.quirks.toolIdFormat !== 'nine_alphanumerics') return id;
    return /^[A-Za-z0-9]{9}$/.test(id) ? id : shortId(id, 9);
  }

  /** Quirk `noMessageNames`. A tool's name is not a participant's: it stays. */
  #unnamed(message: JsonObject, path: string): JsonObject {
    const { role } = message;
    const isResult = role === 'tool' || role === 'function';
    if (this.#context.quirks.noMessageNames !== true || isResult || !('name' in message)) return message;
    warnOnceOf(
      this.#context,
      `${path}.name`,
      'not sent: this host takes no names on messages',
      'name_dropped',
    );
    const { name: _, ...rest } = message;
    return rest;
  }
}

/**
 * Without members that say nothing: OpenAI's own answers carry them, strict hosts refuse them, and OpenAI itself
 * refuses an empty list of calls. Content may be null and mean it (TL-H1).
 */
function withoutNothing(message: JsonObject): JsonObject {
  const says = ([key, value]: [string, unknown]): boolean =>
    key === 'content' ||
    (value !== null && !(key === 'tool_calls' && Array.isArray(value) && value.length === 0));
  const entries = Object.entries(message);
  return entries.every(says) ? message : Object.fromEntries(entries.filter(says));
}

/** Spared where it can be: a history of 200 messages is then sent as the objects it came in. */
function differs(message: JsonObject, changes: JsonObject): boolean {
  return Object.keys(changes).some((key) => changes[key] !== message[key]);
}
