import type { ClaudeModel } from './claude-model.ts';

const deprecations = 'https://platform.claude.com/docs/en/about-claude/model-deprecations';

/** Models before 4.5: no effort, no structured outputs, no system messages between turns. */
const legacy = {
  aliases: [],
  contextWindow: 200_000,
  midSystem: false,
  forcedToolUnsupported: false,
  prefill: true,
  fastMode: false,
  structuredOutputs: false,
  serverTools: true,
  inferenceGeo: false,
  boundThinking: false,
  source: deprecations,
  asOf: '2026-11-22',
} as const;

const thinkingWithBudget = { ...legacy, modelClass: 'H' } as const;
const withoutThinking = { ...legacy, modelClass: 'I', serverTools: false } as const;

/**
 * Claude models that Anthropic's own API answers with 404. Clouds and proxies may still serve them (MOD-4).
 *
 * @see contracts, translation section 4.3
 */
export const retiredModels: readonly ClaudeModel[] = [
  {
    ...withoutThinking,
    id: 'claude-3-5-sonnet-20241022',
    aliases: ['claude-3-5-sonnet', 'claude-3-5-sonnet-latest'],
    maxOutputTokens: 8192,
    lifecycle: {
      status: 'retired',
      deprecated: '2025-08-13',
      retired: '2025-10-28',
      successor: 'claude-sonnet-4-6',
      preferred: 'claude-sonnet-5-5',
    },
  },
  {
    ...withoutThinking,
    id: 'claude-3-5-haiku-20241022',
    aliases: ['claude-3-5-haiku', 'claude-3-5-haiku-latest'],
    maxOutputTokens: 8192,
    lifecycle: {
      status: 'retired',
      deprecated: '2025-12-19',
      retired: '2026-02-19',
      successor: 'claude-haiku-4-5-20251001',
      preferred: 'claude-haiku-5-5',
    },
  },
  {
    ...withoutThinking,
    id: 'claude-3-opus-20240229',
    aliases: ['claude-3-opus', 'claude-3-opus-latest'],
    maxOutputTokens: 4096,
    lifecycle: {
      status: 'retired',
      deprecated: '2025-06-30',
      retired: '2026-01-05',
      successor: 'claude-opus-4-8',
      preferred: 'claude-opus-5-5',
    },
  },
  {
    ...withoutThinking,
    id: 'claude-3-sonnet-20240229',
    aliases: ['claude-3-sonnet'],
    maxOutputTokens: 4096,
    lifecycle: {
      status: 'retired',
      deprecated: '2025-01-21',
      retired: '2025-07-21',
      successor: 'claude-sonnet-4-6',
    },
  },
  {
    ...withoutThinking,
    id: 'claude-3-haiku-20240307',
    aliases: ['claude-3-haiku'],
    maxOutputTokens: 4096,
    lifecycle: {
      status: 'retired',
      deprecated: '2026-02-19',
      retired: '2026-04-20',
      successor: 'claude-haiku-4-5-20251001',
    },
  },
  {
    ...withoutThinking,
    id: 'claude-3-5-sonnet-20240620',
    maxOutputTokens: 8192,
    lifecycle: {
      status: 'retired',
      deprecated: '2025-08-13',
      retired: '2025-10-28',
      successor: 'claude-sonnet-4-6',
    },
  },
  {
    ...thinkingWithBudget,
    id: 'claude-3-7-sonnet-20250219',
    aliases: ['claude-3-7-sonnet', 'claude-3-7-sonnet-latest'],
    maxOutputTokens: 64_000,
    lifecycle: {
      status: 'retired',
      deprecated: '2025-10-28',
      retired: '2026-02-19',
      successor: 'claude-sonnet-4-6',
    },
  },
  {
    ...thinkingWithBudget,
    id: 'claude-sonnet-4-20250514',
    aliases: ['claude-sonnet-4', 'claude-sonnet-4-0'],
    maxOutputTokens: 64_000,
    lifecycle: {
      status: 'retired',
      deprecated: '2026-04-14',
      retired: '2026-06-15',
      successor: 'claude-sonnet-4-6',
    },
  },
  {
    ...thinkingWithBudget,
    id: 'claude-opus-4-20250514',
    aliases: ['claude-opus-4', 'claude-opus-4-0'],
    maxOutputTokens: 32_000,
    lifecycle: {
      status: 'retired',
      deprecated: '2026-04-14',
      retired: '2026-06-15',
      successor: 'claude-opus-4-8',
    },
  },
  {
    ...thinkingWithBudget,
    id: 'claude-opus-4-1-20250805',
    aliases: ['claude-opus-4-1'],
    maxOutputTokens: 32_000,
    lifecycle: {
      status: 'retired',
      deprecated: '2026-06-05',
      retired: '2026-08-05',
      successor: 'claude-opus-4-8',
    },
  },
  {
    ...withoutThinking,
    id: 'claude-2.0',
    contextWindow: 100_000,
    maxOutputTokens: 4096,
    lifecycle: {
      status: 'retired',
      deprecated: '2025-01-21',
      retired: '2025-07-21',
      successor: 'claude-opus-4-8',
    },
  },
  {
    ...withoutThinking,
    id: 'claude-2.1',
    maxOutputTokens: 4096,
    lifecycle: {
      status: 'retired',
      deprecated: '2025-01-21',
      retired: '2025-07-21',
      successor: 'claude-opus-4-8',
    },
  },
];

/** Facts of `claude-1.*` and `claude-instant-*`, whose many ids share one row. Neither has a successor. */
export const firstGeneration: Omit<ClaudeModel, 'id' | 'contextWindow'> = {
  ...withoutThinking,
  maxOutputTokens: 4096,
  lifecycle: { status: 'retired', deprecated: '2024-09-04', retired: '2024-11-06' },
};
