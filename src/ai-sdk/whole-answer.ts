import type { ChatCompletion } from '../index.ts';
import { finishReasonOf, metadataOf, sourceOf, usageOf, warningsOf } from './end-parts.ts';
import { NAME } from './read-prompt.ts';
import type { ContentV4, GenerateResultV4, WarningV4 } from './spec.ts';

/** A whole answer in the words of the AI SDK. */
export function wholeAnswer(completion: ChatCompletion, warnings: readonly WarningV4[]): GenerateResultV4 {
  const { id, created, model, runestone, choices } = completion;
  const [choice] = choices;
  return {
    content: choice ? contentOf(choice.message) : [],
    finishReason: finishReasonOf(choice?.finish_reason ?? 'other', choice?.native_finish_reason),
    usage: usageOf(runestone),
    providerMetadata: metadataOf(runestone),
    response: { id, timestamp: new Date(created * 1_000), modelId: model },
    warnings: [...warnings, ...warningsOf(runestone)],
  };
}

function contentOf(message: ChatCompletion['choices'][number]['message']): ContentV4[] {
  const { content, refusal, tool_calls: calls = [], annotations = [] } = message;
  const text = (content ?? '') + (refusal ?? '');
  return [
    ...reasoningOf(message),
    ...(text === '' ? [] : [{ type: 'text' as const, text }]),
    ...annotations.map(sourceOf),
    ...calls.flatMap((call): ContentV4[] =>
      call.type === 'function'
        ? [
            {
              type: 'tool-call',
              toolCallId: call.id,
              toolName: call.function.name,
              input: call.function.arguments,
            },
          ]
        : [],
    ),
  ];
}

/** Signed blocks one by one, so that each can be replayed; else what can be read of it. */
function reasoningOf(message: ChatCompletion['choices'][number]['message']): ContentV4[] {
  const { thinking_blocks: blocks = [], reasoning_content: text } = message;
  if (blocks.length === 0) return text ? [{ type: 'reasoning', text }] : [];
  return blocks.map((block) => ({
    type: 'reasoning',
    text: block.type === 'thinking' ? block.thinking : '',
    providerMetadata: { [NAME]: { thinking_block: block } },
  }));
}
