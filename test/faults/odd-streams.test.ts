import { type Frame, frame, framesOf, type Reply, reply, type SseStyle } from 'runestone/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { strike, warmUp } from './lab.ts';

beforeAll(warmUp);

const SAID = 'Grüße, 世界! 😀 fine.';

describe('encodings of a good stream', () => {
  it.each<readonly [id: string, style: SseStyle]>([
    ['E1 CRLF', { eol: '\r\n' }],
    ['E1 CR', { eol: '\r' }],
    ['E1 CR and LF in different reads', { eol: '\r\n', split: 1 }],
    ['E2 a byte order mark', { bom: true }],
    ['E2 a byte order mark, cut in three', { bom: true, split: [1, 1, 400] }],
    ['E3 comments, id and retry', { comments: true }],
    ['E4 data over several lines', { multiline: true }],
    ['E5 no space after the colon', { space: false }],
    ['E5 no event names', { eventNames: false }],
    ['E8 a read for each byte, and so E10', { split: 1 }],
    ['E8 reads of odd sizes', { split: [1, 7, 2, 30, 3] }],
    ['E9 all in one read', { split: 'once' }],
    [
      'everything at once',
      { eol: '\r\n', bom: true, comments: true, space: false, multiline: true, split: 7 },
    ],
  ])('%s', async (_id, style) => {
    const outcome = await strike(reply.text(SAID, { style }), 'alone');
    expect(outcome).toMatchObject({ text: SAID, finish: 'stop', asked: '1 0', precision: ['reported'] });
  });

  it('E11 a character split over two deltas', async () => {
    const [high = '', low = ''] = '😀'.split('');
    expect((await strike(reply.text([`a${high}`, `${low}b`]), 'alone')).text).toBe('a😀b');
  });

  it('E12 half a character alone', async () => {
    expect((await strike(reply.text(['a\ud83d', 'b']), 'alone')).finish).toBe('stop');
  });

  it('E14 an event of a megabyte', async () => {
    const long = 'x'.repeat(1_000_000);
    expect((await strike(reply.text([long], { style: { split: 65_536 } }), 'alone')).text).toBe(long);
  });

  it('E16 many small deltas', async () => {
    const words = Array.from({ length: 2_000 }, (_, n) => `${n} `);
    const style = { split: 'once' } as const;
    expect((await strike(reply.text(words, { style }), 'alone')).text).toBe(words.join(''));
  });
});

/** The frames of an answer, ready to be spoilt. */
function frames(pieces: readonly string[] = ['one', ' two']): Frame[] {
  const input = {
    input_tokens: 5,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
  };
  const facts = { id: 'msg_1', model: 'claude-haiku-4-5-20251001', input };
  return framesOf({ blocks: [{ type: 'text', pieces }] }, facts);
}

/** The same with something put in behind the first piece of text. */
function spoilt(...odd: readonly Frame[]): Reply {
  const all = frames();
  const at = all.findIndex(({ content }) => content) + 1;
  return reply.events([...all.slice(0, at), ...odd, ...all.slice(at)]);
}

/** The same with other values in one of its events. */
function changed(event: string, change: (data: Record<string, unknown>) => unknown): Reply {
  return reply.events(
    frames().map((each) =>
      each.event === event
        ? { ...each, data: change(structuredClone(each.data) as Record<string, unknown>) }
        : each,
    ),
  );
}

const stray = (index: unknown) =>
  frame('content_block_delta', { index, delta: { type: 'text_delta', text: 'STRAY' } });

describe('events that a good host may send one day', () => {
  it.each<readonly [id: string, fault: Reply]>([
    ['V1 an unknown event', spoilt(frame('hologram', { beam: 1 }))],
    [
      'V1 an unknown block',
      spoilt(
        frame('content_block_start', { index: 7, content_block: { type: 'hologram' } }),
        frame('content_block_delta', { index: 7, delta: { type: 'beam_delta', beam: 'x' } }),
        frame('content_block_stop', { index: 7 }),
      ),
    ],
    [
      'V1 an unknown delta',
      spoilt(frame('content_block_delta', { index: 0, delta: { type: 'beam_delta' } })),
    ],
    [
      'V2 an unknown stop reason',
      changed('message_delta', (data) => ({ ...data, delta: { stop_reason: 'bored' } })),
    ],
    ['V3 the same start twice', spoilt(frames()[0] as Frame)],
    ['V6 a delta for no block', spoilt(stray(42))],
    ['V7 a hostile index: -1', spoilt(stray(-1))],
    ['V7 a hostile index: 0.5', spoilt(stray(0.5))],
    ['V7 a hostile index: __proto__', spoilt(stray('__proto__'))],
    ['V7 a hostile index: null', spoilt(stray(null))],
    ['V7 a hostile index: 2^32 - 1', spoilt(stray(2 ** 32 - 1))],
    [
      'V13 __proto__ as a key',
      spoilt({ event: 'hologram', data: '{"type":"hologram","__proto__":{"polluted":1}}' }),
    ],
    ['V9 content after the end', reply.events([...frames(), stray(0)])],
    ['an extra ping', spoilt(frame('ping', {}))],
    ['V8 a block never closed', reply.events(frames().filter(({ event }) => event !== 'content_block_stop'))],
  ])('%s: the answer is whole', async (_id, fault) => {
    const outcome = await strike(fault, 'alone');
    expect(outcome).toMatchObject({ text: 'one two', finish: 'stop', asked: '1 0' });
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('N9 an envelope without content is an empty answer', async () => {
    const outcome = await strike(reply.answer([]), 'alone');
    expect(outcome).toMatchObject({ text: '', finish: 'stop', asked: '1 0' });
  });
});

describe('events that are wrong', () => {
  it.each<readonly [id: string, fault: Reply]>([
    [
      'V11 JSON cut in one event',
      spoilt({ event: 'content_block_delta', data: '{"type":"content_block_delta","in' }),
    ],
  ])('%s: an error with what had arrived', async (_id, fault) => {
    const outcome = await strike(fault, 'pair');
    expect(outcome).toMatchObject({ code: 'bad_response', partial: 'one', committed: true, asked: '1 0' });
    expect(outcome.message).not.toContain('content_block_delta","in');
  });

  it.each(['null', '42', '""', '[]', 'true'])(
    'V12 %s as an event: an answer or a typed error',
    async (data) => {
      const outcome = await strike(spoilt({ event: 'content_block_delta', data }), 'alone');
      expect(outcome.text ?? outcome.code).toMatch(/^(one two|bad_response)$/);
    },
  );
});

describe('usage', () => {
  it('U1 missing: the answer is whole, its cost unknown or an estimate, never a report', async () => {
    const fault = reply.events(
      frames().map(({ data, ...each }) => {
        const { usage: _, message, ...rest } = data as { usage?: unknown; message?: Record<string, unknown> };
        return { ...each, data: { ...rest, ...(message && { message: { ...message, usage: null } }) } };
      }),
    );
    const outcome = await strike(fault, 'alone');
    expect(outcome.text).toBe('one two');
    expect(outcome.precision).not.toEqual(['reported']);
  });

  it.each([-5, '12', Number.MAX_VALUE, null, 0.5])('U2 hostile: %s', async (output_tokens) => {
    const outcome = await strike(reply.text('one two', { usage: { output_tokens } }), 'alone');
    expect(outcome.text).toBe('one two');
    expect(outcome.precision).not.toEqual(['reported']);
  });
});
