import { describe, expect, it } from 'vitest';
import { type Frame, indexAfter, type Point } from '../../../src/testing/upstream/frame.ts';

const plain = (event: string): Frame => ({ event, data: {} });
const content = (event: string): Frame => ({ event, data: {}, content: true });

const frames = [
  plain('message_start'), // 0
  plain('content_block_start'), // 1
  content('content_block_delta'), // 2
  content('content_block_delta'), // 3
  plain('content_block_stop'), // 4
  content('content_block_delta'), // 5
  plain('content_block_stop'), // 6
  plain('message_delta'), // 7
  plain('message_stop'), // 8
];

describe('indexAfter', () => {
  it.each<{ point: Point; expected: number }>([
    { point: 'head', expected: 0 },
    { point: 0, expected: 2 },
    { point: 1, expected: 3 },
    { point: 2, expected: 4 },
    { point: 3, expected: 6 },
    { point: 99, expected: 6 },
    { point: 'content', expected: 7 },
    { point: 'finish', expected: 8 },
    { point: 'stop', expected: 9 },
  ])('finds $point', ({ point, expected }) => {
    expect(indexAfter(frames, point)).toBe(expected);
  });

  it('puts every number before the stop reason of an answer without content', () => {
    const empty = [plain('message_start'), plain('message_delta'), plain('message_stop')];
    expect(indexAfter(empty, 0)).toBe(1);
    expect(indexAfter(empty, 5)).toBe(1);
  });

  it('finds the stop reason by its mark where events have no names', () => {
    const chunks: Frame[] = [{ data: 'role' }, { data: 'a', content: true }, { data: 'stop', finish: true }];
    expect([0, 1, 'content', 'finish'].map((point) => indexAfter(chunks, point as Point))).toEqual([
      1, 2, 2, 3,
    ]);
  });

  it('is the end of a stream that has no stop reason', () => {
    const cut = [plain('message_start'), content('content_block_delta')];
    expect(indexAfter(cut, 'content')).toBe(2);
    expect(indexAfter(cut, 'finish')).toBe(2);
  });
});
