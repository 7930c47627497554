import { cut } from '../../upstream/replies/faults.ts';
import type { Step } from '../../upstream/step.ts';
import { bombSteps } from '../content-coding.ts';
import type { FaultTable } from '../lab-fault.ts';

const FOREVER = Number.POSITIVE_INFINITY;
const MIB = 1024 * 1024;
const WRITE_BYTES = 64 * 1024;

/** What is played of these: behind an end there may be more. */
function untilEnd(steps: readonly Step[]): readonly Step[] {
  const end = steps.findIndex(({ kind }) => kind === 'end');
  return end < 0 ? steps : steps.slice(0, end);
}

/** A line that never ends, as fast as it is read. */
function endless(before: string): Step[] {
  const bytes = new TextEncoder().encode(before);
  return [
    { kind: 'bytes', bytes },
    { kind: 'repeat', bytes: new Uint8Array(WRITE_BYTES).fill(0x61), everyMs: 0, ms: FOREVER },
  ];
}

/** Bodies of uncommon size (E14 to E16, E19, C14). */
export const bigBodies: FaultTable = {
  'giant-event': {
    row: 'E14',
    about: 'one event of `mb` (10) MiB, in writes of `write` (65536) bytes',
    reply: ({ nonce, params, said }) =>
      said({
        words: [`${nonce}-${'x'.repeat(params.number('mb', 10) * MIB)}`],
        style: { split: params.number('write', WRITE_BYTES) },
      }),
  },
  'endless-line': {
    row: 'E15',
    about: 'the opening events, then a line that never ends',
    reply: ({ said, stream }) => ({
      ...cut({ after: 0, answer: said() }),
      edit: {
        steps: (steps) => [
          ...untilEnd(steps).filter(({ kind }) => kind === 'head' || (stream && kind === 'bytes')),
          ...endless(stream ? 'data: ' : '{"id":"'),
        ],
      },
    }),
  },
  'many-tiny': {
    row: 'E16',
    about: '`count` (400000) pieces of two characters behind the first, 500 to a write',
    reply: ({ nonce, params, said }) => ({
      ...said({ words: [nonce, TINY] }),
      edit: {
        steps: (steps) => steps.flatMap((step) => manyTimes(step, params.number('count', 400_000))),
      },
    }),
  },
  'gzip-bomb': {
    row: 'E19',
    about: '`mb` (256) MiB of comments in a thousandth of it, and no answer',
    reply: ({ params, said }) => ({
      ...said(),
      headers: { 'content-encoding': 'gzip' },
      edit: {
        steps: (steps) => [
          ...steps.filter(({ kind }) => kind === 'head').map(withoutLength),
          ...bombSteps(params.number('mb', 256)),
          { kind: 'end', how: 'eof' },
        ],
      },
    }),
  },
  firehose: {
    row: 'C14',
    about: 'content without end, as fast as it is read',
    reply: ({ nonce, said }) => ({
      ...said(),
      edit: {
        frames: (frames) => frames.slice(0, frames.findIndex(({ content }) => content) + 1),
        steps: (steps) => [...steps.slice(0, -1), ...torrent(steps, nonce)],
      },
    }),
  },
};

/** A piece that is small even for a token. */
const TINY = ' a';
const PIECES_A_WRITE = 500;

/** The event of the tiny piece, so many times. Made once, because to write 400,000 events takes longer than to read them. */
function manyTimes(step: Step, count: number): Step[] {
  const event = step.kind === 'bytes' ? new TextDecoder().decode(step.bytes) : '';
  if (!event.includes(`"${TINY}"`)) return [step];
  const write = (pieces: number): Step => ({
    kind: 'bytes',
    bytes: new TextEncoder().encode(event.repeat(pieces)),
  });
  const full = write(PIECES_A_WRITE);
  const writes = Array.from({ length: Math.floor(count / PIECES_A_WRITE) }, () => full);
  return [...writes, write(count % PIECES_A_WRITE)];
}

/** The last event over and over: in a stream without an end it is one of content. */
function torrent(steps: readonly Step[], nonce: string): Step[] {
  const last = steps.findLast((step) => step.kind === 'bytes' && step.bytes.length > 0);
  const text = last?.kind === 'bytes' ? new TextDecoder().decode(last.bytes) : nonce;
  const bytes = new TextEncoder().encode(text.repeat(Math.ceil(WRITE_BYTES / text.length)));
  return [{ kind: 'repeat', bytes, everyMs: 0, ms: FOREVER }];
}

function withoutLength(step: Step): Step {
  if (step.kind !== 'head') return step;
  const { 'content-length': _, ...headers } = step.headers;
  return { ...step, headers };
}
