import { describe, expect, it } from 'vitest';
import { answer, refusal, text, thinking, tools } from '../../../../src/testing/upstream/replies/answers.ts';
import { isForged, signatureOf } from '../../../../src/testing/upstream/signature.ts';

describe('answer', () => {
  it('leaves the content to the upstream when no blocks are given', () => {
    expect(answer()).toEqual({ kind: 'answer', pace: {} });
    expect(answer(undefined, { delayMs: 3 }).answer).toBeUndefined();
  });

  it('sorts its options into what is said, how fast, in which style, with which faults', () => {
    const faults = [{ kind: 'stall', after: 1, ms: 5 }] as const;
    expect(
      answer([{ type: 'text', pieces: ['a'] }], {
        model: 'other',
        stopReason: 'max_tokens',
        usage: { output_tokens: 7 },
        firstMs: 1,
        delayMs: 2,
        style: { bom: true },
        faults,
        headers: { 'x-a': 'b' },
      }),
    ).toEqual({
      kind: 'answer',
      answer: {
        blocks: [{ type: 'text', pieces: ['a'] }],
        model: 'other',
        stopReason: 'max_tokens',
        usage: { output_tokens: 7 },
      },
      pace: { firstMs: 1, delayMs: 2 },
      style: { bom: true },
      faults,
      headers: { 'x-a': 'b' },
    });
  });
});

describe('text', () => {
  const blocks = (...args: Parameters<typeof text>) => text(...args).answer?.blocks;

  it('streams word by word', () => {
    expect(blocks('one two')).toEqual([{ type: 'text', pieces: ['one', ' two'] }]);
  });

  it('streams in so many chunks', () => {
    expect(blocks('abcdef', { chunks: 3 })).toEqual([{ type: 'text', pieces: ['ab', 'cd', 'ef'] }]);
  });

  it('streams exact pieces, whatever `chunks` says', () => {
    expect(blocks(['a', '', 'b'], { chunks: 9 })).toEqual([{ type: 'text', pieces: ['a', '', 'b'] }]);
  });

  it('keeps `chunks` out of the answer', () => {
    expect(text('a', { chunks: 1 }).answer).not.toHaveProperty('chunks');
  });
});

describe('tools', () => {
  it('calls tools, with an empty input by default', () => {
    expect(tools([{ name: 'now' }, { name: 'add', input: { a: 1 }, id: 'toolu_x' }]).answer?.blocks).toEqual([
      { type: 'tool_use', name: 'now', input: {} },
      { type: 'tool_use', name: 'add', input: { a: 1 }, id: 'toolu_x' },
    ]);
  });

  it('says something first when there is text', () => {
    const { blocks = [] } = tools([{ name: 'now' }], { text: 'Let me look.' }).answer ?? {};
    expect(blocks.map((block) => block.type)).toEqual(['text', 'tool_use']);
  });

  it('carries fragments that are no JSON (G3)', () => {
    const [block] = tools([{ name: 'add', pieces: ['{"a":', 'oops'] }]).answer?.blocks ?? [];
    expect(block).toMatchObject({ pieces: ['{"a":', 'oops'] });
  });
});

describe('thinking', () => {
  it('thinks, signs, then speaks', () => {
    const { blocks = [] } = thinking('a thought', { text: 'An answer.' }).answer ?? {};
    expect(blocks).toEqual([
      { type: 'thinking', pieces: ['a', ' thought'], signature: signatureOf('a thought') },
      { type: 'text', pieces: ['An', ' answer.'] },
    ]);
  });

  it('hides the thought but not the signature (TH-11)', () => {
    const [block] = thinking('a thought', { hidden: true }).answer?.blocks ?? [];
    expect(block).toMatchObject({ type: 'thinking', pieces: [] });
    expect(isForged('', (block as { signature: string }).signature)).toBe(false);
  });

  it('takes a signature of the test', () => {
    expect(thinking('a', { signature: 'sig' }).answer?.blocks[0]).toMatchObject({ signature: 'sig' });
  });
});

describe('refusal', () => {
  it('is an answer that stops for refusal, with details (FIN-6)', () => {
    expect(refusal('Not that.').answer).toEqual({
      blocks: [],
      stopReason: 'refusal',
      stopDetails: { type: 'refusal', category: 'general_harms', explanation: 'Not that.' },
    });
  });

  it('may come in the middle of an answer (STR-25), and with other details', () => {
    const reply = refusal('No.', { text: 'Well,', stopDetails: { type: 'refusal', category: 'bio' } });
    expect(reply.answer?.blocks).toEqual([{ type: 'text', pieces: ['Well,'] }]);
    expect(reply.answer?.stopDetails).toEqual({ type: 'refusal', category: 'bio' });
  });
});
