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
