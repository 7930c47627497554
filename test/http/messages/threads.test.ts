import { describe, expect, it } from 'vitest';
import { refuseThread, THREAD_DETAILS } from '../../../src/http/messages/threads.ts';
import { refusalOf } from '../frames.ts';

describe('threads', () => {
  it.each([{ type: 'create' }, { type: 'continue', previous_message_id: 'msg_1' }, 'odd', false])(
    'are refused in the words that the SDK falls back on: %j',
    (thread) => {
      expect(refusalOf(() => refuseThread({ thread }))).toBe('thread_unsupported_request thread');
    },
  );

  it('are not missed where nobody asks for one', () => {
    for (const body of [{}, { thread: null }, { thread: undefined }]) {
      expect(() => refuseThread(body)).not.toThrow();
    }
  });

  it('the details name the code, and a list', () => {
    expect(THREAD_DETAILS).toEqual({ error_code: 'thread_unsupported_request', unsupported: ['threads'] });
  });
});
