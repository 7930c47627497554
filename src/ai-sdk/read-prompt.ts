import type { ChatMessage, ContentPart, ThinkingBlock, ToolCall } from '../index.ts';
import type { MessageV4, PartV4, ToolOutputV4 } from './spec.ts';

/** The name under which a user's options, and our metadata, stand. */
export const NAME = 'runestone';

/** A prompt of the AI SDK as messages of the OpenAI API. Each result of a tool becomes a message of its own. */
export function readPrompt(prompt: readonly MessageV4[]): ChatMessage[] {
  return prompt.flatMap((message): ChatMessage[] => {
    const { role, content } = message;
    if (typeof content === 'string') return [{ role, content }];
    switch (role) {
      case 'assistant':
        return [assistantMessage(content)];
      case 'tool':
        return content.flatMap(toolMessage);
      default:
        return [{ role, content: content.flatMap(userPart) }];
    }
  });
}

function assistantMessage(parts: readonly PartV4[]): ChatMessage {
  const text = parts.flatMap((part) => (part.type === 'text' ? [part.text ?? ''] : []));
  const calls = parts.flatMap((part): ToolCall[] =>
    part.type === 'tool-call'
      ? [
          {
            id: part.toolCallId ?? '',
            type: 'function',
            function: { name: part.toolName ?? '', arguments: JSON.stringify(part.input ?? {}) },
          },
        ]
      : [],
  );
  const blocks = parts.flatMap(thinkingBlocks);
  return {
    role: 'assistant',
    content: text.length > 0 ? text.join('') : null,
    ...(calls.length > 0 && { tool_calls: calls }),
    ...(blocks.length > 0 && { thinking_blocks: blocks }),
  };
}

/** Signed reasoning of ours comes back in the metadata of its part; what nobody signed cannot be replayed. */
function thinkingBlocks({ type, providerOptions }: PartV4): readonly ThinkingBlock[] {
  const block = type === 'reasoning' ? providerOptions?.[NAME]?.['thinking_block'] : undefined;
  return isThinkingBlock(block) ? [block] : [];
}

function isThinkingBlock(value: unknown): value is ThinkingBlock {
  const { type } = Object(value);
  return type === 'thinking' || type === 'redacted_thinking';
}

function toolMessage({ type, toolCallId, output }: PartV4): ChatMessage[] {
  if (type !== 'tool-result' || !output) return [];
  return [{ role: 'tool', tool_call_id: toolCallId ?? '', content: toolContent(output) }];
}

function toolContent({ type, value, reason }: ToolOutputV4): string | ContentPart[] {
  switch (type) {
    case 'text':
    case 'error-text':
      return String(value);
    case 'execution-denied':
      return reason ?? 'The execution was denied.';
    case 'content':
      return Array.isArray(value) ? value.flatMap(userPart) : '';
    default:
      return JSON.stringify(value ?? null);
  }
}

/** A file is an image, or else a document. */
function userPart(part: PartV4): ContentPart[] {
  if (part.type === 'text') return [{ type: 'text', text: part.text ?? '' }];
  if (part.type !== 'file') return [];
  const url = urlOf(part);
  const { mediaType = '', filename } = part;
  if (mediaType === 'image' || mediaType.startsWith('image/'))
    return [{ type: 'image_url', image_url: { url } }];
  return [{ type: 'file', file: { file_data: url, ...(filename !== undefined && { filename }) } }];
}

/** Data as the specification hands it over: tagged, or bare as in its older versions. */
function urlOf({ data, mediaType = 'application/octet-stream' }: PartV4): string {
  const { type, url, data: tagged, text } = Object(data);
  if (type === 'url') return String(url);
  const bytes: unknown = type === 'data' ? tagged : type === 'text' ? new TextEncoder().encode(text) : data;
  if (bytes instanceof URL) return bytes.href;
  if (bytes instanceof Uint8Array) return `data:${mediaType};base64,${base64(bytes)}`;
  const written = String(bytes);
  return /^(https?:|data:)/.test(written) ? written : `data:${mediaType};base64,${written}`;
}

/** In pieces: a call takes only so many arguments. */
function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8_192)
    text += String.fromCharCode(...bytes.subarray(at, at + 8_192));
  return btoa(text);
}
