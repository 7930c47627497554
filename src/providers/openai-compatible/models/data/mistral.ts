// biome-ignore-all format: one row a line, so that a changed fact is a changed line
// Written by scripts/models.ts from scripts/data/models-mistral.json: change that and run it again.
import type { ModelSpec } from '../../../../provider-kit/index.ts';

const read = { provider: 'mistral', asOf: '2026-11-25' };

/** Models of the host `mistral`, newest line first, each with its source and the day it was read. */
export const mistralModels: readonly ModelSpec[] = [
  { ...read, id: 'mistral-large-4', capabilities: { tools: true, vision: true, structuredOutput: true, reasoning: true }, lifecycle: { status: 'active', released: '2026-10-06' }, source: 'https://github.com/anomalyco/models.dev/blob/d89d7764783b/providers/mistral/models/mistral-large-4.toml' },
  { ...read, id: 'mistral-large-2512', contextWindow: 262144, capabilities: { tools: true, vision: true, reasoning: false, efforts: [] }, lifecycle: { status: 'active', released: '2025-12-02' }, source: 'https://github.com/anomalyco/models.dev/blob/227c9fe5e0ae/models/mistral/mistral-large-2512.toml' },
  { ...read, id: 'mistral-medium-2604', contextWindow: 262144, capabilities: { tools: true, vision: true, structuredOutput: true, reasoning: true, efforts: ['none', 'high'] }, lifecycle: { status: 'active', released: '2026-04-29' }, source: 'https://github.com/anomalyco/models.dev/blob/f6c6f0436717/models/mistral/mistral-medium-2604.toml' },
  { ...read, id: 'mistral-medium-3.5', contextWindow: 262144, capabilities: { tools: true, vision: true, structuredOutput: true, reasoning: true, efforts: ['none', 'high'] }, lifecycle: { status: 'active', released: '2026-04-29' }, source: 'https://github.com/anomalyco/models.dev/blob/f6c6f0436717/models/mistral/mistral-medium-2604.toml' },
  { ...read, id: 'mistral-medium-latest', contextWindow: 262144, capabilities: { tools: true, vision: true, structuredOutput: true, reasoning: true, efforts: ['none', 'high'] }, lifecycle: { status: 'active', released: '2026-04-29' }, source: 'https://github.com/anomalyco/models.dev/blob/f6c6f0436717/models/mistral/mistral-medium-2604.toml' },
  { ...read, id: 'mistral-small-2603', contextWindow: 256000, capabilities: { tools: true, vision: true, reasoning: true, efforts: ['none', 'high'] }, lifecycle: { status: 'active', released: '2026-03-16' }, source: 'https://github.com/anomalyco/models.dev/blob/1a0bdb93f9da/models/mistral/mistral-small-2603.toml' },
  { ...read, id: 'mistral-small-latest', contextWindow: 256000, capabilities: { tools: true, vision: true, reasoning: true, efforts: ['none', 'high'] }, lifecycle: { status: 'active', released: '2026-03-16' }, source: 'https://github.com/anomalyco/models.dev/blob/1a0bdb93f9da/models/mistral/mistral-small-2603.toml' },
];
