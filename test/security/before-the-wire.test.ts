import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../contexts.ts';
import { asking, open, type Wire, wires } from './doors.ts';

function nested(levels: number): unknown {
  let deep: unknown = 'bottom';
  for (let level = 0; level < levels; level++) deep = level % 2 ? [deep] : { d: deep };
  return deep;
}

const cycle: Record<string, unknown> = {};
cycle['again'] = { cycle };

const getter = (throws: boolean) => {
  const seen = { reads: 0 };
  const object = {
    role: 'user',
    get content(): string {
      seen.reads++;
      if (throws) throw new Error('canary side effect');
      return 'Hello';
    },
  };
  return { object, seen };
};

const tool = (parameters: unknown) => ({
  tools: [{ type: 'function', function: { name: 'f', parameters } }],
});

const hostile: [string, object][] = [
  ['I3: 100,000 levels in a field', { metadata: nested(100_000) }],
  ['I3: 100,000 levels in a message', { messages: [{ role: 'user', content: nested(100_000) }] }],
  ['I3: 100,000 levels in a tool’s schema', tool(nested(100_000))],
  [
    'I3: 100,000 levels in an answer’s schema',
    { response_format: { type: 'json_schema', json_schema: { name: 's', schema: nested(100_000) } } },
  ],
  ['I4: a cycle', { metadata: cycle }],
  ['I4: a cycle in a schema', tool(cycle)],
  ['I4: a BigInt', { seed: 5n }],
  ['I4: NaN', { temperature: Number.NaN }],
  [
    'I4: a `toJSON` that throws',
    {
      metadata: {
        toJSON: () => {
          throw new Error('canary');
        },
      },
    },
  ],
  ['I4: an instance with a `toJSON`', { metadata: { at: new Date() } }],
  ['I4: a getter that throws', { messages: [getter(true).object] }],
  ['I4: a symbol', { stop: Symbol('canary') }],
];

describe.each(wires)('through $name', (wire: Wire) => {
  it.each(hostile)('%s is refused before any wire contact', async (_, more) => {
    await using door = await open(wire);
    for (const method of ['request', 'streamRequest', 'countTokens'] as const) {
      const error = await failureOf(door.pool[method](asking(wire, more)));
      expect(error).toMatchObject({ code: 'invalid_request' });
      expect(String(error) + JSON.stringify(error)).not.toContain('canary');
    }
    expect(() => door.pool.explain(asking(wire, more))).toThrow(
      expect.objectContaining({ code: 'invalid_request' }),
    );
    expect(door.upstream.accepted).toBe(0);
  });

  it('I3: arguments and tool results that are deep as text do no harm', async () => {
    await using door = await open(wire);
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    const messages = [
      { role: 'user', content: 'Hello' },
      {
        role: 'assistant',
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: `{"a":${deep}}` } }],
      },
      { role: 'tool', tool_call_id: 'c1', content: deep },
    ];
    const outcome = await door.pool.request(asking(wire, { messages })).catch((error: unknown) => error);
    // The wire may refuse it; what it must not do is to fail in a way of its own.
    if (outcome instanceof Error) expect(outcome).toMatchObject({ code: 'invalid_request' });
    else expect(outcome).toHaveProperty('choices');
  });

  it('I4: a getter with side effects is read once, however many attempts there are', async () => {
    await using door = await open(wire);
    const { object, seen } = getter(false);
    await door.pool.request(asking(wire, { messages: [object] }));
    expect(seen.reads).toBe(1);
  });

  /** Time of the library alone: the host refuses without a look. */
  async function tookMs(more: object): Promise<number> {
    const fetch = async (): Promise<Response> => new Response('{}', { status: 400 });
    await using door = await open(wire, { provider: { fetch } });
    await failureOf(door.pool.request(asking(wire, more)));
    const began = performance.now();
    await failureOf(door.pool.request(asking(wire, more)));
    return performance.now() - began;
  }

  it.each<[string, (factor: number) => object]>([
    [
      'a prompt of 10 MB',
      (factor) => ({ messages: [{ role: 'user', content: 'word '.repeat(factor * 200_000) }] }),
    ],
    [
      '10,000 messages',
      (factor) => ({
        messages: Array.from({ length: factor * 1_000 }, (_, n) => ({
          role: n % 2 ? 'assistant' : 'user',
          content: `message ${n}`,
        })),
      }),
    ],
    [
      '500 tools',
      (factor) => ({
        tools: Array.from({ length: factor * 50 }, (_, n) => ({
          type: 'function',
          function: {
            name: `tool_${n}`,
            parameters: { type: 'object', properties: { a: { type: 'string' } } },
          },
        })),
      }),
    ],
  ])('I2: %s take time in proportion to their size', async (_, of) => {
    const [small, large] = [of(1), of(10)];
    const smallMs = Math.min(await tookMs(small), await tookMs(small), await tookMs(small));
    const largeMs = Math.min(await tookMs(large), await tookMs(large));
    // Ten times the size: a quadratic road would take a hundred times as long.
    expect(largeMs).toBeLessThan(Math.max(50 * smallMs, 50));
  });

  it('I2: a prompt of 10 MB takes three times its size in memory at most, when it is sent', async () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage: () => void = runInNewContext('gc');
    const heldBytes = (): number => {
      collectGarbage();
      const { heapUsed, external } = process.memoryUsage();
      return heapUsed + external;
    };
    let sent = 0;
    const fetch = async (): Promise<Response> => {
      sent = heldBytes();
      return new Response('{}', { status: 400 });
    };
    await using door = await open(wire, { provider: { fetch } });
    await failureOf(door.pool.request(asking(wire)));
    const sizeBytes = 10_000_000;
    const before = heldBytes();
    // Made here and now, so that the caller's own counts too; beside it stand the body as text and as bytes.
    const content = Buffer.alloc(sizeBytes, 'word ').toString('latin1');
    await failureOf(door.pool.request(asking(wire, { messages: [{ role: 'user', content }] })));
    expect(sent - before).toBeGreaterThan(sizeBytes);
    expect(sent - before).toBeLessThan(3.05 * sizeBytes);
  });
});
