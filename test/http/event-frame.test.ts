import { describe, expect, it } from 'vitest';
import { eventFrame } from '../../src/http/event-frame.ts';
import { parseFrames } from './frames.ts';

describe('eventFrame', () => {
  it('says the name on its own line and in the data', () => {
    expect(eventFrame('message_stop', { a: 1 })).toBe(
      'event: message_stop\ndata: {"type":"message_stop","a":1}\n\n',
    );
  });

  it.each(['one\n\nevent: error\ndata: {}', '\r\n', '\u2028', 'data: [DONE]'])(
    'no text forges a frame: %j',
    (text) => {
      const frame = eventFrame('delta', { text });
      expect(parseFrames(frame)).toEqual([{ event: 'delta', data: { type: 'delta', text } }]);
    },
  );
});
