import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Batch, ChatEvent } from '../../src/chat/events.ts';
import { compose, type Handler, perEvent, type Wrap } from '../../src/pipeline/middleware.ts';

const text = (value: string): ChatEvent => ({ type: 'text_delta', text: value });

async function* stream(batches: readonly Batch[], log: string[] = []): AsyncGenerator<Batch> {
  log.push('source begins');
  try {
    yield* batches;
  } finally {
    log.push('source is let go');
  }
}

async function collect(source: AsyncIterable<Batch>): Promise<Batch[]> {
  const batches: Batch[] = [];
  for await (const batch of source) batches.push(batch);
  return batches;
}

/** Logs its way in, its end, and how it ended. */
const noting = (name: string, log: string[]): Wrap<string> =>
  async function* note(context, next) {
    log.push(`${name} in (${context})`);
    try {
      yield* next(context);
      log.push(`${name} completed`);
    } catch (error) {
      log.push(`${name} failed`);
      throw error;
    } finally {
      log.push(`${name} out`);
    }
  };

describe('compose', () => {
  it('of nothing is the terminal itself', () => {
    const terminal: Handler<string> = () => stream([]);
    expect(compose([], terminal)).toBe(terminal);
  });

  it('puts the first wrap outermost', async () => {
    const log: string[] = [];
    const handler = compose([noting('outer', log), noting('inner', log)], () => stream([[text('x')]], log));
    expect(await collect(handler('c'))).toEqual([[text('x')]]);
    expect(log).toEqual([
      ...['outer in (c)', 'inner in (c)', 'source begins', 'source is let go'],
      ...['inner completed', 'inner out', 'outer completed', 'outer out'],
    ]);
  });

  it('does nothing until the stream is pulled', () => {
    const log: string[] = [];
    compose([noting('outer', log)], () => stream([], log))('c');
    expect(log).toEqual([]);
  });

  it('lets a wrap hand on another context, and the one outside keeps its own', async () => {
    const log: string[] = [];
    const changing: Wrap<string> = (context, next) => next(`${context}, changed`);
    await collect(compose([noting('outer', log), changing, noting('inner', log)], () => stream([]))('c'));
    expect(log.filter((line) => line.includes('in ('))).toEqual(['outer in (c)', 'inner in (c, changed)']);
  });

  it('lets a wrap answer without calling on, or call twice', async () => {
    let calls = 0;
    const terminal: Handler<string> = () => {
      calls++;
      return stream([[text('x')]]);
    };
    const cached: Wrap<string> = () => stream([[text('cached')]]);
    const twice: Wrap<string> = async function* twice(context, next) {
      yield* next(context);
      yield* next(context);
    };
    expect(await collect(compose([cached], terminal)('c'))).toEqual([[text('cached')]]);
    expect(calls).toBe(0);
    expect(await collect(compose([twice], terminal)('c'))).toEqual([[text('x')], [text('x')]]);
    expect(calls).toBe(2);
  });

  it('tells every wrap of a failure, inside out', async () => {
    const log: string[] = [];
    const broken: Handler<string> = async function* broken() {
      yield [text('x')];
      throw new Error('cut');
    };
    const handler = compose([noting('outer', log), noting('inner', log)], broken);
    await expect(collect(handler('c'))).rejects.toThrow('cut');
    expect(log.slice(2)).toEqual(['inner failed', 'inner out', 'outer failed', 'outer out']);
  });

  it('lets go of the source when the consumer leaves, inside out', async () => {
    const log: string[] = [];
    const handler = compose([noting('outer', log), noting('inner', log)], () =>
      stream([[text('x')], [text('y')]], log),
    );
    for await (const _ of handler('c')) break;
    expect(log.slice(2)).toEqual(['source begins', 'source is let go', 'inner out', 'outer out']);
  });

  it('can be used again: two streams do not meet', async () => {
    const handler = compose<string>([noting('outer', [])], (context) => stream([[text(context)]]));
    const [first, second] = [handler('a'), handler('b')];
    expect(await collect(second)).toEqual([[text('b')]]);
    expect(await collect(first)).toEqual([[text('a')]]);
  });
});

describe('perEvent', () => {
  const seen = (log: Batch[]): Wrap<string> =>
    async function* see(context, next) {
      for await (const batch of next(context)) {
        log.push(batch);
        yield batch;
      }
    };

  it('shows a wrap batches of one, whatever the network brought, and loses no event', async () => {
    const batches = fc.array(fc.array(fc.string().map(text), { maxLength: 4 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(batches, async (given) => {
        const log: Batch[] = [];
        const out = await collect(compose([perEvent(seen(log))], () => stream(given))('c'));
        expect(log.every((batch) => batch.length === 1)).toBe(true);
        expect(out.flat()).toEqual(given.flat());
      }),
      { numRuns: 200 },
    );
  });

  it('passes the context through and lets go of the source', async () => {
    const log: string[] = [];
    const handler = compose([perEvent(noting('mine', log))], () => stream([[text('x'), text('y')]], log));
    for await (const _ of handler('c')) break;
    expect(log).toEqual(['mine in (c)', 'source begins', 'source is let go', 'mine out']);
  });

  it('passes failures on', async () => {
    const log: string[] = [];
    const broken: Handler<string> = async function* broken() {
      yield [text('x')];
      throw new Error('cut');
    };
    await expect(collect(compose([perEvent(noting('mine', log))], broken)('c'))).rejects.toThrow('cut');
    expect(log).toContain('mine failed');
  });
});
