import { describe, expect, it } from 'vitest';
import { bodySteps, pause, plainSteps } from '../../../src/testing/upstream/plain-steps.ts';
import { raw, status } from '../../../src/testing/upstream/replies/bytes.ts';
import { dropBeforeHeaders, hangBeforeHeaders } from '../../../src/testing/upstream/replies/faults.ts';
import type { Step } from '../../../src/testing/upstream/step.ts';

const usual = { 'request-id': 'req_1' };
const errorBody = (reply: { status: number }) => ({ error: reply.status });
const steps = (reply: Parameters<typeof plainSteps>[0]): Step[] => plainSteps(reply, errorBody, usual);
const bodyOf = (list: readonly Step[]): string =>
  list.map((step) => (step.kind === 'bytes' ? new TextDecoder().decode(step.bytes) : '')).join('');
const headOf = (list: readonly Step[]) => list.find((step) => step.kind === 'head');

describe('pause', () => {
  it('is a step only where there is something to wait for', () => {
    expect(pause(undefined)).toEqual([]);
    expect(pause(0)).toEqual([]);
    expect(pause(5)).toEqual([{ kind: 'wait', ms: 5 }]);
  });
});

describe('bodySteps', () => {
  it('sends JSON with its length', () => {
    const list = bodySteps(200, { a: 'é' }, { headers: usual });
    expect(list.map((step) => step.kind)).toEqual(['head', 'bytes', 'end']);
    expect(headOf(list)).toEqual({
      kind: 'head',
      status: 200,
      headers: { 'content-type': 'application/json', 'content-length': '10', 'request-id': 'req_1' },
    });
    expect(bodyOf(list)).toBe('{"a":"é"}');
  });

  it('sends text as it is', () => {
    const list = bodySteps(502, '<html>', { headers: { 'content-type': 'text/html' }, firstMs: 3 });
    expect(list[0]).toEqual({ kind: 'wait', ms: 3 });
    expect(headOf(list)).toMatchObject({ headers: { 'content-type': 'text/html', 'content-length': '6' } });
    expect(bodyOf(list)).toBe('<html>');
  });
});

describe('plainSteps of a status', () => {
  it('has the error body of the wire by default', () => {
    const list = steps(status(529));
    expect(headOf(list)).toMatchObject({ status: 529, headers: usual });
    expect(bodyOf(list)).toBe('{"error":529}');
  });

  it('has the body and headers it is given, theirs winning', () => {
    const list = steps(status(503, { body: 'down', headers: { 'request-id': 'mine', 'retry-after': '2' } }));
    expect(headOf(list)).toMatchObject({
      status: 503,
      headers: { 'request-id': 'mine', 'retry-after': '2' },
    });
    expect(bodyOf(list)).toBe('down');
  });

  it('may have an empty body (S20)', () => {
    expect(bodyOf(steps(status(500, { body: '' })))).toBe('');
  });
});

describe('plainSteps of raw bytes', () => {
  it('is an event stream unless headers say otherwise', () => {
    expect(headOf(steps(raw('x')))).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/event-stream; charset=utf-8', 'request-id': 'req_1' },
    });
    expect(headOf(steps(raw('x', { headers: { 'content-type': 'text/html' } })))).toMatchObject({
      headers: { 'content-type': 'text/html' },
    });
  });

  it('writes pieces apart, together, or by size, at a pace', () => {
    const kinds = (list: readonly Step[]): string[] =>
      list.map((step) => (step.kind === 'bytes' ? bodyOf([step]) : step.kind));
    expect(kinds(steps(raw(['ab', 'cd'])))).toEqual(['head', 'ab', 'cd', 'end']);
    expect(kinds(steps(raw(['ab', 'cd'], { split: 'once' })))).toEqual(['head', 'abcd', 'end']);
    expect(kinds(steps(raw(['ab', 'cd'], { split: 3 })))).toEqual(['head', 'abc', 'd', 'end']);
    expect(kinds(steps(raw(['ab', 'cd'], { delayMs: 2 })))).toEqual(['head', 'ab', 'wait', 'cd', 'end']);
  });

  it('ends as it is told', () => {
    expect(steps(raw('x', { how: 'reset' })).at(-1)).toEqual({ kind: 'end', how: 'reset' });
    expect(steps(raw('x')).at(-1)).toEqual({ kind: 'end', how: 'eof' });
  });
});

describe('plainSteps of silence', () => {
  it('has no head', () => {
    expect(steps(hangBeforeHeaders())).toEqual([{ kind: 'end', how: 'hang' }]);
    expect(steps(dropBeforeHeaders('close', 8))).toEqual([
      { kind: 'wait', ms: 8 },
      { kind: 'end', how: 'close' },
    ]);
  });
});

it('steps of one’s own are played as they are', () => {
  const own: Step[] = [{ kind: 'end', how: 'close' }];
  expect(steps({ kind: 'steps', steps: own })).toEqual(own);
});
