import fc from 'fast-check';
import type OpenAI from 'openai7';
import type { RawRequest } from '../../providers/anthropic/encode/encoding.ts';
import { anyConversation, longConversation } from './conversations.ts';
import { extended, nativeTools, requestExtensions } from './extensions.ts';
import { anySettings } from './settings.ts';
import { toolFields } from './tool-settings.ts';

/** A request as OpenAI's own package would let it through. */
export type OpenAIRequest = OpenAI.ChatCompletionCreateParams;

/** Any valid request of OpenAI's API. Typed by OpenAI's package, so that the compiler vouches for the word "valid". */
export const openAIRequest: fc.Arbitrary<OpenAIRequest> = fc
  .record({
    messages: fc.oneof(
      { weight: 60, arbitrary: anyConversation },
      { weight: 1, arbitrary: longConversation },
    ),
    tools: toolFields,
    settings: anySettings,
    stream: fc.boolean(),
  })
  .map(({ messages, tools, settings, stream }) => ({
    model: 'claude',
    messages,
    ...tools,
    ...settings,
    stream,
  }));

/** The same with everything that callers add for Claude. */
export const extendedRequest: fc.Arbitrary<RawRequest> = openAIRequest.chain(({ messages, ...request }) =>
  fc
    .record({
      messages: fc.tuple(...messages.map((message) => extended({ ...message }))),
      more: requestExtensions,
      tools: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: nativeTools }),
    })
    .map(({ messages: changed, more, tools }) => ({
      ...request,
      ...more,
      messages: changed,
      ...(tools.length > 0 && !('functions' in request) && { tools: [...(request.tools ?? []), ...tools] }),
    })),
);

/** Plain for one half, with extensions for the other. */
export const anyRequest: fc.Arbitrary<RawRequest> = fc.oneof(
  openAIRequest.map((request): RawRequest => ({ ...request })),
  extendedRequest,
);

/** One model of each class, and one of each kind of unknown. */
export const anyModel: fc.Arbitrary<string> = fc.constantFrom(
  'claude-opus-5-5',
  'claude-mythos-preview',
  'claude-sonnet-5-5',
  'claude-haiku-5-5',
  'claude-opus-5',
  'claude-sonnet-5',
  'claude-opus-4-8',
  'claude-opus-4-7',
  'claude-sonnet-4-6',
  'claude-opus-4-5',
  'claude-haiku-4-5',
  'claude-3-7-sonnet',
  'claude-3-haiku',
  'claude-nova-9',
  'claude-fable-7',
);
