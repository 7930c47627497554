import { cut, dropBeforeHeaders, hangBeforeHeaders, stall } from '../../upstream/replies/faults.ts';
import type { Step } from '../../upstream/step.ts';
import type { FaultTable } from '../lab-fault.ts';
import { bare, headBytes } from '../wire-bytes.ts';

const FOREVER = Number.POSITIVE_INFINITY;
const OK = 'HTTP/1.1 200 OK\r\n';
const hang: Step = { kind: 'end', how: 'hang' };
const close: Step = { kind: 'end', how: 'close' };
const reset: Step = { kind: 'end', how: 'reset' };

const json = (text: string): Readonly<Record<string, string>> => ({
  'content-type': 'application/json',
  'content-length': String(text.length),
  connection: 'close',
});
const TOO_LARGE = '{"error":{"type":"request_too_large","message":"Request exceeds the maximum size"}}';

/** Connections that go wrong before any content (T9 to T25). */
export const beforeContent: FaultTable = {
  'reset-before-headers': {
    row: 'T9',
    about: 'RST in place of a head',
    reply: () => dropBeforeHeaders('reset'),
  },
  'close-before-headers': {
    row: 'T10',
    about: 'FIN in place of a head',
    reply: () => dropBeforeHeaders('close'),
  },
  'reset-on-request': {
    row: 'T11',
    about: 'RST while the request is sent',
    atDoor: () => [reset],
  },
  'hang-before-headers': { row: 'T12', about: 'takes the request, never answers', reply: hangBeforeHeaders },
  'no-read': { row: 'T13', about: 'never reads the body of the request', atDoor: () => [hang] },
  'slow-headers': {
    row: 'T14',
    about: 'one byte of the head every `ms` (200), for ever',
    reply: ({ params }) => ({
      kind: 'steps',
      steps: [
        bare(`${OK}x-slow: `),
        {
          kind: 'repeat',
          bytes: Uint8Array.of(0x61),
          everyMs: params.number('ms', 200),
          ms: FOREVER,
          bare: true,
        },
      ],
    }),
  },
  'partial-headers-close': {
    row: 'T15',
    about: 'half a head, then FIN',
    reply: () => ({ kind: 'steps', steps: [bare(`${OK}content-le`), close] }),
  },
  'bad-status-line': {
    row: 'T16',
    about: 'something that is not HTTP',
    reply: () => ({ kind: 'steps', steps: [bare('SSH-2.0-OpenSSH_9.6\r\n'), hang] }),
  },
  'header-overflow': {
    row: 'T17',
    about: 'a head of `kb` (64) KiB and more',
    reply: ({ params }) => ({
      kind: 'steps',
      steps: [bare(`${OK}x-big: ${'a'.repeat(params.number('kb', 64) * 1024)}\r\n\r\n`), hang],
    }),
  },
  'informational-flood': {
    row: 'T18',
    about: '`count` (50) interim responses, then a good answer',
    reply: ({ params, said }) => ({
      ...said(),
      edit: {
        steps: (steps) => [
          bare('HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'.repeat(params.number('count', 50))),
          ...steps,
        ],
      },
    }),
  },
  'early-413': {
    row: 'T19',
    about: 'a 413 during the upload, then FIN after `ms` (20)',
    atDoor: ({ params }) => [
      bare(headBytes(413, json(TOO_LARGE)) + TOO_LARGE),
      { kind: 'wait', ms: params.number('ms', 20) },
      close,
    ],
  },
  'reset-after-headers': {
    row: 'T20',
    about: 'a head, then RST',
    reply: ({ said }) => cut({ after: 'head', how: 'reset', answer: said() }),
  },
  'close-after-headers': {
    row: 'T21',
    about: 'a head, then FIN',
    reply: ({ said }) => cut({ after: 'head', how: 'close', answer: said() }),
  },
  'hang-after-headers': {
    row: 'T22',
    about: 'a head, then silence',
    reply: ({ said }) => stall({ after: 'head', answer: said() }),
  },
  'reset-before-content': {
    row: 'T23',
    about: 'the opening events, then RST',
    reply: ({ said }) => cut({ after: 0, how: 'reset', answer: said() }),
  },
  'stall-before-content': {
    row: 'T24',
    about: 'the opening events, then silence',
    reply: ({ said }) => stall({ after: 0, answer: said() }),
  },
  'keepalive-race': {
    row: 'T25',
    about: 'each connection answers once; a second request on it meets RST',
    reply: ({ said }) => said(),
    atDoor: ({ nthOfConnection }) => (nthOfConnection > 1 ? [reset] : undefined),
  },
};
