// biome-ignore-all format: one row a line, so that a changed fact is a changed line
// Written by scripts/models.ts from scripts/data/models-perplexity.json: change that and run it again.
import type { ModelSpec } from '../../../../provider-kit/index.ts';

const read = { provider: 'perplexity', asOf: '2026-11-25' };

/** Models of the host `perplexity`, newest line first, each with its source and the day it was read. */
export const perplexityModels: readonly ModelSpec[] = [
  { ...read, id: 'sonar-pro', contextWindow: 200000, capabilities: { tools: false, reasoning: false }, lifecycle: { status: 'retired', retired: '2026-09-27' }, source: 'https://github.com/anomalyco/models.dev/blob/12e75ca36ff8/providers/perplexity/models/sonar-pro.toml' },
  { ...read, id: 'sonar', contextWindow: 128000, capabilities: { tools: false, reasoning: false }, lifecycle: { status: 'retired', retired: '2026-09-27' }, source: 'https://github.com/anomalyco/models.dev/blob/bf3bf22859d9/providers/perplexity/models/sonar.toml' },
  { ...read, id: 'sonar-reasoning-pro', contextWindow: 128000, capabilities: { tools: false, reasoning: true }, lifecycle: { status: 'retired', retired: '2026-09-27' }, source: 'https://github.com/anomalyco/models.dev/blob/12e75ca36ff8/providers/perplexity/models/sonar-reasoning-pro.toml' },
  { ...read, id: 'sonar-deep-research', contextWindow: 128000, capabilities: { tools: false, reasoning: true }, lifecycle: { status: 'retired', retired: '2026-09-27' }, source: 'https://github.com/anomalyco/models.dev/blob/851c54416bbf/providers/perplexity/models/sonar-deep-research.toml' },
];
