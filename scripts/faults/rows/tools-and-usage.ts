import type { Facts } from '../facts.ts';
import type { FaultRow, RowModule } from '../row.ts';

const STREAMS = ['stream', 'folded'] as const;

/** One call of `weather` with exactly these arguments. */
const args =
  (expected: (nonce: string) => string) =>
  ({ got, nonce }: Facts): string | undefined => {
    if (!got || got.error) return undefined;
    const [call, ...others] = got.toolCalls;
    if (!call || others.length > 0) return `${got.toolCalls.length} tool calls`;
    if (got.finish !== 'tool_calls') return `finish reason ${got.finish}`;
    return call.arguments === expected(nonce) ? undefined : `arguments ${JSON.stringify(call.arguments)}`;
  };

const tool = (
  id: string,
  faults: readonly string[],
  check: FaultRow['check'],
  more: Partial<FaultRow> = {},
): FaultRow => ({
  id,
  faults,
  asking: { tools: true },
  companies: ['alone', 'pair'],
  expect: { caller: 'ok', cost: 'rep' },
  text: (nonce) => nonce,
  ...(check && { check }),
  ...more,
});

const twoCalls = ({ got }: Facts): string | undefined => {
  const ids = new Set(got?.toolCalls.map(({ id }) => id));
  return ids.size === 2 && !ids.has('') ? undefined : `${got?.toolCalls.length} calls with ${ids.size} ids`;
};

const usage = (id: string, faults: readonly string[], more: Partial<FaultRow>): FaultRow => ({
  id,
  faults,
  companies: ['alone', 'pair'],
  expect: { caller: 'ok', cost: 'rep' },
  ...more,
});

/** Never a number that is none, and never the host's word for it. */
const saneUsage = ({ got }: Facts): string | undefined => {
  const counts = Object.values(got?.usage ?? {}).filter((value) => typeof value === 'number');
  const odd = counts.find((value) => !Number.isSafeInteger(value) || value < 0);
  if (odd !== undefined) return `usage tells of ${odd}`;
  return got?.costUsd === undefined || got.costUsd >= 0 ? undefined : `costs ${got.costUsd}`;
};

const input =
  (tokens: number) =>
  ({ got }: Facts): string | undefined =>
    got?.usage?.inputTokens === tokens ? undefined : `${got?.usage?.inputTokens} tokens in, not ${tokens}`;

const sumOfAttempts = ({ got }: Facts): string | undefined => {
  if (got?.attempts.length !== 2) return `${got?.attempts.length} attempts listed`;
  const costs = got.attempts.map(({ costUsd }) => costUsd);
  const nano = (usd: number | undefined): number => Math.round((usd ?? Number.NaN) * 1e9);
  // What is unknown of one attempt is unknown of the whole.
  if (costs.includes(undefined))
    return got.costUsd === undefined ? undefined : `${got.costUsd}, of unknown parts`;
  const sum = costs.reduce<number>((total, cost) => total + nano(cost), 0);
  return nano(got.costUsd) === sum ? undefined : `${nano(got.costUsd)} nano-USD, but ${sum} in parts`;
};

/** 2.7: tools and usage. */
export const toolAndUsageRows: RowModule = {
  title: 'Tools and usage',
  rows: [
    tool(
      'G1',
      ['tool-truncated'],
      args((nonce) => `{"city":"${nonce}`),
      { forms: STREAMS },
    ),
    tool('G2', ['tool-cut'], undefined, {
      forms: STREAMS,
      companies: ['alone', 'recovers', 'pair'],
      expect: { caller: 'connection', partial: true, cost: 'est' },
      // Whoever is asked next answers without a tool.
    }),
    tool(
      'G3',
      ['tool-invalid-json'],
      args(() => 'not json'),
      { forms: STREAMS },
    ),
    tool(
      'G4',
      ['tool-empty-args'],
      args(() => '{}'),
      { forms: STREAMS },
    ),
    tool(
      'G5',
      ['tool-args-object'],
      args((nonce) => JSON.stringify({ city: nonce })),
    ),
    tool('G6', ['tool-no-index', 'tool-duplicate-id'], twoCalls, { wires: ['openai'] }),
    // Of two calls with one id the caller could only answer one, and Anthropic's own rule is that ids are unique.
    tool(
      'G6',
      ['tool-duplicate-id'],
      args((nonce) => JSON.stringify({ city: nonce })),
      { wires: ['anthropic'] },
    ),
    usage('U1', ['usage-missing', 'usage-null'], {
      expect: { caller: 'ok', cost: ['est', 'unknown'] },
      check: ({ got }) => (got?.usage === undefined ? undefined : `usage ${JSON.stringify(got.usage)}`),
    }),
    usage('U2', ['usage-hostile;v=negative', 'usage-hostile;v=text', 'usage-hostile;v=infinite'], {
      expect: { caller: 'ok', cost: ['est', 'unknown'] },
      check: saneUsage,
    }),
    usage('U3', ['usage-every-chunk'], {
      forms: STREAMS,
      check: ({ got }) =>
        got?.usage?.outputTokens === 7
          ? undefined
          : `${got?.usage?.outputTokens} tokens out, not the last total`,
    }),
    usage('U4', ['usage-after-stop'], { forms: STREAMS, check: saneUsage }),
    usage('U4', ['x-groq-usage'], { forms: STREAMS, check: input(3) }),
    usage('U5', ['input-tokens-revised'], { forms: STREAMS, check: input(61) }),
    {
      id: 'U6',
      faults: ['seq;s=error-before-content|ok'],
      wires: ['anthropic', 'openai'],
      forms: STREAMS,
      companies: ['alone'],
      asked: [2, 0],
      expect: { caller: 'ok', cost: ['in', 'none'] },
      check: sumOfAttempts,
    },
  ],
};
