import { cut, errorEvent } from '../../upstream/replies/faults.ts';
import { inBandError } from '../error-words.ts';
import type { FaultTable, LabAsk } from '../lab-fault.ts';
import { insert, withFrames } from '../odd-frames.ts';

/** `type` in Anthropic's words, overloaded unless said otherwise. */
const said = (ask: LabAsk): { type: string; message: string } => ({
  type: ask.params.text('type', 'overloaded_error'),
  message: 'Overloaded',
});

/** Errors inside a stream that began with status 200 (B1 to B7). A JSON answer gets the HTTP status instead. */
export const errorEvents: FaultTable = {
  'error-first': {
    row: 'B1',
    about: 'an error as the first event',
    reply: (ask) => errorEvent({ after: 'head', ...said(ask), answer: ask.said() }),
  },
  'error-before-content': {
    row: 'B2',
    about: 'an error behind the opening events',
    reply: (ask) => errorEvent({ after: 0, ...said(ask), answer: ask.said() }),
  },
  'error-mid-stream': {
    row: 'B3',
    about: 'an error behind `at` (2) pieces of content',
    reply: (ask) => errorEvent({ after: ask.params.number('at', 2), ...said(ask), answer: ask.said() }),
  },
  'error-unnamed': {
    row: 'B3',
    about: 'the same without an event name',
    reply: (ask) =>
      errorEvent({ after: 2, ...said(ask), answer: ask.said({ style: { eventNames: false } }) }),
  },
  'error-mid-hang': {
    row: 'B4',
    about: 'the same, the connection left open',
    reply: (ask) => errorEvent({ after: 2, how: 'hang', ...said(ask), answer: ask.said() }),
  },
  'error-bad-request-first': {
    row: 'B5',
    about: 'a complaint about the request as the first event',
    reply: (ask) =>
      errorEvent({
        after: 'head',
        type: 'invalid_request_error',
        message: 'messages: field required',
        answer: ask.said(),
      }),
  },
  'error-then-success': {
    row: 'B6',
    about: 'an error, and then the rest of the answer all the same',
    reply: (ask) => {
      const { type, message } = said(ask);
      const data = inBandError(ask.wire, type, message);
      // Where nothing is streamed there is no place for both.
      if (!ask.stream) return errorEvent({ type, message, answer: cut({ answer: ask.said() }) });
      return withFrames(ask, insert(2, [ask.wire === 'anthropic' ? { event: 'error', data } : { data }]));
    },
  },
};
