import { describe, expect, it } from 'vitest';
import { answerSteps, type WireAnswer } from '../../../src/testing/upstream/answer-steps.ts';
import type { Answer } from '../../../src/testing/upstream/model-answer.ts';
import type { AnswerReply } from '../../../src/testing/upstream/reply.ts';
import type { Step } from '../../../src/testing/upstream/step.ts';
import { eventsIn } from './ask.ts';

const answer: Answer = { blocks: [{ type: 'text', pieces: ['one', ' two', ' three'] }] };

/** A wire that no API has: what is tested is what every wire shares. */
const wire: Omit<WireAnswer, 'stream'> = {
  headers: { 'request-id': 'req_1' },
  frames: () => [
    { event: 'start', data: {} },
    ...['one', ' two', ' three'].map((text) => ({ data: { text }, content: true })),
    { event: 'end', data: {}, finish: true },
  ],
  body: () => ({ text: 'one two three' }),
  faultFrames: {
    ping: { comment: 'ping' },
    error: (type, message) => ({ event: 'error', data: { type, message } }),
  },
  failure: (type, message) => ({ status: 529, body: { type, message } }),
};

function steps(stream: boolean, more: Partial<AnswerReply> = {}): Step[] {
  return answerSteps({ kind: 'answer', answer, ...more }, { ...wire, stream });
}

const bodyOf = (list: readonly Step[]): string =>
  list.map((step) => (step.kind === 'bytes' ? new TextDecoder().decode(step.bytes) : '')).join('');
const textIn = (body: string): string =>
  eventsIn(body)
    .map(({ data }) => (data as { text?: string }).text ?? '')
    .join('');
const waitsOf = (list: readonly Step[]): number =>
  list.reduce((sum, step) => sum + (step.kind === 'wait' ? step.ms : 0), 0);
const headOf = (list: readonly Step[]) => list.find((step) => step.kind === 'head');

describe('answerSteps', () => {
  it('says the same as a stream and as JSON', () => {
    expect(textIn(bodyOf(steps(true)))).toBe('one two three');
    expect(JSON.parse(bodyOf(steps(false)))).toEqual({ text: 'one two three' });
  });

  it('may be in the other shape than the request wants (N4, N5)', () => {
    expect(JSON.parse(bodyOf(steps(true, { as: 'json' })))).toEqual({ text: 'one two three' });
    expect(textIn(bodyOf(steps(false, { as: 'stream' })))).toBe('one two three');
  });

  it('may be edited: its events, its JSON, and all that is sent', () => {
    const edit: AnswerReply['edit'] = {
      frames: (frames) => frames.slice(0, 2),
      body: () => '{"text":',
      steps: (list) => [{ kind: 'wait', ms: 7 }, ...list],
    };
    expect(textIn(bodyOf(steps(true, { edit })))).toBe('one');
    expect(bodyOf(steps(false, { edit }))).toBe('{"text":');
    expect([waitsOf(steps(true, { edit })), waitsOf(steps(false, { edit }))]).toEqual([7, 7]);
  });

  it('may be edited and break all the same', () => {
    const faults = [{ kind: 'end', after: 'content', how: 'reset' }] as const;
    const list = steps(false, { faults, edit: { body: () => ({ other: 1 }) } });
    expect(bodyOf(list)).toContain('{"other');
    expect(list.find((step) => step.kind === 'end')).toMatchObject({ how: 'reset' });
  });

  it('labels what it sends', () => {
    expect(headOf(steps(true))).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/event-stream; charset=utf-8', 'request-id': 'req_1' },
    });
    const json = headOf(steps(false));
    expect(json).toMatchObject({ headers: { 'content-type': 'application/json', 'request-id': 'req_1' } });
    expect(json?.headers['content-length']).toBe(String(bodyOf(steps(false)).length));
  });

  it('lets the reply change its headers (N6)', () => {
    const headers = { 'content-type': 'text/plain', 'retry-after': '1' };
    expect(headOf(steps(true, { headers }))?.headers).toMatchObject(headers);
    expect(headOf(steps(false, { headers }))?.headers).toMatchObject(headers);
  });

  it('takes the same time either way', () => {
    const pace = { firstMs: 10, delayMs: 5 };
    expect(waitsOf(steps(true, { pace }))).toBe(20);
    expect(waitsOf(steps(false, { pace }))).toBe(20);
    expect(waitsOf(steps(false, { pace: {} }))).toBe(0);
  });

  it('waits before the head, not after', () => {
    const kinds = steps(true, { pace: { firstMs: 10 } }).map((step) => step.kind);
    expect(kinds.slice(0, 2)).toEqual(['wait', 'head']);
  });

  it('breaks a stream with an error event, and JSON with the status that belongs to it (B1)', () => {
    const faults = [
      { kind: 'error_event', after: 1, type: 'overloaded_error', message: 'busy', how: 'eof' },
    ] as const;
    const events = eventsIn(bodyOf(steps(true, { faults })));
    const error = { type: 'overloaded_error', message: 'busy' };
    expect(events.find(({ event }) => event === 'error')?.data).toEqual(error);
    expect(headOf(steps(false, { faults }))).toMatchObject({ status: 529 });
    expect(JSON.parse(bodyOf(steps(false, { faults })))).toEqual(error);
  });

  it('cuts JSON where it cuts the stream, without a promise of length', () => {
    const faults = [{ kind: 'end', after: 1, how: 'eof' }] as const;
    const list = steps(false, { faults });
    expect(headOf(list)?.headers).not.toHaveProperty('content-length');
    const upToEnd = list.slice(
      0,
      list.findIndex((step) => step.kind === 'end'),
    );
    expect(() => JSON.parse(bodyOf(upToEnd))).toThrow();
  });

  it('writes in style', () => {
    const body = bodyOf(steps(true, { style: { eol: '\r\n', comments: true } }));
    expect(body).toContain(': a comment\r\n');
    expect(textIn(body)).toBe('one two three');
  });
});
