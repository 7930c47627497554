// biome-ignore-all format: one row a line, so that a changed fact is a changed line
// Written by scripts/models.ts from scripts/data/models-deepseek.json: change that and run it again.
import type { ModelSpec } from '../../../../provider-kit/index.ts';

const read = { provider: 'deepseek', asOf: '2026-11-25' };

/** Models of the host `deepseek`, newest line first, each with its source and the day it was read. */
export const deepseekModels: readonly ModelSpec[] = [
  { ...read, id: 'deepseek-flash', aliases: ['deepseek-v4-flash', 'deepseek-v4-flash-vision-exp'], contextWindow: 1000000, maxOutputTokens: 384000, capabilities: { tools: true, vision: true, reasoning: true, efforts: ['low', 'high', 'max'] }, lifecycle: { status: 'active' }, source: 'https://api-docs.deepseek.com/zh-cn/quick_start/pricing/' },
  { ...read, id: 'deepseek-v4-pro', contextWindow: 1000000, maxOutputTokens: 384000, capabilities: { tools: true, vision: false, reasoning: true, efforts: ['high', 'max'] }, lifecycle: { status: 'active' }, source: 'https://api-docs.deepseek.com/zh-cn/quick_start/pricing/' },
];
