import { cut, pings, stall } from '../../upstream/replies/faults.ts';
import type { Step } from '../../upstream/step.ts';
import type { FaultTable, LabAsk } from '../lab-fault.ts';
import { bare, chunkBytes, reframed } from '../wire-bytes.ts';

const hang: Step = { kind: 'end', how: 'hang' };
const close: Step = { kind: 'end', how: 'close' };
const STREAM = { 'content-type': 'text/event-stream' };

/** What stands in a response that nobody asked for: it must never reach anybody. */
export const PLANTED = 'PLANTED';
const plantedResponse = `HTTP/1.1 200 OK\r\ncontent-length: ${PLANTED.length}\r\n\r\n${PLANTED}`;

/** How many pieces of content go before the fault. */
const at = ({ params }: LabAsk): number => params.number('at', 2);

/** Connections that go wrong in and after the content (T30 to T49). `at` (2) pieces of content come before it. */
export const inContent: FaultTable = {
  'reset-mid-event': {
    row: 'T30',
    about: 'RST inside an event',
    reply: (ask) => cut({ after: at(ask), how: 'reset', midEvent: true, answer: ask.said() }),
  },
  'close-mid-event': {
    row: 'T31',
    about: 'FIN inside an event',
    reply: (ask) => cut({ after: at(ask), how: 'close', midEvent: true, answer: ask.said() }),
  },
  'eof-mid-event': {
    row: 'T32',
    about: 'a clean end inside an event',
    reply: (ask) => cut({ after: at(ask), how: 'eof', midEvent: true, answer: ask.said() }),
  },
  'reset-mid-stream': {
    row: 'T33',
    about: 'RST between events',
    reply: (ask) => cut({ after: at(ask), how: 'reset', answer: ask.said() }),
  },
  'close-mid-stream': {
    row: 'T34',
    about: 'FIN between events',
    reply: (ask) => cut({ after: at(ask), how: 'close', answer: ask.said() }),
  },
  'eof-mid-stream': {
    row: 'T35',
    about: 'a clean end between events: the last chunk is sent',
    reply: (ask) => cut({ after: at(ask), how: 'eof', answer: ask.said() }),
  },
  'eof-mid-stream-close': {
    row: 'T35',
    about: 'the same without any framing: FIN is the end of the body',
    reply: (ask) => ({
      ...cut({ after: at(ask), answer: ask.said() }),
      edit: {
        steps: (steps) =>
          reframed(steps, { headers: () => ({ ...STREAM, connection: 'close' }), end: [close] }),
      },
    }),
  },
  'eof-before-finish': {
    row: 'T36',
    about: 'all of the text, no finish reason',
    reply: ({ said }) => cut({ after: 'content', answer: said() }),
  },
  'eof-before-stop': {
    row: 'T37',
    about: 'a finish reason, no end marker',
    reply: ({ said }) => cut({ after: 'finish', answer: said() }),
  },
  'reset-before-stop': {
    row: 'T38',
    about: 'a finish reason, then RST',
    reply: ({ said }) => cut({ after: 'finish', how: 'reset', answer: said() }),
  },
  'reset-after-stop': {
    row: 'T38',
    about: 'the end marker, then RST',
    reply: ({ said }) => cut({ after: 'stop', how: 'reset', answer: said() }),
  },
  'hang-after-stop': {
    row: 'T39',
    about: 'the end marker, the connection left open',
    reply: ({ said }) => cut({ after: 'stop', how: 'hang', answer: said() }),
  },
  stall: {
    row: 'T40',
    about: 'silence between events, for `ms` or for ever',
    reply: (ask) =>
      stall({ after: at(ask), ms: ask.params.number('ms', Number.POSITIVE_INFINITY), answer: ask.said() }),
  },
  'stall-mid-event': {
    row: 'T41',
    about: 'silence inside an event, for `ms` or for ever',
    reply: (ask) =>
      stall({
        after: at(ask),
        midEvent: true,
        ms: ask.params.number('ms', Number.POSITIVE_INFINITY),
        answer: ask.said(),
      }),
  },
  'keepalive-only': {
    row: 'T42',
    about: 'nothing but pings, `every` (20) ms, for `ms` or for ever',
    reply: (ask) =>
      pings({
        after: at(ask),
        everyMs: ask.params.number('every', 20),
        ms: ask.params.number('ms', Number.POSITIVE_INFINITY),
        answer: ask.said(),
      }),
  },
  drip: {
    row: 'T44',
    about: '`ms` (5) before every piece: slow, but alive',
    reply: ({ params, said }) => said({ delayMs: params.number('ms', 5) }),
  },
  'content-length-short': {
    row: 'T45',
    about: 'FIN before the announced length is reached',
    reply: (ask) =>
      cut({
        after: at(ask),
        how: 'close',
        answer: { ...ask.said(), headers: { 'content-length': '100000' } },
      }),
  },
  'content-length-long': {
    row: 'T46',
    about: 'bytes beyond the announced length: a planted second response',
    reply: ({ said }) => ({
      ...said(),
      edit: {
        steps: (steps) =>
          reframed(steps, {
            headers: (headers, body) => ({ ...headers, 'content-length': String(body.length) }),
            end: [bare(plantedResponse), hang],
          }),
      },
    }),
  },
  'bad-chunk-size': {
    row: 'T47',
    about: 'a chunk whose size is no number',
    reply: (ask) => ({
      ...cut({ after: at(ask), answer: ask.said() }),
      edit: {
        steps: (steps) =>
          reframed(steps, {
            headers: ({ 'content-type': type = '' }) => ({
              'content-type': type,
              'transfer-encoding': 'chunked',
            }),
            piece: chunkBytes,
            end: [bare('zz\r\n'), hang],
          }),
      },
    }),
  },
  trailers: {
    row: 'T48',
    about: 'trailers behind the last chunk',
    reply: ({ said }) => ({
      ...said(),
      edit: {
        steps: (steps) =>
          reframed(steps, {
            headers: ({ 'content-type': type = '' }) => ({
              'content-type': type,
              'transfer-encoding': 'chunked',
              trailer: 'x-checksum',
            }),
            piece: chunkBytes,
            end: [bare('0\r\nx-checksum: 1\r\n\r\n'), close],
          }),
      },
    }),
  },
};
