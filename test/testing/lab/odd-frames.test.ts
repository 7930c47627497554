import { describe, expect, it } from 'vitest';
import type { LabAsk } from '../../../src/testing/lab/lab-fault.ts';
import {
  chunkLike,
  event,
  insert,
  mapData,
  textDelta,
  withFrames,
} from '../../../src/testing/lab/odd-frames.ts';
import { LabParams } from '../../../src/testing/lab/selector.ts';
import { type Frame, reply } from '../../../src/testing/upstream/index.ts';

const frames: Frame[] = [
  { data: { n: 0 } },
  { data: { n: 1 }, content: true },
  { data: { n: 2 }, content: true },
  { data: { n: 3 }, finish: true },
  { data: '[DONE]' },
];
const odd: Frame = { data: 'odd' };
const placeOf = (all: readonly Frame[]): number => all.indexOf(odd);

describe('events', () => {
  it.each([
    ['first', 'head', 0],
    ['before the content', 0, 1],
    ['behind the first piece', 1, 2],
    ['behind all content', 'content', 3],
    ['behind the finish', 'finish', 4],
    ['last', 'stop', 5],
  ] as const)('are put in %s', (_, point, place) => {
    const all = insert(point, [odd])(frames);
    expect(placeOf(all)).toBe(place);
    expect(all.filter((frame) => frame !== odd)).toEqual(frames);
  });

  it('are made from those that are there', () => {
    expect(insert('stop', (all) => all.slice(0, 1))(frames).at(-1)).toBe(frames[0]);
  });

  it('are changed by their data, left out, or left alone where they have none', () => {
    const changed = mapData((data) => (data['n'] === 1 ? undefined : { ...data, more: true }))(frames);
    expect(changed.map(({ data }) => data)).toEqual([
      { n: 0, more: true },
      { n: 2, more: true },
      { n: 3, more: true },
      '[DONE]',
    ]);
  });

  it('may look like those of the same answer', () => {
    expect(chunkLike([{ data: { id: 'a', choices: [1] } }], { choices: [] }).data).toEqual({
      id: 'a',
      choices: [],
    });
    expect(textDelta(-1, 'x')).toEqual(
      event('content_block_delta', { index: -1, delta: { type: 'text_delta', text: 'x' } }),
    );
  });
});

describe('an answer with odd events', () => {
  const ask = (wire: 'anthropic' | 'openai'): LabAsk => ({
    wire,
    stream: true,
    params: new LabParams(new Map()),
    nonce: 'n',
    model: 'm',
    places: { otherHost: '', otherPort: '', sameOrigin: '', itself: '' },
    key: '',
    question: '',
    said: () => reply.text('x'),
  });
  const edits = { anthropic: insert('head', [odd]), openai: insert('stop', [odd]) };

  it('goes by its wire', () => {
    expect(withFrames(ask('anthropic'), edits).edit?.frames?.(frames)[0]).toBe(odd);
    expect(withFrames(ask('openai'), edits).edit?.frames?.(frames).at(-1)).toBe(odd);
  });

  it('keeps what else is done to it', () => {
    const body = (): string => 'spoilt';
    const answer = withFrames(ask('openai'), (all) => all, { ...reply.text('y'), edit: { body } });
    expect(answer.edit?.body).toBe(body);
  });
});
