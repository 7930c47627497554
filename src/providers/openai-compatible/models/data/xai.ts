// biome-ignore-all format: one row a line, so that a changed fact is a changed line
// Written by scripts/models.ts from scripts/data/models-xai.json: change that and run it again.
import type { ModelSpec } from '../../../../provider-kit/index.ts';

const read = { provider: 'xai', asOf: '2026-11-25' };

/** Models of the host `xai`, newest line first, each with its source and the day it was read. */
export const xaiModels: readonly ModelSpec[] = [
  { ...read, id: 'grok-4.7', contextWindow: 500000, capabilities: { tools: true, vision: true, pdf: true, structuredOutput: true, reasoning: true, efforts: ['low', 'medium', 'high', 'xhigh'] }, lifecycle: { status: 'active', released: '2026-09-21' }, source: 'https://github.com/anomalyco/models.dev/blob/c8249f138322/models/xai/grok-4.7.toml' },
  { ...read, id: 'grok-4.6', contextWindow: 500000, capabilities: { tools: true, vision: true, structuredOutput: true, reasoning: true }, lifecycle: { status: 'active', released: '2026-08-12' }, source: 'https://github.com/anomalyco/models.dev/blob/83dc195aeea8/models/xai/grok-4.6.toml' },
  { ...read, id: 'grok-4.5', contextWindow: 500000, capabilities: { tools: true, vision: true, structuredOutput: true, reasoning: true, efforts: ['low', 'medium', 'high'] }, lifecycle: { status: 'active', released: '2026-07-08' }, source: 'https://github.com/anomalyco/models.dev/blob/314deabe1c04/models/xai/grok-4.5.toml' },
  { ...read, id: 'grok-4.3', contextWindow: 1000000, capabilities: { tools: true, vision: true, pdf: true, reasoning: true }, lifecycle: { status: 'active', released: '2026-04-17' }, source: 'https://github.com/anomalyco/models.dev/blob/c98b11d3ee2e/models/xai/grok-4.3.toml' },
  { ...read, id: 'grok-4-1-fast-reasoning', lifecycle: { status: 'retired', retired: '2026-05-15', successor: 'grok-4.3' }, source: 'https://docs.x.ai/docs/migration/may-15-retirement' },
  { ...read, id: 'grok-4-1-fast-non-reasoning', lifecycle: { status: 'retired', retired: '2026-05-15', successor: 'grok-4.3' }, source: 'https://docs.x.ai/docs/migration/may-15-retirement' },
  { ...read, id: 'grok-4-fast-reasoning', lifecycle: { status: 'retired', retired: '2026-05-15', successor: 'grok-4.3' }, source: 'https://docs.x.ai/docs/migration/may-15-retirement' },
  { ...read, id: 'grok-4-fast-non-reasoning', lifecycle: { status: 'retired', retired: '2026-05-15', successor: 'grok-4.3' }, source: 'https://docs.x.ai/docs/migration/may-15-retirement' },
  { ...read, id: 'grok-4-0709', lifecycle: { status: 'retired', retired: '2026-05-15', successor: 'grok-4.3' }, source: 'https://docs.x.ai/docs/migration/may-15-retirement' },
  { ...read, id: 'grok-code-fast-1', lifecycle: { status: 'retired', retired: '2026-05-15', successor: 'grok-4.3' }, source: 'https://docs.x.ai/docs/migration/may-15-retirement' },
  { ...read, id: 'grok-3', lifecycle: { status: 'retired', retired: '2026-05-15', successor: 'grok-4.3' }, source: 'https://docs.x.ai/docs/migration/may-15-retirement' },
];
