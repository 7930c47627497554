import type { ChatRequest, Warning } from '../../../provider-kit/index.ts';
import { type ChatContext, type ChatEncodeOptions, createChatContext, warnOnceOf } from './chat-context.ts';
import { dropHouseParams, dropRefusedParams, limitStops, nameLengthLimit, setStream } from './chat-params.ts';
import { fitFormat } from './format-param.ts';
import { endOfSystem, orderMessages } from './message-order.ts';
import { fitToolsToModel } from './model-tools.ts';
import { fitTools } from './tool-params.ts';
import { MessageWriter, type WireMessage } from './wire-message.ts';

export type { ChatEncodeOptions } from './chat-context.ts';

/** A request for an OpenAI-style host, and what the caller should know about it. */
export interface EncodedChat {
  readonly body: Readonly<Record<string, unknown>>;
  readonly warnings: readonly Warning[];
}

/**
 * The caller's request as it goes to the host: unchanged, but for what 4.5 and the host's quirks demand.
 *
 * Pure: the same request makes the same body, and its first turns make the first turns of the next (T-10). The
 * request is never changed; what needs no change is shared with it.
 *
 * @throws ProviderError `invalid_request` for tools on a model that takes none, and where something would be dropped
 *   and `strict` forbids it
 */
export function encodeChat(request: ChatRequest, options: ChatEncodeOptions): EncodedChat {
  const context = createChatContext(request, options);
  const { params, warnings } = context;
  params.set('model', options.model);
  fitToolsToModel(context);
  dropHouseParams(context);
  dropRefusedParams(context);
  nameLengthLimit(context);
  limitStops(context);
  fitTools(context);
  params.set('messages', writeMessages(context, fitFormat(context)));
  setStream(context);
  return { body: Object.fromEntries(params), warnings };
}

function writeMessages(context: ChatContext, instruction: string | undefined): readonly WireMessage[] {
  const writer = new MessageWriter(context);
  const written = context.request.messages.map((message, index) => writer.write(message, index));
  // What is put in before them moves the places of all later messages.
  const moved = instruction === undefined ? 0 : 1;
  return orderMessages(instructed(written, instruction), context.quirks, (index) => {
    warnOnceOf(
      context,
      `messages[${index - moved}]`,
      'sent as the user: this host takes system messages at the beginning only',
      'system_downgraded',
    );
  });
}

/** After the caller's own system messages, which then remain a common beginning. */
function instructed(
  messages: readonly WireMessage[],
  instruction: string | undefined,
): readonly WireMessage[] {
  if (instruction === undefined) return messages;
  const end = endOfSystem(messages);
  return [...messages.slice(0, end), { role: 'system', content: instruction }, ...messages.slice(end)];
}
