import type { ModelSpec } from '../../../provider-kit/index.ts';
import { type ClaudeModel, classFacts } from './claude-model.ts';
import { activeModels, retiredModels } from './data.ts';

/** The whole table as the pool reads it, retired models included: a proxy may still serve them. */
export function modelSpecs(): readonly ModelSpec[] {
  return [...activeModels, ...retiredModels].map(toSpec);
}

/** All models take text, images, tools and, as far as is known, PDF files (4.2); Claude 2 took text. */
function toSpec(model: ClaudeModel): ModelSpec {
  const isClaude2 = model.id.startsWith('claude-2');
  return {
    id: model.id,
    aliases: model.aliases,
    provider: 'anthropic',
    ...(model.contextWindow !== undefined && { contextWindow: model.contextWindow }),
    ...(model.maxOutputTokens !== undefined && { maxOutputTokens: model.maxOutputTokens }),
    capabilities: {
      tools: !isClaude2,
      vision: !isClaude2,
      // Not every 3.x model read PDF files, and the table does not say which: unknown excludes nothing.
      ...(model.modelClass !== 'I' && { pdf: true }),
      structuredOutput: model.structuredOutputs,
      reasoning: model.modelClass !== 'I',
      ...classFacts[model.modelClass],
    },
    lifecycle: model.lifecycle,
    source: model.source,
    asOf: model.asOf,
  };
}
