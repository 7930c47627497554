import type { RawReply, SilentReply, StatusReply, StepsReply } from './reply.ts';
import { type Step, splitSteps } from './step.ts';

/** The steps of a reply that is no answer of the model. */
export function plainSteps(
  reply: StatusReply | RawReply | SilentReply | StepsReply,
  errorBody: (reply: StatusReply) => unknown,
  headers: Readonly<Record<string, string>>,
): Step[] {
  switch (reply.kind) {
    case 'silent':
      return [...pause(reply.firstMs), { kind: 'end', how: reply.how }];
    case 'steps':
      return [...reply.steps];
    case 'raw':
      return rawSteps(reply, headers);
    case 'status':
      return bodySteps(reply.status, reply.body === undefined ? errorBody(reply) : reply.body, {
        firstMs: reply.firstMs,
        headers: { ...headers, ...reply.headers },
      });
  }
}

/** A whole body at once: text as it is, anything else as JSON. */
export function bodySteps(
  status: number,
  body: unknown,
  options: { readonly headers: Readonly<Record<string, string>>; readonly firstMs?: number | undefined },
): Step[] {
  const bytes = new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body));
  const type = { 'content-type': typeof body === 'string' ? 'text/plain' : 'application/json' };
  const length = { 'content-length': String(bytes.length) };
  return [
    ...pause(options.firstMs),
    { kind: 'head', status, headers: { ...type, ...length, ...options.headers } },
    { kind: 'bytes', bytes },
    { kind: 'end', how: 'eof' },
  ];
}

/** A wait, where there is something to wait for. */
export function pause(ms: number | undefined): Step[] {
  return ms ? [{ kind: 'wait', ms }] : [];
}

/** Pieces at their pace; content type of a stream unless the reply has headers of its own. */
function rawSteps(reply: RawReply, headers: Readonly<Record<string, string>>): Step[] {
  const pieces = reply.pieces.flatMap((bytes, index): Step[] => [
    ...(index > 0 ? pause(reply.delayMs) : []),
    { kind: 'bytes', bytes },
  ]);
  return [
    { kind: 'head', status: reply.status ?? 200, headers: { ...headers, ...(reply.headers ?? eventStream) } },
    ...splitSteps(pieces, reply.split ?? 'event'),
    { kind: 'end', how: reply.how ?? 'eof' },
  ];
}

/** Headers of a streamed answer. */
export const eventStream: Readonly<Record<string, string>> = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache',
};
