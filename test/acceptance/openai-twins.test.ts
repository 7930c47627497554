import type OpenAI from 'openai6';
import { ProviderPool, schemaFormat } from 'runestone';
import { anthropic } from 'runestone/providers/anthropic';
import { openai } from 'runestone/providers/openai-compatible';
import { type Reply, reply, startUpstream, type Upstream } from 'runestone/testing';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { KEY } from './lab.ts';
import { type Major, majors, onPool } from './official.ts';

/** The same client, three ways: on a pool with Claude, on a pool with OpenAI, and straight on OpenAI's wire. */
interface Twin extends AsyncDisposable {
  readonly upstream: Upstream;
  readonly client: OpenAI;
  readonly model: string;
}

const sides: Readonly<Record<string, (major: Major) => Promise<Twin>>> = {
  async claude(major) {
    const upstream = await startUpstream();
    const pool = new ProviderPool({ providers: [anthropic({ apiKey: KEY, baseURL: upstream.url })] });
    return twin(upstream, onPool(major.OpenAI, pool), 'claude-haiku-4-5', pool);
  },
  async gpt(major) {
    const upstream = await startUpstream();
    const provider = openai({ apiKey: KEY, baseURL: `${upstream.url}/v1` });
    const pool = new ProviderPool({ providers: [provider] });
    return twin(upstream, onPool(major.OpenAI, pool), 'openai/gpt-4.1', pool);
  },
  async direct({ OpenAI }) {
    const upstream = await startUpstream();
    const client = new OpenAI({ apiKey: KEY, baseURL: `${upstream.url}/v1`, maxRetries: 0 });
    return twin(upstream, client, 'gpt-4.1', undefined);
  },
};

function twin(upstream: Upstream, client: OpenAI, model: string, pool: ProviderPool | undefined): Twin {
  return {
    ...{ upstream, client, model },
    async [Symbol.asyncDispose]() {
      await pool?.close({ drainMs: 0 });
      await upstream.close();
    },
  };
}

/** Does the same on all sides, and gives what came of it when that is one and the same. */
async function agreed<Found>(
  major: Major,
  replies: readonly Reply[],
  act: (side: Twin) => Promise<Found>,
): Promise<Found> {
  const found: Record<string, Found> = {};
  for (const [name, start] of Object.entries(sides)) {
    await using side = await start(major);
    side.upstream.script(...replies);
    found[name] = await act(side);
    expect(side.upstream.count, name).toBe(replies.length);
  }
  const { direct } = found;
  if (direct === undefined) return expect.unreachable('nothing came');
  expect(found).toEqual({ claude: direct, gpt: direct, direct });
  return direct;
}

const Trip = z.object({
  city: z.string(),
  stops: z.array(z.object({ name: z.string(), minutes: z.int() })),
  guide: z.string().nullable(),
});
const trip = { city: 'Zürich', stops: [{ name: 'See 🚢', minutes: 30 }], guide: null };

const tool = (name: string): OpenAI.ChatCompletionFunctionTool => ({
  type: 'function',
  function: {
    name,
    strict: true,
    parameters: {
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
      additionalProperties: false,
    },
  },
});

/** A tool that the client calls by itself, and that notes it. */
const runnable = (name: string, heard: string[]) => ({
  type: 'function' as const,
  function: {
    ...{ name, description: name, strict: true, parameters: tool(name).function.parameters ?? {} },
    parse: JSON.parse,
    function: ({ city }: { city: string }) => {
      heard.push(`${name} ${city}`);
      return `${name} of ${city}`;
    },
  },
});

const weather = {
  name: 'get_weather',
  id: 'call_1',
  input: { city: 'Paris' },
  pieces: ['{"ci', 'ty":"Paris"}'],
};
const time = { name: 'get_time', id: 'call_2', input: { city: 'Rome' }, pieces: ['{"city":', '"Ro', 'me"}'] };
const both = [weather, time].map(({ id, name, input }) => ({
  ...{ id, type: 'function', function: { name, arguments: JSON.stringify(input) } },
}));

/** What a fixture says, and what every way of reading it has to find. */
interface Fixture {
  readonly name: string;
  readonly answer: Reply;
  readonly asks?: Partial<OpenAI.ChatCompletionCreateParamsNonStreaming>;
  readonly content: string | null;
  readonly calls?: readonly object[];
  readonly finish: string;
}

