// biome-ignore-all format: one row a line, so that a changed fact is a changed line
// Written by scripts/models.ts from scripts/data/models-cerebras.json: change that and run it again.
import type { ModelSpec } from '../../../../provider-kit/index.ts';

const read = { provider: 'cerebras', asOf: '2026-11-25' };

/** Models of the host `cerebras`, newest line first, each with its source and the day it was read. */
export const cerebrasModels: readonly ModelSpec[] = [
  { ...read, id: 'gpt-oss-120b', contextWindow: 131072, maxOutputTokens: 40960, capabilities: { vision: false, reasoning: true, efforts: ['low', 'medium', 'high'] }, lifecycle: { status: 'active' }, source: 'https://www.npmjs.com/package/@earendil-works/pi-ai/v/1.5.2' },
  { ...read, id: 'qwen-3.8-27b', capabilities: { vision: true, reasoning: true, efforts: ['none', 'low', 'medium', 'high'] }, lifecycle: { status: 'active' }, source: 'https://github.com/anomalyco/models.dev/blob/4627ad238eca/providers/cerebras/models/qwen-3.8-27b.toml' },
];
