// biome-ignore-all format: one row a line, so that a changed fact is a changed line
// Written by scripts/models.ts from scripts/data/models-cohere.json: change that and run it again.
import type { ModelSpec } from '../../../../provider-kit/index.ts';

const read = { provider: 'cohere', asOf: '2026-11-25' };

/** Models of the host `cohere`, newest line first, each with its source and the day it was read. */
export const cohereModels: readonly ModelSpec[] = [
  { ...read, id: 'command-a-plus-05-2026', contextWindow: 128000, maxOutputTokens: 64000, capabilities: { tools: true, vision: true, structuredOutput: true, reasoning: true }, lifecycle: { status: 'active', released: '2026-05-20' }, source: 'https://github.com/anomalyco/models.dev/blob/cc7a549af27b/models/cohere/command-a-plus-05-2026.toml' },
  { ...read, id: 'command-a-reasoning-08-2025', contextWindow: 256000, maxOutputTokens: 32000, capabilities: { tools: true, structuredOutput: true, reasoning: true }, lifecycle: { status: 'active', released: '2025-08-21' }, source: 'https://docs.cohere.com/docs/command-a-reasoning' },
  { ...read, id: 'command-a-03-2025', contextWindow: 256000, maxOutputTokens: 8000, capabilities: { tools: true, reasoning: false }, lifecycle: { status: 'active', released: '2025-03-13' }, source: 'https://github.com/anomalyco/models.dev/blob/a59ebb2f476f/models/cohere/command-a-03-2025.toml' },
];