const fixtures: readonly Fixture[] = [
  {
    name: 'a text in pieces',
    answer: reply.text(['Grüße, ', '世', '界! 😀', '\n\ndata: [DONE]']),
    content: 'Grüße, 世界! 😀\n\ndata: [DONE]',
    finish: 'stop',
  },
  {
    name: 'a text that was cut',
    answer: reply.text('One two', { stopReason: 'max_tokens' }),
    content: 'One two',
    finish: 'length',
  },
  {
    name: 'parallel calls after a sentence',
    answer: reply.tools([weather, time], { text: 'Let me look.' }),
    asks: { tools: [tool('get_weather'), tool('get_time')] },
    content: 'Let me look.',
    calls: both,
    finish: 'tool_calls',
  },
  {
    name: 'calls alone',
    answer: reply.tools([weather, time]),
    asks: { tools: [tool('get_weather'), tool('get_time')], tool_choice: 'required' },
    content: null,
    calls: both,
    finish: 'tool_calls',
  },
  {
    name: 'a call without arguments',
    answer: reply.tools([{ name: 'stop_all', id: 'call_3' }]),
    asks: { tools: [{ type: 'function', function: { name: 'stop_all' } }] },
    content: null,
    calls: [{ id: 'call_3', type: 'function', function: { name: 'stop_all', arguments: '{}' } }],
    finish: 'tool_calls',
  },
  {
    name: 'JSON by a schema',
    answer: reply.text(JSON.stringify(trip), { chunks: 9 }),
    asks: {
      response_format: { type: 'json_schema', json_schema: { name: 'trip', schema: z.toJSONSchema(Trip) } },
    },
    content: JSON.stringify(trip),
    finish: 'stop',
  },
];

const ask = ({ model }: Twin, more: object = {}): OpenAI.ChatCompletionCreateParamsNonStreaming => ({
  ...{ model, messages: [{ role: 'user', content: 'Tell me.' }], max_completion_tokens: 1_000 },
  ...more,
});

/** What is the same for every provider: neither ids of answers nor counts of tokens are. */
function gist(choice: OpenAI.ChatCompletion.Choice | undefined) {
  const { content, refusal, tool_calls: calls } = choice?.message ?? {};
  return { content, refusal: refusal ?? null, calls, finish: choice?.finish_reason };
}

/** Puts a stream together as a program does that reads chunks itself. */
async function folded(stream: AsyncIterable<OpenAI.ChatCompletionChunk>) {
  const calls: { id?: string | undefined; type: string; function: { name: string; arguments: string } }[] =
    [];
  let content: string | null = null;
  let finish: string | undefined;
  let roles = 0;
  for await (const { choices } of stream) {
    const [choice] = choices;
    if (!choice) continue;
    const { role, content: said, tool_calls: parts = [] } = choice.delta;
    if (role) roles++;
    if (said) content = (content ?? '') + said;
    for (const { index, id, type, function: part } of parts) {
      calls[index] ??= { id, type: type ?? '', function: { name: part?.name ?? '', arguments: '' } };
      const call = calls[index];
      if (call) call.function.arguments += part?.arguments ?? '';
    }
    finish = choice.finish_reason ?? finish;
  }
  return { content, calls, finish, roles };
}

describe.each(majors)(
  'the official client, version $name, sees no difference between Claude and OpenAI',
  (major) => {
    describe.each(fixtures)('$name', ({ answer, asks, content, calls, finish }) => {
      it('through `create`', async () => {
        const found = await agreed(major, [answer], async (side) =>
          gist((await side.client.chat.completions.create(ask(side, asks))).choices[0]),
        );
        expect(found).toEqual({ content, refusal: null, calls, finish });
      });

      it('through `create` with `stream`', async () => {
        const found = await agreed(major, [answer], async (side) =>
          folded(await side.client.chat.completions.create({ ...ask(side, asks), stream: true })),
        );
        expect(found).toEqual({ content, calls: calls ?? [], finish, roles: 1 });
      });

      it('through `.stream()`', async () => {
        const found = await agreed(major, [answer], async (side) => {
          const stream = side.client.chat.completions.stream({ ...ask(side, asks), stream: true });
          const events: string[] = [];
          stream.on('tool_calls.function.arguments.done', ({ name, arguments: args }) => {
            events.push(`${name} ${args}`);
          });
          stream.on('content.done', ({ content: said }) => events.push(said));
          const { choices } = await stream.finalChatCompletion();
          return { ...gist(choices[0]), events: events.sort() };
        });
        expect(found).toMatchObject({ content, finish });
        expect(found.calls ?? []).toMatchObject(calls ?? []);
        expect(found.events).toHaveLength((calls?.length ?? 0) + (content === null ? 0 : 1));
      });
    });

    const structured = reply.text(JSON.stringify(trip), { chunks: 9 });
    const formats = { trip: major.zodResponseFormat(Trip, 'trip') };

    it('through `.parse()`: the parsed answer', async () => {
      const found = await agreed(major, [structured], async (side) => {
        const asked = ask(side, { response_format: formats.trip });
        const { choices } = await side.client.chat.completions.parse(asked);
        return { ...gist(choices[0]), parsed: choices[0]?.message.parsed };
      });
      expect(found.parsed).toEqual(trip);
    });

    it('through `.parse()`: parsed arguments of parallel calls', async () => {
      const tools = [tool('get_weather'), tool('get_time')];
      const found = await agreed(major, [reply.tools([weather, time])], async (side) => {
        const { choices } = await side.client.chat.completions.parse(ask(side, { tools }));
        return { ...gist(choices[0]), parsed: choices[0]?.message.parsed };
      });
      expect(found).toEqual({
        content: null,
        refusal: null,
        calls: both.map((call, index) => ({
          ...call,
          function: { ...call.function, parsed_arguments: [weather, time][index]?.input },
        })),
        finish: 'tool_calls',
        parsed: null,
      });
    });

    it('through `.stream()` with a schema: the parsed answer, and what is parsed on the way', async () => {
      const found = await agreed(major, [structured], async (side) => {
        const asked = ask(side, { response_format: formats.trip });
        const stream = side.client.chat.completions.stream({ ...asked, stream: true });
        const cities = new Set<unknown>();
        stream.on('content.delta', ({ parsed }) => cities.add(Object(parsed).city));
        const { choices } = await stream.finalChatCompletion();
        return { parsed: choices[0]?.message.parsed, last: [...cities].at(-1) };
      });
      expect(found).toEqual({ parsed: trip, last: trip.city });
    });

    it('through `.parse()` of a cut answer: the same refusal to read it', async () => {
      const cut = reply.text('{"city":"Zü', { stopReason: 'max_tokens' });
      const found = await agreed(major, [cut], async (side) => {
        const asked = ask(side, { response_format: formats.trip });
        return side.client.chat.completions.parse(asked).then(
          () => 'was read',
          (error: Error) => error.constructor.name,
        );
      });
      expect(found).toBe('LengthFinishReasonError');
    });

    const steps = [
      // With a schema the client takes any text for JSON, also one beside calls.
      {
        text: undefined,
        last: structured,
        says: JSON.stringify(trip),
        asks: { response_format: formats.trip },
      },
      { text: 'Let me look.', last: reply.text('Sunny at noon.'), says: 'Sunny at noon.', asks: {} },
    ].flatMap((step) => [false, true].map((stream) => ({ ...step, stream })));

    it.each(steps)(
      'through `runTools`, streamed: $stream, ending in $says',
      async ({ text, last, says, asks, stream }) => {
        const calling = reply.tools([weather, time], text === undefined ? {} : { text });
        const found = await agreed(major, [calling, last], async (side) => {
          const heard: string[] = [];
          const tools = ['get_weather', 'get_time'].map((name) => runnable(name, heard));
          const { completions } = side.client.chat;
          const runner = stream
            ? completions.runTools({ ...ask(side, asks), tools, stream: true })
            : completions.runTools({ ...ask(side, asks), tools, stream: false });
          const final = await runner.finalMessage();
          return {
            heard,
            parsed: Object(final).parsed ?? null,
            history: runner.messages.map(({ role, content }) => `${role}: ${content}`),
          };
        });
        expect(found).toEqual({
          heard: ['get_weather Paris', 'get_time Rome'],
          parsed: asks.response_format ? trip : null,
          history: [
            'user: Tell me.',
            `assistant: ${text ?? null}`,
            'tool: get_weather of Paris',
            'tool: get_time of Rome',
            `assistant: ${says}`,
          ],
        });
      },
    );
  },
);

