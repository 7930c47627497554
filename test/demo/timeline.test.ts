import fc from 'fast-check';
import { ProviderPool } from 'runestone';
import { fails, replies, scriptedProvider } from 'runestone/testing';
import { describe, expect, it } from 'vitest';
import { drawTimeline, niceStep, type Span, Timeline } from '../../examples/demo/timeline.ts';

const plain = { paint: (_look: unknown, text: string) => text };
const span = (label: string, startMs: number, endMs: number, more: Partial<Span> = {}): Span => ({
  label,
  startMs,
  endMs,
  told: 'ok',
  look: 'green',
  ...more,
});

describe('Timeline', () => {
  it('keeps the request, its attempts and the waits between them', async () => {
    const pool = new ProviderPool({
      providers: [scriptedProvider('a', [fails('server_error'), replies('hi')])],
      retry: { baseDelayMs: 1 },
    });
    const timeline = new Timeline(pool);
    await (await pool.streamRequest({ messages: [{ role: 'user', content: 'x' }] })).completion();
    timeline.stop();
    expect(timeline.spans.map(({ label, told }) => [label, told])).toEqual([
      ['request', 'ok'],
      ['a', 'server_error'],
      ['wait', 'full jitter'],
      ['a', 'answers'],
    ]);
    const [request, first, wait, second] = timeline.spans;
    expect(second?.firstMs).toBeGreaterThanOrEqual(second?.startMs ?? Number.POSITIVE_INFINITY);
    expect(first?.firstMs).toBeUndefined();
    expect(wait?.endMs).toBeLessThanOrEqual(second?.startMs ?? 0);
    expect(request?.endMs).toBeGreaterThanOrEqual(second?.endMs ?? Number.POSITIVE_INFINITY);
    await pool.close();
  });

  it('hears nothing after it was stopped', async () => {
    const pool = new ProviderPool({ providers: [scriptedProvider('a', [replies('hi')])] });
    const timeline = new Timeline(pool);
    timeline.stop();
    await pool.request({ messages: [{ role: 'user', content: 'x' }] });
    expect(timeline.spans).toEqual([]);
    await pool.close();
  });
});

describe('drawTimeline', () => {
  it('draws to scale: half the time is half the bar', () => {
    const lines = drawTimeline([span('request', 0, 400), span('a', 0, 200), span('b', 200, 400)], plain);
    expect(lines.slice(2).map((line) => line.slice(9, 49))).toEqual([
      '█'.repeat(40),
      `${'█'.repeat(20)}${' '.repeat(20)}`,
      `${' '.repeat(20)}${'█'.repeat(20)}`,
    ]);
  });

  it('is hollow until the first token', () => {
    const [, , line = ''] = drawTimeline([span('a', 0, 400, { firstMs: 100 })], plain);
    expect(line.slice(9, 49)).toBe('░'.repeat(10) + '█'.repeat(30));
  });

  it('shows even the shortest step', () => {
    const [, , , line = ''] = drawTimeline([span('request', 0, 1_000), span('wait', 999.9, 1_000)], plain);
    expect(line.slice(9, 49)).toBe(`${' '.repeat(39)}·`);
  });

  it('puts round numbers above their ticks', () => {
    const [numbers = '', ticks = ''] = drawTimeline([span('request', 0, 400)], plain);
    const places = [9, 19, 29, 39, 48];
    expect(places.map((at) => numbers.slice(at).match(/^\d+/)?.[0])).toEqual([
      '0',
      '100',
      '200',
      '300',
      '400',
    ]);
    expect([...ticks.matchAll(/┬/g)].map(({ index }) => index)).toEqual(places);
  });

  it('says how long and how it went', () => {
    const [, , line] = drawTimeline([span('backup', 10, 1_510, { told: 'answers' })], plain);
    expect(line).toMatch(/^backup +█{40} {3}1\.5 s {2}answers$/);
  });

  it('never leaves its frame (property)', () => {
    const time = fc.double({ min: 0, max: 5_000, noNaN: true });
    const some = fc.tuple(time, time, time).map(([a, b, c]) => {
      const [start = 0, first = 0, end = 0] = [a, b, c].sort((x, y) => x - y);
      return span('a', start, end, { firstMs: first });
    });
    fc.assert(
      fc.property(fc.array(some, { minLength: 1, maxLength: 6 }), (spans) => {
        for (const line of drawTimeline(spans, plain)) expect([...line].length).toBeLessThanOrEqual(75);
        for (const line of drawTimeline(spans, plain).slice(2))
          expect(line.slice(9, 49)).toMatch(/^ *░*█* *$/);
      }),
      { numRuns: 200 },
    );
  });
});

describe('niceStep', () => {
  it.each([
    [0.3, 1],
    [1, 1],
    [3, 5],
    [9, 10],
    [43, 50],
    [101, 200],
    [501, 1_000],
  ])('for %d is %d', (ms, expected) => {
    expect(niceStep(ms)).toBe(expected);
  });
});
