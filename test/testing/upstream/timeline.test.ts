import { describe, expect, it } from 'vitest';
import type { Frame, Point } from '../../../src/testing/upstream/frame.ts';
import type { Fault, Pace } from '../../../src/testing/upstream/reply.ts';
import type { SseStyle } from '../../../src/testing/upstream/sse-style.ts';
import type { Step } from '../../../src/testing/upstream/step.ts';
import { jsonSteps, streamSteps } from '../../../src/testing/upstream/timeline.ts';

const bare: SseStyle = { eventNames: false, space: false };

/** Frames whose whole text on the wire is `data:x` and two line ends: 8 bytes each. */
const frame = (data: string, content = false): Frame => ({ event: data, data, content });
const frames = [
  frame('S'),
  frame('a', true),
  frame('b', true),
  frame('c', true),
  { event: 'message_delta', data: 'F' },
  frame('E'),
];

const faultFrames = {
  ping: frame('p'),
  error: (type: string, message: string) => frame(`${type}:${message}`),
};

/** Steps as a test reads them: `a` for the frame a, `-data` and `-:a` for its halves. */
function told(steps: readonly Step[]): string {
  return steps.map(name).join(' ');
}

function name(step: Step): string {
  switch (step.kind) {
    case 'bytes': {
      const text = new TextDecoder().decode(step.bytes);
      if (!text.startsWith('data:')) return `-${text.trim()}`;
      return text.slice(5).trim();
    }
    case 'wait':
      return `wait${step.ms}`;
    case 'repeat':
      return `${name({ kind: 'bytes', bytes: step.bytes })}*${step.ms}/${step.everyMs}`;
    case 'end':
      return `<${step.how}>`;
    default:
      return step.kind;
  }
}

function stream(faults: readonly Fault[], pace: Pace = {}, style: SseStyle = bare): string {
  return told(streamSteps(frames, { pace, style, faults, faultFrames }));
}

describe('streamSteps', () => {
  it('sends every frame by itself and ends cleanly', () => {
    expect(stream([])).toBe('S a b c F E <eof>');
  });

  it('waits between contents, not before the first', () => {
    expect(stream([], { delayMs: 7 })).toBe('S a wait7 b wait7 c F E <eof>');
  });

  it.each<{ after: Point; expected: string }>([
    { after: 'head', expected: '<reset> S a b c F E <eof>' },
    { after: 0, expected: 'S <reset> a b c F E <eof>' },
    { after: 1, expected: 'S a <reset> b c F E <eof>' },
    { after: 3, expected: 'S a b c <reset> F E <eof>' },
    { after: 'content', expected: 'S a b c <reset> F E <eof>' },
    { after: 'finish', expected: 'S a b c F <reset> E <eof>' },
    { after: 'stop', expected: 'S a b c F E <reset> <eof>' },
  ])('ends after $after', ({ after, expected }) => {
    expect(stream([{ kind: 'end', after, how: 'reset' }])).toBe(expected);
  });

  it('cuts inside an event (T30 to T32): half of the next one is out', () => {
    expect(stream([{ kind: 'end', after: 1, how: 'eof', midEvent: true }])).toBe(
      'S a -data <eof> -:b c F E <eof>',
    );
  });

  it('goes on with the other half after a stall inside an event (T41)', () => {
    expect(stream([{ kind: 'stall', after: 2, ms: 50, midEvent: true }])).toBe(
      'S a b -data wait50 -:c F E <eof>',
    );
  });

  it('goes on after a stall between events (T40)', () => {
    expect(stream([{ kind: 'stall', after: 2, ms: 50 }])).toBe('S a b wait50 c F E <eof>');
  });

  it('sends pings only (T42)', () => {
    expect(stream([{ kind: 'pings', after: 1, everyMs: 5, ms: 20 }])).toBe('S a p*20/5 b c F E <eof>');
  });

  it('sends an error event, then ends as told (B3, B4)', () => {
    expect(stream([{ kind: 'error_event', after: 1, type: 't', message: 'm', how: 'hang' }])).toBe(
      'S a t:m <hang> b c F E <eof>',
    );
  });

  it('lets several faults happen, in the order given at one point', () => {
    const faults: Fault[] = [
      { kind: 'stall', after: 1, ms: 5 },
      { kind: 'stall', after: 0, ms: 3 },
      { kind: 'end', after: 1, how: 'close' },
    ];
    expect(stream(faults)).toBe('S wait3 a wait5 <close> b c F E <eof>');
  });

  it('cuts an event in two only once', () => {
    const faults: Fault[] = [
      { kind: 'stall', after: 1, ms: 5, midEvent: true },
      { kind: 'end', after: 1, how: 'reset', midEvent: true },
    ];
    expect(stream(faults)).toBe('S a -data wait5 <reset> -:b c F E <eof>');
  });

  it('has no half event to send at the end', () => {
    expect(stream([{ kind: 'end', after: 'stop', how: 'hang', midEvent: true }])).toBe(
      'S a b c F E <hang> <eof>',
    );
  });

  it('splits the bytes as the style says, but never past a fault', () => {
    const steps = streamSteps(frames, {
      pace: {},
      style: { ...bare, split: 'once' },
      faults: [{ kind: 'stall', after: 1, ms: 9 }],
      faultFrames,
    });
    expect(steps.map((step) => (step.kind === 'bytes' ? step.bytes.length : step.kind))).toEqual([
      16,
      'wait',
      32,
      'end',
    ]);
  });

  it('puts the byte order mark once', () => {
    const steps = streamSteps(frames, { pace: {}, style: { bom: true }, faults: [], faultFrames });
    const starts = steps.map((step) => (step.kind === 'bytes' ? step.bytes[0] : undefined));
    expect(starts.filter((byte) => byte === 0xef)).toHaveLength(1);
    expect(starts[0]).toBe(0xef);
  });
});

describe('jsonSteps', () => {
  const bytes = new TextEncoder().encode('abcdefgh');
  const json = (...faults: Fault[]): string =>
    jsonSteps(bytes, faults)
      .map((step) => (step.kind === 'bytes' ? new TextDecoder().decode(step.bytes) : name(step)))
      .join(' ');

  it('is one write and a clean end', () => {
    expect(json()).toBe('abcdefgh <eof>');
  });

  it.each<{ after: Point; expected: string }>([
    { after: 'head', expected: '<reset> abcdefgh <eof>' },
    { after: 0, expected: 'abcd <reset> efgh <eof>' },
    { after: 5, expected: 'abcd <reset> efgh <eof>' },
    { after: 'finish', expected: 'abcd <reset> efgh <eof>' },
    { after: 'stop', expected: 'abcdefgh <reset> <eof>' },
  ])('ends after $after', ({ after, expected }) => {
    expect(json({ kind: 'end', after, how: 'reset' })).toBe(expected);
  });

  it('stalls in the middle, pings included: JSON has none', () => {
    expect(json({ kind: 'stall', after: 1, ms: 5 })).toBe('abcd wait5 efgh <eof>');
    expect(json({ kind: 'pings', after: 1, ms: 5, everyMs: 1 })).toBe('abcd wait5 efgh <eof>');
  });

  it('sends no byte twice when two faults share a point', () => {
    expect(json({ kind: 'stall', after: 1, ms: 5 }, { kind: 'end', after: 2, how: 'eof' })).toBe(
      'abcd wait5 <eof> efgh <eof>',
    );
  });
});
