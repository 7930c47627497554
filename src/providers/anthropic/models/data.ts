import type { ClaudeModel } from './claude-model.ts';

/** The day on which the table was read. */
const asOf = '2026-11-22';
const overview = 'https://platform.claude.com/docs/en/about-claude/models/overview';

/** What all models since Opus 4.6 have in common; every row states where it differs. */
const since46 = {
  aliases: [],
  contextWindow: 1_000_000,
  maxOutputTokens: 128_000,
  midSystem: true,
  forcedToolUnsupported: false,
  prefill: false,
  fastMode: false,
  structuredOutputs: true,
  serverTools: true,
  inferenceGeo: true,
  boundThinking: false,
  source: overview,
  asOf,
} as const;

const since55 = { ...since46, boundThinking: true, forcedToolUnsupported: true } as const;

/** The 4.5 family: small window, prefill still accepted, budgets instead of effort. */
const family45 = {
  ...since46,
  contextWindow: 200_000,
  maxOutputTokens: 64_000,
  midSystem: false,
  prefill: true,
  inferenceGeo: false,
} as const;

/**
 * Claude models that Anthropic's own API serves, newest line first.
 *
 * Disputed cells take the value that keeps a request alive: forced tools are taken to work on Fable 5, Mythos 5
 * and Mythos Preview, mid-conversation system messages not to work on Sonnet 5.
 *
 * @see contracts, translation section 4.2
 */
export const activeModels: readonly ClaudeModel[] = [
  {
    ...since55,
    id: 'claude-fable-5-2',
    modelClass: 'A',
    assumed: true,
    lifecycle: { status: 'active', released: '2026-11-09' },
  },
  {
    ...since55,
    id: 'claude-mythos-5-2',
    modelClass: 'A',
    assumed: true,
    lifecycle: { status: 'active', released: '2026-11-09' },
  },
  {
    ...since55,
    id: 'claude-haiku-5-5',
    modelClass: 'C',
    defaultEffort: 'medium',
    forcedToolUnsupported: false,
    lifecycle: { status: 'active', released: '2026-10-07', notRetiredBefore: '2027-10-07' },
  },
  {
    ...since55,
    id: 'claude-sonnet-5-5',
    modelClass: 'B',
    defaultEffort: 'high',
    lifecycle: { status: 'active', released: '2026-09-28', notRetiredBefore: '2027-09-28' },
  },
  {
    ...since55,
    id: 'claude-opus-5-5',
    modelClass: 'A',
    defaultEffort: 'medium',
    lifecycle: { status: 'active', released: '2026-09-22', notRetiredBefore: '2027-09-22' },
  },
  {
    ...since55,
    id: 'claude-fable-5-1',
    modelClass: 'A',
    defaultEffort: 'high',
    lifecycle: { status: 'active', released: '2026-09-01', notRetiredBefore: '2027-09-01' },
  },
  {
    ...since55,
    id: 'claude-mythos-5-1',
    modelClass: 'A',
    defaultEffort: 'high',
    lifecycle: { status: 'active', released: '2026-09-01', notRetiredBefore: '2027-09-01' },
  },
  {
    ...since46,
    id: 'claude-opus-5',
    modelClass: 'C',
    defaultEffort: 'high',
    fastMode: true,
    lifecycle: { status: 'active', released: '2026-07-24', notRetiredBefore: '2027-07-24' },
  },
  {
    ...since46,
    id: 'claude-sonnet-5',
    modelClass: 'D',
    defaultEffort: 'high',
    midSystem: false,
    lifecycle: { status: 'active', released: '2026-06-30', notRetiredBefore: '2027-06-30' },
  },
  {
    ...since46,
    id: 'claude-fable-5',
    modelClass: 'A',
    defaultEffort: 'high',
    lifecycle: { status: 'active', released: '2026-06-09', notRetiredBefore: '2027-06-09' },
  },
  {
    ...since46,
    id: 'claude-mythos-5',
    modelClass: 'A',
    defaultEffort: 'high',
    lifecycle: { status: 'active', released: '2026-06-09', notRetiredBefore: '2027-06-09' },
  },
  {
    ...since46,
    id: 'claude-opus-4-8',
    modelClass: 'E',
    defaultEffort: 'high',
    fastMode: true,
    lifecycle: { status: 'active', released: '2026-05-28', notRetiredBefore: '2027-05-28' },
  },
  {
    ...since46,
    id: 'claude-opus-4-7',
    modelClass: 'E',
    defaultEffort: 'high',
    midSystem: false,
    lifecycle: { status: 'active', released: '2026-04-16', notRetiredBefore: '2027-04-16' },
  },
  {
    ...since46,
    id: 'claude-mythos-preview',
    modelClass: 'A_preview',
    defaultEffort: 'high',
    midSystem: false,
    assumed: true,
    // No date and no successor are published for it.
    lifecycle: { status: 'deprecated' },
  },
  {
    ...since46,
    id: 'claude-opus-4-6',
    modelClass: 'F',
    defaultEffort: 'high',
    midSystem: false,
    lifecycle: { status: 'active', released: '2026-02-05', notRetiredBefore: '2027-02-05' },
  },
  {
    ...since46,
    id: 'claude-sonnet-4-6',
    modelClass: 'F',
    defaultEffort: 'high',
    midSystem: false,
    lifecycle: { status: 'active', released: '2026-02-17', notRetiredBefore: '2027-02-17' },
  },
  {
    ...family45,
    id: 'claude-opus-4-5-20251101',
    aliases: ['claude-opus-4-5'],
    modelClass: 'G',
    defaultEffort: 'high',
    lifecycle: { status: 'active', released: '2025-11-24', notRetiredBefore: '2026-11-24' },
  },
  {
    ...family45,
    id: 'claude-haiku-4-5-20251001',
    aliases: ['claude-haiku-4-5'],
    modelClass: 'H',
    lifecycle: { status: 'active', released: '2025-10-15', notRetiredBefore: '2026-10-15' },
  },
  {
    ...family45,
    id: 'claude-sonnet-4-5-20250929',
    aliases: ['claude-sonnet-4-5'],
    modelClass: 'H',
    lifecycle: {
      status: 'deprecated',
      released: '2025-09-29',
      deprecated: '2026-09-30',
      retires: '2026-11-30',
      successor: 'claude-sonnet-5-5',
    },
  },
];

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
  asOf,
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
