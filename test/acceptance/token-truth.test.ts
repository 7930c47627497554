import { type ChatRequest, type LedgerRow, type LedgerSink, ProviderPool } from 'runestone';
import { anthropic } from 'runestone/providers/anthropic';
import { openai } from 'runestone/providers/openai-compatible';
import { type BilledTokens, reply, startUpstream } from 'runestone/testing';
import { expect, it } from 'vitest';
import { runs } from '../runs.ts';

/** 2,000 in the suite; 10,000 with `npm run test:truth`. */
const REQUESTS = runs(10).numRuns;
const IN_FLIGHT = 16;

const tools: NonNullable<ChatRequest['tools']> = [
  {
    type: 'function',
    function: {
      name: 'weather',
      description: 'Tells the weather of a place.',
      parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    },
  },
];

const system = (ttl: '5m' | '1h', n: number): ChatRequest['messages'][number] => ({
  role: 'system',
  content: [
    {
      type: 'text',
      text: `You are assistant ${n % 40}. ${'Be brief and kind. '.repeat(20)}`,
      cache_control: { type: 'ephemeral', ttl },
    },
  ],
});

/** Requests of every kind: whole and streamed, on both wires, cached for 5 minutes and an hour, tools, thinking. */
function requestOf(n: number): ChatRequest {
  const question = {
    role: 'user' as const,
    content: `Question ${n}: how is the weather in ${'x'.repeat(n % 50)}?`,
  };
  const call = {
    id: `call_${n}`,
    type: 'function' as const,
    function: { name: 'weather', arguments: '{"city":"Rome"}' },
  };
  const turns: ChatRequest['messages'] = [
    question,
    { role: 'assistant', content: null, tool_calls: [call] },
    { role: 'tool', tool_call_id: call.id, content: 'Sunny, 21 degrees.' },
  ];
  switch (n % 6) {
    case 0:
      return { model: 'anthropic/claude-haiku-4-5', messages: [system('5m', n), question] };
    case 1:
      return {
        model: 'anthropic/claude-haiku-4-5',
        messages: [system('1h', n), question],
        thinking: { type: 'enabled', budget_tokens: 1_024 },
      };
    case 2:
      return { model: 'anthropic/claude-sonnet-5-5', messages: [system('5m', n), question], tools };
    case 3:
      return { model: 'anthropic/claude-haiku-4-5', messages: [system('1h', n), ...turns], tools };
    case 4:
      return { model: 'openai/gpt-5.5', messages: [question], tools };
    default:
      return { model: 'openai/gpt-5.5', messages: turns, tools };
  }
}

const BUCKETS = [
  ...(['inputTokens', 'cacheReadTokens', 'cacheWrite5mTokens', 'cacheWrite1hTokens'] as const),
  ...(['outputTokens', 'reasoningTokens'] as const),
] satisfies (keyof BilledTokens)[];

/** Sums of every bucket, by model. */
function totals(lines: Iterable<Partial<BilledTokens>>): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const line of lines) {
    for (const bucket of BUCKETS) {
      const name = `${line.model} ${bucket}`;
      sums[name] = (sums[name] ?? 0) + (line[bucket] ?? 0);
    }
  }
  return sums;
}

it(`the ledger equals the upstream's own count to the token, over ${REQUESTS} requests with cache, tools and thinking`, async () => {
  const rows: LedgerRow[] = [];
  const sink: LedgerSink = { write: (batch) => void rows.push(...batch) };
  await using upstream = await startUpstream({
    respond: ({ body }, n) => {
      // Turned away and asked again: that costs nothing, and must change nothing.
      if (n % 23 === 0) return reply.status(529);
      // By itself it hides its thoughts.
      return Object(body).thinking
        ? reply.thinking('Hm, '.repeat(n % 30), { text: `Answer ${n}.` })
        : undefined;
    },
  });
  const pool = new ProviderPool({
    providers: [
      anthropic({ apiKey: 'key', baseURL: upstream.url }),
      openai({ apiKey: 'key', baseURL: `${upstream.url}/v1` }),
    ],
    retry: { attempts: 10, attemptsPerTarget: 10, baseDelayMs: 1, maxDelayMs: 1, budget: { ratio: 1 } },
    breaker: false,
    cost: { prices: { 'gpt-5.5': { inputUsdPerMTok: 1, outputUsdPerMTok: 10, cacheReadUsdPerMTok: 0.1 } } },
    ledger: { sink },
  });
  let next = 0;
  const work = async (): Promise<void> => {
    for (let n = next++; n < REQUESTS; n = next++) {
      const request = requestOf(n);
      if (n % 4 < 2) await pool.request(request);
      else await (await pool.streamRequest(request)).completion();
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, work));
  const { day } = pool.stats().spend;
  await pool.close();

  const billed = upstream.requests.flatMap((entry) => entry.billed ?? []);
  expect(billed).toHaveLength(REQUESTS);
  expect(rows).toHaveLength(upstream.requests.length);
  const booked = rows.map(({ servedModel = '', usage }) => ({ model: servedModel, ...usage }));
  const answered = booked.filter(({ model }) => model !== '');
  expect(totals(answered)).toEqual(totals(billed));
  // The same sums where a dashboard looks for them, and nothing that is not known.
  expect(day.total.attempts).toBe(rows.length);
  expect(day.total.precision).toBe('reported');
  for (const bucket of BUCKETS) {
    const sum = billed.reduce((total, bill) => total + bill[bucket], 0);
    expect([bucket, day.total.tokens[bucket]]).toEqual([bucket, sum]);
    // The mix has something in every bucket.
    expect(sum, bucket).toBeGreaterThan(0);
  }
  expect(day.total.nanoUsd).toBe(rows.reduce((sum, { costNanoUsd = Number.NaN }) => sum + costNanoUsd, 0));
}, 120_000);