/** The pools behind the twins, asked without the client. */
const pools = [
  ['Claude', (url: string) => anthropic({ apiKey: KEY, baseURL: url, defaultModel: 'claude-haiku-4-5' })],
  ['OpenAI', (url: string) => openai({ apiKey: KEY, baseURL: `${url}/v1`, defaultModel: 'gpt-4.1' })],
] as const;

describe.each(pools)('`schemaFormat` on %s', (_, provider) => {
  const Order = z.object({
    id: z.uuid(),
    placed: z.iso.date().transform((day) => new Date(day)),
    lines: z.array(z.object({ sku: z.string().min(1), count: z.int(), note: z.string().nullish() })),
    state: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('open') }),
      z.object({ kind: z.literal('paid'), by: z.email() }),
    ]),
  });
  const said = {
    id: '0b8ae2c4-7a35-4c8a-9b1e-0c8f8f2c9d10',
    placed: '2026-11-25',
    lines: [{ sku: 'a', count: 2, note: null }],
    state: { kind: 'paid', by: 'a@b.example' },
  };

  it.each([false, true])('is accepted by the host and parsed, streamed: %s', async (stream) => {
    await using upstream = await startUpstream();
    await using pool = new ProviderPool({ providers: [provider(upstream.url)] });
    upstream.script(reply.text(JSON.stringify(said), { chunks: 7 }));
    const request = {
      messages: [{ role: 'user' as const, content: 'Which order?' }],
      max_completion_tokens: 500,
      response_format: schemaFormat(Order, { name: 'order' }),
    };
    const answer = stream
      ? await (await pool.streamRequest(request)).completion()
      : await pool.request(request);
    expect(answer.choices[0]?.message.parsed).toEqual({ ...said, placed: new Date('2026-11-25') });
    expect(answer.runestone.warnings).toEqual([]);
  });

  it('has null for `parsed` where the answer was cut', async () => {
    await using upstream = await startUpstream();
    await using pool = new ProviderPool({ providers: [provider(upstream.url)] });
    upstream.script(reply.text('{"id":"0b', { stopReason: 'max_tokens' }));
    const answer = await pool.request({
      messages: [{ role: 'user', content: 'Which order?' }],
      max_completion_tokens: 500,
      response_format: schemaFormat(Order),
    });
    expect(answer.choices).toMatchObject([{ finish_reason: 'length', message: { content: '{"id":"0b' } }]);
    expect(answer.choices[0]?.message.parsed).toBeNull();
  });
});
