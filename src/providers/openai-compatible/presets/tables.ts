import type { ModelSpec } from '../../../provider-kit/index.ts';
import { cerebrasModels } from '../models/data/cerebras.ts';
import { cohereModels } from '../models/data/cohere.ts';
import { deepseekModels } from '../models/data/deepseek.ts';
import { geminiModels } from '../models/data/gemini.ts';
import { groqModels } from '../models/data/groq.ts';
import { mistralModels } from '../models/data/mistral.ts';
import { openaiModels } from '../models/data/openai.ts';
import { perplexityModels } from '../models/data/perplexity.ts';
import { xaiModels } from '../models/data/xai.ts';
import type { PresetName } from './preset-row.ts';

/**
 * What is known of the models of each host. Hosts that serve whatever one deploys or rents have no table: they take
 * every name, and nothing is known of it.
 */
export const tables: Readonly<Partial<Record<PresetName, readonly ModelSpec[]>>> = {
  openai: openaiModels,
  groq: groqModels,
  mistral: mistralModels,
  deepseek: deepseekModels,
  xai: xaiModels,
  perplexity: perplexityModels,
  cohere: cohereModels,
  gemini: geminiModels,
  cerebras: cerebrasModels,
};
