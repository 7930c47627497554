import { describe, expect, it } from 'vitest';
import { added, done, EventLog } from '../../../src/http/responses/event-log.ts';
import { parseFrames } from '../frames.ts';

describe('EventLog', () => {
  it('numbers all events of a stream in one row, those written by hand too', () => {
    const log = new EventLog();
    const frames = log.event('a', { x: 1 }) + log.event('b', {});
    expect(log.number()).toBe(2);
    expect(parseFrames(frames + log.event('c', {})).map(({ event, data }) => [event, data])).toEqual([
      ['a', { type: 'a', sequence_number: 0, x: 1 }],
      ['b', { type: 'b', sequence_number: 1 }],
      ['c', { type: 'c', sequence_number: 3 }],
    ]);
  });

  it('tells the beginning and the end of an item at its place', () => {
    const log = new EventLog();
    const place = { id: 'fc_1', output_index: 4 };
    const item = { id: 'fc_1' };
    expect(parseFrames(added(log, place, item) + done(log, place, item)).map(({ data }) => data)).toEqual([
      { type: 'response.output_item.added', sequence_number: 0, output_index: 4, item },
      { type: 'response.output_item.done', sequence_number: 1, output_index: 4, item },
    ]);
  });
});
