import { answer } from '../../upstream/replies/answers.ts';
import { raw, status } from '../../upstream/replies/bytes.ts';
import { cut, pings } from '../../upstream/replies/faults.ts';
import { inBandError } from '../error-words.ts';
import type { FaultTable } from '../lab-fault.ts';

const HTML = '<!doctype html>\n<html><head><title>Sign in</title></head><body>Welcome back!</body></html>\n';
const STREAM = { 'content-type': 'text/event-stream; charset=utf-8' };

/** Answers with status 200 that are none, or look odd (N1 to N9). */
export const noAnswer: FaultTable = {
  'html-200': {
    row: 'N1',
    about: 'a web page that says so',
    reply: () => raw(HTML, { headers: { 'content-type': 'text/html' } }),
  },
  'html-as-sse': {
    row: 'N2',
    about: 'a web page as an event stream',
    reply: () => raw(HTML, { headers: STREAM }),
  },
  'json-error-200': {
    row: 'N3',
    about: 'an error as JSON: overloaded, or `type`',
    reply: ({ wire, params }) =>
      status(200, { body: inBandError(wire, params.text('type', 'overloaded_error'), 'Overloaded') }),
  },
  'json-error-as-sse': {
    row: 'N3',
    about: 'the same as an event stream, without being one',
    reply: ({ wire, params }) =>
      raw(JSON.stringify(inBandError(wire, params.text('type', 'overloaded_error'), 'Overloaded')), {
        headers: STREAM,
      }),
  },
  'json-for-stream': {
    row: 'N4',
    about: 'a whole answer as JSON where a stream was wanted',
    reply: ({ said }) => ({ ...said(), as: 'json' }),
  },
  'sse-for-json': {
    row: 'N5',
    about: 'a stream where JSON was wanted',
    reply: ({ said }) => ({ ...said(), as: 'stream' }),
  },
  'wrong-content-type': {
    row: 'N6',
    about: 'a good answer, said to be plain text',
    reply: ({ said }) => ({ ...said(), headers: { 'content-type': 'text/plain' } }),
  },
  'no-content-type': {
    row: 'N6',
    about: 'a good answer, said to be nothing',
    reply: ({ said }) => ({
      ...said(),
      edit: {
        steps: (steps) =>
          steps.map((step) => {
            if (step.kind !== 'head') return step;
            const { 'content-type': _, ...headers } = step.headers;
            return { ...step, headers };
          }),
      },
    }),
  },
  'empty-200': { row: 'N7', about: 'a 200 of length 0', reply: () => status(200, { body: '' }) },
  'status-204': {
    row: 'N7',
    about: 'a 204',
    reply: () => ({
      kind: 'steps',
      steps: [
        { kind: 'head', status: 204, headers: {} },
        { kind: 'end', how: 'eof' },
      ],
    }),
  },
  'zero-events': {
    row: 'N8',
    about: 'an event stream that ends before it begins',
    reply: ({ said }) => cut({ after: 'head', answer: said() }),
  },
  'only-pings': {
    row: 'N8',
    about: 'an event stream of pings alone',
    reply: ({ said }) =>
      pings({ after: 'head', everyMs: 5, ms: 15, answer: cut({ after: 'head', answer: said() }) }),
  },
  'no-content': { row: 'N9', about: 'a whole envelope without content', reply: () => answer([]) },
};
