import { status } from '../../upstream/replies/bytes.ts';
import type { Step } from '../../upstream/step.ts';
import type { FaultTable, LabAsk, LabFault } from '../lab-fault.ts';

const page = (title: string): string =>
  `<!doctype html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`;
const HTML = { 'content-type': 'text/html' };

/** What each plain status stands for; the body is the wire's own error. */
const plain: readonly (readonly [row: string, code: number])[] = [
  ['S1', 400],
  ['S1', 422],
  ['S3', 401],
  ['S4', 402],
  ['S5', 403],
  ['S6', 404],
  ['S7', 408],
  ['S7', 425],
  ['S8', 409],
  ['S9', 413],
  ['S10', 500],
  ['S10', 502],
  ['S10', 503],
  ['S10', 504],
  ['S10', 520],
  ['S10', 524],
  ['S11', 501],
  ['S12', 529],
  ['S15', 429],
  ['S21', 999],
];

const plainStatuses: FaultTable = Object.fromEntries(
  plain.map(([row, code]): [string, LabFault] => [
    `status-${code}`,
    { row, about: `a ${code} in the words of the wire`, reply: (ask) => ofModel(ask, code) },
  ]),
);

const proxyPage = (code: number, title: string): LabFault => ({
  row: code === 403 ? 'S5' : 'S19',
  about: `a ${code} with the page of a proxy`,
  reply: () => status(code, { body: page(title), headers: HTML }),
});

/** A head with an error status, and whatever comes then. */
const began = (code: number, ...steps: readonly Step[]): ReturnType<NonNullable<LabFault['reply']>> => ({
  kind: 'steps',
  steps: [{ kind: 'head', status: code, headers: { 'content-type': 'application/json' } }, ...steps],
});

const bytes = (text: string): Step => ({ kind: 'bytes', bytes: new TextEncoder().encode(text) });

/** Of a MiB. */
const sixteenth = bytes('a'.repeat(64 * 1024));

/** Answers that fail by their status (S1 to S22, but for those that name a wait). */
export const statuses: FaultTable = {
  ...plainStatuses,
  '400-context-length': {
    row: 'S2',
    about: 'a 400: the conversation is too long',
    reply: ({ wire }) =>
      wire === 'anthropic'
        ? status(400, { message: 'prompt is too long: 250000 tokens > 200000 maximum' })
        : status(400, {
            message: "This model's maximum context length is 128000 tokens.",
            details: { code: 'context_length_exceeded', param: 'messages' },
          }),
  },
  '429-spend-limit': {
    row: 'S4',
    about: 'a 429 that no waiting cures',
    reply: ({ wire }) =>
      wire === 'anthropic'
        ? status(429, { details: { error_code: 'enforced_spend_limit_reached' } })
        : status(429, { type: 'insufficient_quota', details: { code: 'insufficient_quota' } }),
  },
  '403-html': proxyPage(403, 'Attention Required! | Cloudflare'),
  '502-html': proxyPage(502, '502 Bad Gateway'),
  '503-html': proxyPage(503, '503 Service Temporarily Unavailable'),
  '504-html': proxyPage(504, '504 Gateway Time-out'),
  '500-should-not-retry': {
    row: 'S18',
    about: 'a 500 that says it is not worth another try',
    reply: () => status(500, { headers: { 'x-should-retry': 'false' } }),
  },
  '400-should-retry': {
    row: 'S18',
    about: 'a 400 that asks for another try',
    reply: () => status(400, { headers: { 'x-should-retry': 'true' } }),
  },
  '500-hang-body': {
    row: 'S20',
    about: 'a `status` (500) whose body never comes',
    reply: ({ params }) => began(params.number('status', 500), { kind: 'end', how: 'hang' }),
  },
  '500-reset-body': {
    row: 'S20',
    about: 'a 500, RST inside its body',
    reply: () => began(500, bytes('{"error":{"mess'), { kind: 'end', how: 'reset' }),
  },
  '500-empty': { row: 'S20', about: 'a 500 without a body', reply: () => status(500, { body: '' }) },
  '500-giant-body': {
    row: 'S20',
    about: 'a 500 with `mb` (64) MiB of body',
    reply: ({ params }) =>
      began(500, ...Array.from({ length: params.number('mb', 64) * 16 }, () => sixteenth), {
        kind: 'end',
        how: 'eof',
      }),
  },
  '400-deep-body': {
    row: 'S20',
    about: 'a 400 with JSON 100000 levels deep',
    reply: () => status(400, { body: `{"error":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}` }),
  },
  '400-echoes-key': {
    row: 'S22',
    about: 'a 400 that quotes the key and the question',
    reply: ({ key, question }) =>
      status(400, { message: `key ${key} (${encodeURIComponent(key)}) may not ask: ${question}` }),
  },
};

/** A 404 names the model, or it would be about something else. */
function ofModel({ model }: LabAsk, code: number): ReturnType<typeof status> {
  return code === 404 ? status(404, { message: `model: ${model} does not exist` }) : status(code);
}
