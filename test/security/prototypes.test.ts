import { type PoolOptions, ProviderPool } from 'runestone';
import { replies, reply, scriptedProvider } from 'runestone/testing';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../contexts.ts';
import { asking, open, wires } from './doors.ts';

/** All that hangs on the prototypes that everything inherits from. */
const prototypes = (): unknown =>
  [Object.prototype, Array.prototype, Function.prototype, String.prototype].map((prototype) =>
    Reflect.ownKeys(prototype).map(String),
  );

/** As an attacker writes it: `JSON.parse` makes own members of these names. */
const poison: unknown = JSON.parse(
  '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"prototype":{"polluted":1}}',
);

const schema = { type: 'object', properties: poison, ...Object(poison) };

describe.each(wires)('I1: keys that name a prototype, through $name', (wire) => {
  it.each<[string, object]>([
    ['the body', Object(poison)],
    ['a message', { messages: [{ role: 'user', content: 'Hello', ...Object(poison) }] }],
    ['metadata', { metadata: JSON.parse('{"__proto__":"polluted","constructor":"polluted"}') }],
    ['a tool’s schema', { tools: [{ type: 'function', function: { name: 'f', parameters: schema } }] }],
    ['an answer’s schema', { response_format: { type: 'json_schema', json_schema: { name: 's', schema } } }],
    [
      'arguments of a call',
      {
        messages: [
          { role: 'user', content: 'Hello' },
          {
            role: 'assistant',
            content: null,
            tool_calls: [
              { id: 'c1', type: 'function', function: { name: 'f', arguments: JSON.stringify(poison) } },
            ],
          },
          { role: 'tool', tool_call_id: 'c1', content: 'done' },
        ],
      },
    ],
    ['fields of the vendor', { anthropic: poison, thinking: poison, provider: poison }],
    ['all of it at once', { ...Object(poison), metadata: poison, tools: poison, tool_choice: poison }],
  ])('in %s are carried or refused, and never inherited', async (_, more) => {
    await using door = await open(wire);
    const before = prototypes();
    // Spreading would lose an own `__proto__`: the attacker's JSON is read whole.
    const request = JSON.parse(
      JSON.stringify(asking(wire)).replace(/}$/, `,${JSON.stringify(more).slice(1)}`),
    );
    const outcome = await door.pool.request(request).catch((error: unknown) => error);
    if (outcome instanceof Error) expect(outcome).toMatchObject({ code: 'invalid_request' });
    expect(prototypes()).toEqual(before);
    expect({}).not.toHaveProperty('polluted');
    const body: unknown = door.upstream.requests[0]?.body;
    if (body !== undefined) expect(Object.getPrototypeOf(body)).toBe(Object.prototype);
  });

  it('V13: in the arguments of an answer stay text', async () => {
    await using door = await open(wire);
    const before = prototypes();
    door.upstream.script(
      reply.tools([{ name: 'f', input: Object(poison), pieces: [JSON.stringify(poison)] }]),
    );
    const tools = [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }];
    const answer = await door.pool.request(asking(wire, { tools }));
    const [call] = answer.choices[0]?.message.tool_calls ?? [];
    expect(JSON.parse(call?.type === 'function' ? call.function.arguments : '')).toEqual(poison);
    expect(prototypes()).toEqual(before);
  });

  it.each([
    ['__proto__', '"__proto__"'],
    ['−1', '-1'],
    ['0.5', '0.5'],
    ['2³²−1', '4294967295'],
    ['null', 'null'],
  ])('V7: as the index %s of an answer reach no prototype and make no sparse array', async (_, index) => {
    await using door = await open(wire);
    const before = prototypes();
    door.upstream.script(
      reply.raw([
        `event: message_start\ndata: {"type":"message_start","message":{"id":"m","model":"m","usage":{}}}\n\n`,
        `event: content_block_start\ndata: {"type":"content_block_start","index":${index},"content_block":{"type":"tool_use","id":"t","name":"f","input":{}}}\n\n`,
        `data: {"id":"c","choices":[{"index":0,"delta":{"tool_calls":[{"index":${index},"id":"t","type":"function","function":{"name":"f","arguments":"{}"}}]}}]}\n\n`,
        `event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{}}\n\n`,
        `data: {"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}\n\ndata: [DONE]\n\n`,
      ]),
    );
    const tools = [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }];
    const stream = door.pool.streamRequest(asking(wire, { tools })).then((each) => each.completion());
    const outcome = await stream.catch((error: unknown) => error);
    if (!(outcome instanceof Error)) {
      const calls =
        outcome && typeof outcome === 'object' ? (Object(outcome).choices[0].message.tool_calls ?? []) : [];
      expect(Object.keys(calls)).toEqual(Array.from(calls, (_call, at) => String(at)));
      expect(calls.length).toBeLessThan(3);
    }
    expect(prototypes()).toEqual(before);
  });
});

describe('I1: options', () => {
  const provider = scriptedProvider('a', [replies('hi')]);

  it.each<[string, object]>([
    ['of the pool', Object(poison)],
    ['of a section', { retry: poison }],
    ['of limits', { limits: { perProvider: poison } }],
    ['of prices', { cost: { prices: poison } }],
    ['of aliases', { models: poison }],
  ])('%s that name a prototype are refused', (_, more) => {
    const before = prototypes();
    const text = JSON.stringify(more);
    const options: PoolOptions = Object.assign(JSON.parse(text), { providers: [provider] });
    expect(() => new ProviderPool(options)).toThrow(expect.objectContaining({ code: 'config_invalid' }));
    expect(prototypes()).toEqual(before);
  });

  it('of a call, and names of members as a model, a provider or a tenant, mean nothing', async () => {
    const pool = new ProviderPool({ providers: [provider], limits: { perTenant: { concurrency: 1 } } });
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      const ask = { messages: [{ role: 'user', content: 'Hello' }] } as const;
      expect(await failureOf(pool.request({ ...ask, model: name }))).toMatchObject({ code: 'no_route' });
      expect(await failureOf(pool.request(ask, { provider: name }))).toMatchObject({ code: 'no_route' });
      await pool.request(ask, { tenant: name, sessionId: name, metadata: { [name]: name } });
    }
    expect({}).not.toHaveProperty('polluted');
    await pool.close();
  });
});
