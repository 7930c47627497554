import { isRecord } from '../../src/chat/json.ts';
import type { WireBody } from '../../src/providers/anthropic/encode/claude-wire.ts';
import type { ClaudeModel } from '../../src/providers/anthropic/models/claude-model.ts';

/**
 * What one model would refuse of a body that other models take (0.6 and 1.8 of the contract).
 */
export function modelFaults(body: WireBody, model: ClaudeModel): string[] {
  return [...lastTurnFaults(body, model), ...roleFaults(body, model), ...thinkingFaults(body, model)];
}

/** The end of the conversation: a prefill where there may be one, and no white space at its end (MSG-18). */
function lastTurnFaults({ messages }: WireBody, model: ClaudeModel): string[] {
  const last = messages.at(-1);
  const end = last?.content.at(-1);
  // An answer that was paused in the middle of a server tool is resumed, not prefilled (MSG-19).
  if (last?.role !== 'assistant' || end?.type === 'server_tool_use' || isPaused(last.content)) return [];
  return [
    ...(model.prefill ? [] : ['This model does not support assistant message prefill']),
    ...(end?.type === 'text' && /\s$/.test(String(end['text'])) ? ['trailing whitespace'] : []),
  ];
}

const isPaused = (content: WireBody['messages'][number]['content']): boolean =>
  content.some(({ type }) => type === 'server_tool_use');

function roleFaults({ messages, tool_choice: choice, speed }: WireBody, model: ClaudeModel): string[] {
  const isForced = choice?.type === 'any' || choice?.type === 'tool';
  return [
    ...(!model.midSystem && messages.some(({ role }) => role === 'system')
      ? ['system: not a role here']
      : []),
    ...(isForced && model.forcedToolUnsupported ? ['tool_choice: not supported for this model'] : []),
    ...(speed !== undefined && !model.fastMode ? ['speed: not supported for this model'] : []),
  ];
}

/** Kinds of `thinking` by class of model. */
const ACCEPTED: Readonly<Record<ClaudeModel['modelClass'], string>> = {
  A: 'adaptive',
  A_preview: 'adaptive enabled',
  B: 'adaptive between_tools',
  C: 'adaptive disabled',
  D: 'adaptive disabled',
  E: 'adaptive disabled',
  F: 'adaptive enabled disabled',
  G: 'enabled disabled',
  H: 'enabled disabled',
  I: '',
};

/** Thinking and effort: what the class takes, with a budget inside the cap. */
function thinkingFaults(body: WireBody, { modelClass }: ClaudeModel): string[] {
  const thinking = isRecord(body['thinking']) ? body['thinking'] : {};
  const config = isRecord(body['output_config']) ? body['output_config'] : {};
  const { type, budget_tokens: budget } = thinking;
  const { effort } = config;
  const isLimited = type === 'between_tools' || (type === 'disabled' && modelClass === 'C');
  return [
    ...(type !== undefined && !ACCEPTED[modelClass].split(' ').includes(String(type))
      ? [`thinking.type: ${String(type)} is not supported for this model`]
      : []),
    ...(type === 'enabled' && Number(budget) >= body.max_tokens
      ? ['thinking.budget_tokens: above max_tokens']
      : []),
    ...(effort != null && 'HI'.includes(modelClass) ? ['effort: not supported'] : []),
    ...(effort === 'xhigh' && 'FG'.includes(modelClass) ? ['effort: no xhigh'] : []),
    ...(isLimited && (effort === 'xhigh' || effort === 'max') ? ['effort: too high for this thinking'] : []),
  ];
}
