import type { ChatRequest } from '../../../../src/chat/request.ts';
import { ProviderError } from '../../../../src/errors/index.ts';
import type { WireBlock, WireMessage } from '../../../../src/providers/anthropic/encode/claude-wire.ts';
import {
  createContext,
  type EncodeContext,
} from '../../../../src/providers/anthropic/encode/encode-context.ts';
import type {
  EncodedRequest,
  EncodeOptions,
} from '../../../../src/providers/anthropic/encode/encode-options.ts';
import { encodeRequest } from '../../../../src/providers/anthropic/encode/index.ts';
import { requireClaudeModel } from '../../../../src/providers/anthropic/models/resolve-claude.ts';

/** Choices of one test: the model, and options that differ from the defaults. */
export interface Setting extends Partial<EncodeOptions> {
  readonly model?: string;
}

/** A request in plain data; tests also send what the types forbid. */
export type RawRequest = Readonly<Record<string, unknown>>;

const DEFAULTS: EncodeOptions = { provider: 'anthropic', stream: true, strict: false, retiredModels: 'warn' };

/** Translates a request that nobody may write to: a mutation anywhere throws. */
export function encode(request: RawRequest, { model, ...options }: Setting = {}): EncodedRequest {
  const frozen = deepFreeze({ messages: [{ role: 'user', content: 'hi' }], ...request });
  return encodeRequest(asRequest(frozen), requireClaudeModel(model ?? 'claude-opus-4-8', 'anthropic'), {
    ...DEFAULTS,
    ...options,
  });
}

/** A context as the modules below the front door take it. */
export function contextOf(request: RawRequest = {}, { model, ...options }: Setting = {}): EncodeContext {
  const whole = asRequest(deepFreeze({ messages: [{ role: 'user', content: 'hi' }], ...request }));
  const facts = requireClaudeModel(model ?? 'claude-opus-4-8', 'anthropic');
  return createContext(whole, facts, { ...DEFAULTS, ...options });
}

/** The translated messages of a list of messages. */
export function messagesOf(messages: readonly unknown[], setting: Setting = {}): readonly WireMessage[] {
  return encode({ messages }, setting).body.messages;
}

/** Translated messages in a shape that is quick to read: role, then one word or text a block. */
export function outline(messages: readonly WireMessage[]): readonly (readonly string[])[] {
  return messages.map(({ role, content }) => [role, ...content.map(blockWord)]);
}

function blockWord(block: WireBlock): string {
  if (block.type === 'text') return String(block['text']);
  const id = block['id'] ?? block['tool_use_id'];
  return id === undefined ? `<${block.type}>` : `<${block.type} ${String(id)}>`;
}

/** Warnings as `code param`. */
export function warningsOf(encoded: Pick<EncodedRequest, 'warnings'>): readonly string[] {
  return encoded.warnings.map(({ code, param }) => `${code} ${param}`);
}

/** What a refused request says: `reason param`. */
export function refusalOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    const code = error.code === 'invalid_request' ? '' : `${error.code} `;
    if (error.retryable !== false) throw new Error('a refusal must not be retried');
    return `${code}${error.reason} ${error.param}`;
  }
  throw new Error('nothing was refused');
}

/** Freezes a value and everything in it. */
export function deepFreeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const member of Object.values(value)) deepFreeze(member);
  return Object.freeze(value);
}

function asRequest(raw: RawRequest): ChatRequest {
  return raw as unknown as ChatRequest;
}

/** A user message. */
export const user = (content: unknown): RawRequest => ({ role: 'user', content });

/** An assistant message. */
export const assistant = (content: unknown, extra: RawRequest = {}): RawRequest => ({
  role: 'assistant',
  content,
  ...extra,
});

/** A system message. */
export const system = (content: unknown): RawRequest => ({ role: 'system', content });

/** A tool message. */
export const result = (id: string, content: unknown = 'ok', extra: RawRequest = {}): RawRequest => ({
  role: 'tool',
  tool_call_id: id,
  content,
  ...extra,
});

/** A past call of a function. */
export const call = (id: string, name = 'look', args = '{}'): RawRequest => ({
  id,
  type: 'function',
  function: { name, arguments: args },
});

/** An assistant message that only calls. */
export const calls = (...list: readonly RawRequest[]): RawRequest => assistant(null, { tool_calls: list });

/** A function tool. */
export const tool = (name: string, parameters?: unknown, extra: RawRequest = {}): RawRequest => ({
  type: 'function',
  function: { name, ...(parameters !== undefined && { parameters }), ...extra },
});

/** The wire form of `tool` without parameters. */
export const wireTool = (name: string): RawRequest => ({
  name,
  input_schema: { type: 'object', properties: {} },
});

/** A block of text. */
export const text = (value: string): WireBlock => ({ type: 'text', text: value });

/** Signed reasoning. */
export const thought = (signature: string, thinking = ''): WireBlock => ({
  type: 'thinking',
  thinking,
  signature,
});

/** One white pixel as PNG. */
export const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mP8/x8AAwMCAO+ip1sAAAAASUVORK5CYII=';
