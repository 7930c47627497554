import { type Reply, reply } from 'runestone/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { strike, warmUp } from './lab.ts';

beforeAll(warmUp);

const answer = reply.text('one two three');

describe('an answer that breaks after its first content', () => {
  it.each<readonly [id: string, fault: Reply, code: string, partial: string]>([
    ['T30 reset inside an event', reply.cut({ how: 'reset', midEvent: true, answer }), 'connection', 'one'],
    [
      'T31 closed inside an event',
      reply.cut({ how: 'close', midEvent: true, answer }),
      'stream_truncated',
      'one',
    ],
    [
      'T32 ended inside an event',
      reply.cut({ how: 'eof', midEvent: true, answer }),
      'stream_truncated',
      'one',
    ],
    ['T33 reset between events', reply.cut({ after: 2, how: 'reset', answer }), 'connection', 'one two'],
    [
      'T34 closed between events',
      reply.cut({ after: 2, how: 'close', answer }),
      'stream_truncated',
      'one two',
    ],
    ['T35 ended between events', reply.cut({ after: 2, how: 'eof', answer }), 'stream_truncated', 'one two'],
    [
      'T36 all text, no finish reason',
      reply.cut({ after: 'content', answer }),
      'stream_truncated',
      'one two three',
    ],
    ['T40 silence', reply.stall({ after: 1, answer }), 'timeout', 'one'],
    ['T41 silence inside an event', reply.stall({ after: 1, midEvent: true, answer }), 'timeout', 'one'],
    ['T42 only pings', reply.pings({ after: 1, answer }), 'timeout', 'one'],
    ['B3 overloaded', reply.errorEvent({ after: 1, answer }), 'overloaded', 'one'],
    [
      'B4 overloaded, the connection left open',
      reply.errorEvent({ after: 1, how: 'hang', answer }),
      'overloaded',
      'one',
    ],
    [
      'B3 without an event name',
      reply.errorEvent({ answer: { ...answer, style: { eventNames: false } } }),
      'overloaded',
      'one',
    ],
  ])('%s: a typed error with what had arrived, and no second try', async (_id, fault, code, partial) => {
    const outcome = await strike(fault, 'pair');
    expect(outcome).toMatchObject({ code, partial, committed: true, asked: '1 0' });
    expect(outcome.text).toBeUndefined();
    expect(outcome.tookMs).toBeLessThan(1_000);
  });

  it.each<readonly [id: string, fault: Reply, phase: string]>([
    ['T40', reply.stall({ after: 1, answer }), 'idle'],
    ['T42', reply.pings({ after: 1, answer }), 'progress'],
  ])('%s names the timer: %s', async (_id, fault, phase) => {
    expect((await strike(fault, 'alone')).phase).toBe(phase);
  });

  it.each<readonly [id: string, fault: Reply]>([
    ['T33 reset', reply.cut({ after: 2, how: 'reset', answer })],
    ['T35 ended', reply.cut({ after: 2, how: 'eof', answer })],
    ['B3 overloaded', reply.errorEvent({ after: 2, answer })],
  ])('%s, where the caller waits for the whole: tried again, nobody has seen a word', async (_id, fault) => {
    const outcome = await strike(fault, 'pair', 'whole');
    expect(outcome.text).toMatch(/^from (faulty|healthy)$/);
  });
});

describe('an answer that is complete, whatever comes after its finish reason', () => {
  it.each<readonly [id: string, fault: Reply]>([
    ['T37 no end marker', reply.cut({ after: 'finish', how: 'eof', answer })],
    ['T37 closed instead of an end marker', reply.cut({ after: 'finish', how: 'close', answer })],
    ['T38 reset before the end marker', reply.cut({ after: 'finish', how: 'reset', answer })],
    ['T38 reset after the end marker', reply.cut({ after: 'stop', how: 'reset', answer })],
    ['T39 end marker, connection left open', reply.cut({ after: 'stop', how: 'hang', answer })],
    ['B6 an error after the end', reply.errorEvent({ after: 'stop', answer })],
  ])('%s', async (_id, fault) => {
    const outcome = await strike(fault, 'pair');
    expect(outcome).toMatchObject({
      text: 'one two three',
      finish: 'stop',
      asked: '1 0',
      precision: ['reported'],
    });
    expect(outcome.tookMs).toBeLessThan(150);
  });
});

describe('an answer that is slow but well', () => {
  it('T43 a pause shorter than the timer', async () => {
    const outcome = await strike(reply.stall({ after: 1, ms: 60, answer }), 'pair');
    expect(outcome).toMatchObject({ text: 'one two three', asked: '1 0' });
  });

  it('T44 many pauses, together longer than any timer', async () => {
    const drip = reply.text('word '.repeat(18).trim(), { delayMs: 30 });
    const outcome = await strike(drip, 'pair');
    expect(outcome).toMatchObject({ text: 'word '.repeat(18).trim(), asked: '1 0' });
    expect(outcome.tookMs).toBeGreaterThan(450);
  });

  it('pings keep the idle timer quiet while the model thinks', async () => {
    const outcome = await strike(reply.pings({ after: 1, ms: 220, answer }), 'pair');
    expect(outcome).toMatchObject({ text: 'one two three', asked: '1 0' });
  });
});
