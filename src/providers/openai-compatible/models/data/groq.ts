// biome-ignore-all format: one row a line, so that a changed fact is a changed line
// Written by scripts/models.ts from scripts/data/models-groq.json: change that and run it again.
import type { ModelSpec } from '../../../../provider-kit/index.ts';

const read = { provider: 'groq', asOf: '2026-11-25' };

/** Models of the host `groq`, newest line first, each with its source and the day it was read. */
export const groqModels: readonly ModelSpec[] = [
  { ...read, id: 'openai/gpt-oss-120b', contextWindow: 131072, maxOutputTokens: 65536, capabilities: { tools: true, vision: false, structuredOutput: true, reasoning: true, efforts: ['low', 'medium', 'high'] }, lifecycle: { status: 'active', released: '2025-08-05' }, source: 'https://github.com/anomalyco/models.dev/blob/3beb135e2377/providers/groq/models/openai/gpt-oss-120b.toml' },
  { ...read, id: 'openai/gpt-oss-20b', contextWindow: 131072, maxOutputTokens: 65536, capabilities: { tools: true, vision: false, structuredOutput: true, reasoning: true, efforts: ['low', 'medium', 'high'] }, lifecycle: { status: 'active', released: '2025-08-05' }, source: 'https://github.com/anomalyco/models.dev/blob/3beb135e2377/providers/groq/models/openai/gpt-oss-20b.toml' },
  { ...read, id: 'qwen/qwen3.8-27b', contextWindow: 131042, maxOutputTokens: 16384, capabilities: { vision: true, reasoning: true }, lifecycle: { status: 'active' }, source: 'https://github.com/anomalyco/models.dev/blob/b035760ce447/providers/groq/models/qwen/qwen3.8-27b.toml' },
  { ...read, id: 'llama-3.3-70b-versatile', contextWindow: 131072, maxOutputTokens: 32768, capabilities: { vision: false, reasoning: false }, lifecycle: { status: 'deprecated', retires: '2026-08-16', successor: 'openai/gpt-oss-120b' }, source: 'https://www.npmjs.com/package/@earendil-works/pi-ai/v/1.5.2' },
];
