// A host that answers by what it is asked for, a pool in front of it, and the pool's two doors.
import { ProviderPool } from '../../dist/index.js';
import { serve } from '../../dist/node.js';
import { anthropic } from '../../dist/providers/anthropic/index.js';
import { reply, startUpstream } from '../../dist/testing.js';

export const MODEL = 'claude-haiku-4-5';
export const SENTENCE = 'Good day to you all.';
export const CITY = { city: 'Paris', degrees: 21 };

const LONG = Array.from({ length: 200 }, (_, index) => `word${index}`).join(' ');

/** What is asked for is the first word of the first turn. */
function respond({ body }) {
  const text = JSON.stringify(body.messages);
  if (text.includes('SLOW')) return reply.text(LONG, { delayMs: 20 });
  if (text.includes('CUT')) return reply.cut({ after: 3, answer: reply.text(LONG) });
  if (text.includes('TOOLS')) {
    if (text.includes('tool_result')) return reply.text('It is 21 degrees in Paris.');
    return reply.tools([{ name: 'weather', input: { city: 'Paris' } }]);
  }
  if (text.includes('STRUCTURED')) {
    const forced = body.tools?.find(({ name }) => name === body.tool_choice?.name) ?? body.tools?.[0];
    if (!body.output_config?.format && forced) return reply.tools([{ name: forced.name, input: CITY }]);
    return reply.text(JSON.stringify(CITY));
  }
  return reply.text(SENTENCE);
}

/** @param door - `fetch` for `pool.fetch` in this process, `http` for a port */
export async function openWorld(door) {
  const upstream = await startUpstream({ respond });
  const pool = new ProviderPool({
    providers: [anthropic({ apiKey: 'sk-ant-upstream', baseURL: upstream.url, defaultModel: MODEL })],
    retry: { baseDelayMs: 1, maxDelayMs: 2 },
  });
  const server = door === 'http' ? await serve(pool, { port: 0 }) : undefined;
  const options = server
    ? {
        openai: { baseURL: `${server.url}/v1`, apiKey: 'k' },
        anthropic: { baseURL: server.url, apiKey: 'k' },
      }
    : { openai: pool.clientOptions(), anthropic: pool.anthropicOptions() };
  return {
    pool,
    upstream,
    /** Options of a client made like OpenAI's, and of Anthropic's. */
    openai: { maxRetries: 0, ...options.openai },
    anthropic: { maxRetries: 0, ...options.anthropic },
    async close() {
      await server?.close({ drainMs: 0 });
      await pool.close({ drainMs: 0 });
      await upstream.close();
    },
  };
}

/** Throws when a claim is not so. */
export function claim(isSo, what) {
  if (!isSo) throw new Error(`not so: ${what}`);
}

export function equal(actual, expected, what) {
  const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)];
  claim(is === should, `${what}: is ${is}, should be ${should}`);
}

/** What was thrown. */
export async function failureOf(promise) {
  let value;
  try {
    value = await promise;
  } catch (error) {
    return error;
  }
  throw new Error(`ended well: ${String(JSON.stringify(value)).slice(0, 120)}`);
}

/** The host is let go soon after its client has left. */
export async function letGo({ upstream }) {
  const until = Date.now() + 5_000;
  while (upstream.requests.some(({ endedMs }) => endedMs === undefined)) {
    if (Date.now() > until) throw new Error('the host was not let go');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export const SCHEMA = {
  type: 'object',
  properties: { city: { type: 'string' }, degrees: { type: 'number' } },
  required: ['city', 'degrees'],
  additionalProperties: false,
};

export const WEATHER = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};
