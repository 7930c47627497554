import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRunestoneError } from '../../src/errors/index.ts';
import { readSse } from '../../src/provider-kit/sse.ts';
import { collect } from '../contexts.ts';
import { cutAt, responseOf, utf8 } from './script-response.ts';

const RUNS = { numRuns: 200 };

/** One event as a host may write it. */
interface Written {
  readonly data: string;
  /** Lines before, between and after those of the data; none of them is data or blank. */
  readonly junk: readonly string[];
  readonly space: boolean;
  readonly lineEnds: readonly string[];
}

const lineEnd = fc.constantFrom('\n', '\r\n', '\r');

/** What may stand in a line: no line end, all planes, nothing that UTF-8 cannot carry. */
const line = fc
  .oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.json(), fc.constant(''))
  .map((text) => text.replace(/[\r\n]/g, '').replace(/^[ \uFEFF]+/, ''));

const junkLine = fc.oneof(
  line.map((text) => `: ${text}`),
  fc.constantFrom(
    'event: ping',
    'event: delta',
    'id: 7',
    'id',
    'retry: 10',
    'retry: x',
    'future: 1',
    'word',
    ':',
  ),
);

const written: fc.Arbitrary<Written> = fc.record({
  data: fc.array(line, { minLength: 1, maxLength: 3 }).map((lines) => lines.join('\n')),
  junk: fc.array(junkLine, { maxLength: 3 }),
  space: fc.boolean(),
  lineEnds: fc.array(lineEnd, { minLength: 1, maxLength: 4 }),
});

/** The text of an event, its lines ended by the ends in turn. */
function write({ data, junk, space, lineEnds }: Written): string {
  const dataLines = data.split('\n').map((text) => `data:${space ? ' ' : ''}${text}`);
  const lines = [...junk.slice(0, 1), ...dataLines, ...junk.slice(1), ''];
  // CR before an LF would be read as one end: whoever ends a line with CR ends the next one with CR or CRLF.
  let text = '';
  for (const [index, content] of lines.entries()) {
    const end = lineEnds[index % lineEnds.length] ?? '\n';
    text += content;
    text += content === '' && text.endsWith('\r') && end === '\n' ? '\r\n' : end;
  }
  return text;
}

/** Events one after the other; an event that begins with a line end of its own does not occur. */
const bodyOf = (events: readonly Written[], mark: boolean): string =>
  (mark ? '\uFEFF' : '') + events.map(write).join('');

const stream = fc.record({
  events: fc.array(written, { maxLength: 6 }),
  mark: fc.boolean(),
  places: fc.array(fc.nat(600), { maxLength: 12 }),
  together: fc.integer({ min: 1, max: 4 }),
});

/** Some chunks come in one read, as they do from a socket. */
function grouped<Item>(items: readonly Item[], size: number): Item[][] {
  const groups: Item[][] = [];
  for (let at = 0; at < items.length; at += size) groups.push(items.slice(at, at + size));
  return groups;
}

async function dataIn(reads: readonly (readonly Uint8Array[])[]): Promise<string[]> {
  return (await collect(readSse(responseOf(reads), 'acme'))).flat();
}

describe('any way to write the same events', () => {
  it('INV-1: gives the same data in the same order, however the bytes are split', async () => {
    await fc.assert(
      fc.asyncProperty(stream, async ({ events, mark, places, together }) => {
        const bytes = utf8(bodyOf(events, mark));
        const expected = events.map(({ data }) => data);
        expect(await dataIn([[bytes]])).toEqual(expected);
        expect(await dataIn(grouped(cutAt(bytes, places), together))).toEqual(expected);
      }),
      RUNS,
    );
  });

  it('INV-1: a byte at a time', async () => {
    await fc.assert(
      fc.asyncProperty(stream, async ({ events, mark }) => {
        const bytes = utf8(bodyOf(events, mark));
        const singles = cutAt(bytes, [...bytes.keys()]);
        expect(await dataIn(singles.map((single) => [single]))).toEqual(events.map(({ data }) => data));
      }),
      RUNS,
    );
  });

  it('INV-7: lines that mean nothing to us change nothing', async () => {
    await fc.assert(
      fc.asyncProperty(stream, fc.array(junkLine), async ({ events, mark }, junk) => {
        const plain = events.map((event) => ({ ...event, junk: [] }));
        const littered = events.map((event) => ({ ...event, junk: [...event.junk, ...junk] }));
        expect(await dataIn([[utf8(bodyOf(littered, mark))]])).toEqual(
          await dataIn([[utf8(bodyOf(plain, mark))]]),
        );
      }),
      RUNS,
    );
  });
});

describe('any bytes at all', () => {
  /** Dense in what matters to the format. */
  const soup = fc
    .array(
      fc.oneof(
        fc.constantFrom(
          'data: a',
          'data',
          ':',
          '\n',
          '\r',
          '\r\n',
          '\n\n',
          '\r\r',
          'data:b\n\n',
          '\uFEFF',
          'id: 1',
          'é',
        ),
        fc.string({ maxLength: 3 }),
      ),
      { maxLength: 30 },
    )
    .map((parts) => utf8(parts.join('')));
  const anything = fc.oneof(soup, fc.uint8Array({ maxLength: 200 }));

  it('INV-1: give the same data for every split', async () => {
    await fc.assert(
      fc.asyncProperty(
        anything,
        fc.array(fc.nat(200)),
        fc.integer({ min: 1, max: 3 }),
        async (bytes, places, size) => {
          expect(await dataIn(grouped(cutAt(bytes, places), size))).toEqual(await dataIn([[bytes]]));
        },
      ),
      RUNS,
    );
  });

  it('INV-2: a prefix of the bytes gives a prefix of the data', async () => {
    await fc.assert(
      fc.asyncProperty(anything, fc.nat(200), async (bytes, length) => {
        const whole = await dataIn([[bytes]]);
        const part = await dataIn([[bytes.subarray(0, length)]]);
        expect(whole.slice(0, part.length)).toEqual(part);
      }),
      RUNS,
    );
  });

  it('INV-8: end in data or a typed error, with the smallest of limits', async () => {
    await fc.assert(
      fc.asyncProperty(
        anything,
        fc.array(fc.nat(200)),
        fc.integer({ min: 1, max: 40 }),
        async (bytes, places, limit) => {
          const reads = cutAt(bytes, places).map((chunk) => [chunk]);
          try {
            for await (const data of readSse(responseOf(reads), 'acme', undefined, limit))
              for (const text of data) expect(typeof text).toBe('string');
          } catch (error) {
            expect(isRunestoneError(error) && error.code).toBe('bad_response');
          }
        },
      ),
      RUNS,
    );
  });
});
