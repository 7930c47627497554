import { cut } from '../../upstream/replies/faults.ts';
import type { SseStyle } from '../../upstream/sse-style.ts';
import type { Split } from '../../upstream/step.ts';
import { CHAIN, type Coding, encoded } from '../content-coding.ts';
import type { FaultTable, LabAsk, LabFault } from '../lab-fault.ts';
import { mapText } from '../wire-bytes.ts';

const EOLS = ['\n', '\r\n', '\r'];
const encoder = new TextEncoder();

/** A character that stands where bytes of no encoding are put, and the U+FFFD that a reader makes of them. */
const SPOT = '¤';

/** Text of several bytes a character, to be cut inside of one. */
const WIDE = 'Grüße-世界-😀';

const styled = (row: string, about: string, style: (ask: LabAsk) => SseStyle): LabFault => ({
  row,
  about,
  reply: (ask) => ask.said({ style: style(ask) }),
});

const compressed = (coding: Coding): LabFault => ({
  row: 'E17',
  about: `compressed with ${coding}, each event flushed, \`gap\` (0) ms apart`,
  reply: ({ said }) => ({
    ...said(),
    headers: { 'content-encoding': coding },
    edit: { steps: (steps) => encoded(steps, coding) },
  }),
});

/** Streams that are written otherwise than usual (E1 to E13), and those that are compressed (E17, E18, E20). */
export const encodings: FaultTable = {
  crlf: styled('E1', 'lines that end with CR LF', () => ({ eol: '\r\n' })),
  cr: styled('E1', 'lines that end with CR', () => ({ eol: '\r' })),
  'mixed-eol': {
    row: 'E1',
    about: 'line ends of all three kinds',
    reply: ({ said }) => ({
      ...said(),
      edit: { steps: (steps) => mapText(steps, (text, nth) => text.replaceAll('\n', EOLS[nth % 3] ?? '\n')) },
    }),
  },
  'crlf-split': {
    row: 'E1',
    about: 'CR and LF in different writes',
    reply: ({ said }) => ({
      ...said({ style: { eol: '\r\n' } }),
      edit: { steps: (steps) => mapText(steps, (text) => text.split(/(?<=\r)(?=\n)/)) },
    }),
  },
  bom: styled('E2', 'a byte order mark first', () => ({ bom: true })),
  comments: styled('E3', 'comments between the events', () => ({ comments: true })),
  'id-retry-fields': {
    row: 'E3',
    about: 'the fields id and retry, and some that nobody knows',
    reply: ({ said }) => ({
      ...said(),
      edit: { steps: (steps) => mapText(steps, (text) => `id: 7\nretry: 10\ncolour: blue\nbare\n${text}`) },
    }),
  },
  'multiline-data': styled('E4', 'data over several lines', () => ({ multiline: true })),
  'no-space': styled('E5', 'no space behind the colon', () => ({ space: false })),
  'no-event-names': styled('E5', 'no event names', () => ({ eventNames: false })),
  'event-name-mismatch': {
    row: 'E6',
    about: 'events named ping that hold content',
    reply: ({ said }) => ({
      ...said(),
      edit: { frames: (frames) => frames.map((frame) => ({ ...frame, event: 'ping' })) },
    }),
  },
  'no-final-blank-line': {
    row: 'E7',
    about: 'the blank line behind the last event is missing',
    reply: ({ said }) => ({
      ...said({ style: { split: 'once' } }),
      edit: { steps: (steps) => mapText(steps, (text) => text.replace(/\n\n$/, '\n')) },
    }),
  },
  'split-bytes': styled(
    'E8',
    'a write for every `size` (1) bytes; a list `1,7,2` is cycled',
    ({ params }) => ({
      split: splitOf(params.text('size', '1')),
    }),
  ),
  'one-chunk': styled('E9', 'all in one write', () => ({ split: 'once' })),
  'utf8-split': {
    row: 'E10',
    about: 'writes that end inside of characters',
    reply: ({ nonce, said }) =>
      said({ words: [`${nonce}-${WIDE}`, ` ${nonce}-${WIDE}`], style: { split: 1 } }),
  },
  'surrogate-split': {
    row: 'E11',
    about: 'a character in two halves, in two pieces of content',
    reply: ({ nonce, said }) => said({ words: [`${nonce}-\ud83d`, `\ude00 ${nonce}`] }),
  },
  'lone-surrogate': {
    row: 'E12',
    about: 'half a character alone',
    reply: ({ nonce, said }) => said({ words: [`${nonce}-\ud83d`, `- ${nonce}`] }),
  },
  'invalid-utf8': {
    row: 'E13',
    about: 'bytes that are no UTF-8 inside of the text',
    reply: ({ nonce, said }) => ({
      ...said({ words: [`${nonce}-${SPOT}`, ` ${nonce}`] }),
      edit: { steps: (steps) => mapText(steps, spoiltBytes) },
    }),
  },
  'nul-bytes': {
    row: 'E13',
    about: 'NUL in comments and, escaped, in the text',
    reply: ({ nonce, said }) => ({
      ...said({ words: [`${nonce}-\0`, ` ${nonce}`] }),
      edit: { steps: (steps) => mapText(steps, (text) => (text.startsWith('{') ? text : `: \0\0\n${text}`)) },
    }),
  },
  gzip: compressed('gzip'),
  deflate: compressed('deflate'),
  br: compressed('br'),
  'gzip-truncated': {
    row: 'E18',
    about: 'compressed, ended in the middle',
    reply: ({ said }) => ({
      ...cut({ after: 1, answer: said() }),
      headers: { 'content-encoding': 'gzip' },
      edit: { steps: (steps) => encoded(steps, 'gzip', { cut: true }) },
    }),
  },
  'gzip-lie': {
    row: 'E18',
    about: 'says that it is compressed, and is not',
    reply: ({ said }) => ({ ...said(), headers: { 'content-encoding': 'gzip' } }),
  },
  'encoding-chain': {
    row: 'E20',
    about: 'says that it is compressed 120 times over',
    reply: ({ said }) => ({ ...said(), headers: { 'content-encoding': CHAIN } }),
  },
};

function splitOf(sizes: string): Split {
  const list = sizes.split(',').map(Number);
  return list.length > 1 ? list : (list[0] ?? 1);
}

function spoiltBytes(text: string): string | Uint8Array {
  if (!text.includes(SPOT)) return text;
  const bytes = encoder.encode(text);
  const at = bytes.findIndex((byte, index) => byte === 0xc2 && bytes[index + 1] === 0xa4);
  bytes.fill(0xff, at, at + 2);
  return bytes;
}
