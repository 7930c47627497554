import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinBytes, type Split, type Step, splitSteps } from '../../../src/testing/upstream/step.ts';

const bytes = (text: string): Step => ({ kind: 'bytes', bytes: new TextEncoder().encode(text) });
const wait: Step = { kind: 'wait', ms: 5 };
const end: Step = { kind: 'end', how: 'eof' };

/** Steps as a test reads them: text, or the kind. */
const told = (steps: readonly Step[]): string[] =>
  steps.map((step) => (step.kind === 'bytes' ? new TextDecoder().decode(step.bytes) : `<${step.kind}>`));

describe('joinBytes', () => {
  it('keeps order and length', () => {
    expect(joinBytes([Uint8Array.of(1, 2), Uint8Array.of(), Uint8Array.of(3)])).toEqual(
      Uint8Array.of(1, 2, 3),
    );
  });

  it('joins nothing to nothing', () => {
    expect(joinBytes([])).toHaveLength(0);
  });
});

describe('splitSteps', () => {
  const steps = [bytes('abc'), bytes('def'), wait, bytes('gh'), end];

  it.each<{ split: Split; expected: string[] }>([
    { split: 'event', expected: ['abc', 'def', '<wait>', 'gh', '<end>'] },
    { split: 'once', expected: ['abcdef', '<wait>', 'gh', '<end>'] },
    { split: 1, expected: ['a', 'b', 'c', 'd', 'e', 'f', '<wait>', 'g', 'h', '<end>'] },
    { split: 4, expected: ['abcd', 'ef', '<wait>', 'gh', '<end>'] },
    { split: [1, 3], expected: ['a', 'bcd', 'e', 'f', '<wait>', 'g', 'h', '<end>'] },
    { split: [100], expected: ['abcdef', '<wait>', 'gh', '<end>'] },
  ])('writes $split', ({ split, expected }) => {
    expect(told(splitSteps(steps, split))).toEqual(expected);
  });

  it('reads a size of 0 as 1, so that it ends', () => {
    expect(told(splitSteps([bytes('ab')], 0))).toEqual(['a', 'b']);
    expect(told(splitSteps([bytes('ab')], []))).toEqual(['a', 'b']);
  });

  it('gives a list of its own', () => {
    const copy = splitSteps(steps, 'event');
    expect(copy).toEqual(steps);
    expect(copy).not.toBe(steps);
  });

  it('never loses, adds or moves a byte (property)', () => {
    const split = fc.oneof(
      fc.constantFrom<Split>('event', 'once'),
      fc.integer({ min: 0, max: 9 }),
      fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 4 }),
    );
    const step = fc.oneof(fc.string({ maxLength: 12 }).map(bytes), fc.constant(wait));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), split, (list, how) => {
        const runs = (some: readonly Step[]): string => told(some).join('');
        expect(runs(splitSteps(list, how))).toBe(runs(list));
      }),
      { numRuns: 200 },
    );
  });

  it('makes no write larger than the size (property)', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), fc.integer({ min: 1, max: 9 }), (text, size) => {
        const sizes = splitSteps([bytes(text)], size).map((step) =>
          step.kind === 'bytes' ? step.bytes.length : 0,
        );
        expect(Math.max(0, ...sizes)).toBeLessThanOrEqual(size);
      }),
      { numRuns: 200 },
    );
  });
});
