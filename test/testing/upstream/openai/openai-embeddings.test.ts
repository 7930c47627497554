import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { embeddingList, vectorOf } from '../../../../src/testing/upstream/openai/openai-embeddings.ts';

interface List {
  readonly data: readonly { readonly index: number; readonly embedding: number[] | string }[];
  readonly usage: { readonly prompt_tokens: number; readonly total_tokens: number };
}
const listOf = (more: object): List =>
  embeddingList({ model: 'm', dimensions: 4, ...more }) as unknown as List;

describe('embeddingList', () => {
  it('has one vector for each text, in order, and counts tokens', () => {
    const { data, usage, ...rest } = listOf({ input: ['hello', 'you'] });
    expect(rest).toEqual({ object: 'list', model: 'm' });
    expect(data.map(({ index }) => index)).toEqual([0, 1]);
    expect(usage).toEqual({ prompt_tokens: 3, total_tokens: 3 });
    expect(data[0]?.embedding).toEqual([...vectorOf('hello', 4)]);
  });

  it('takes a text, and tokens in both forms', () => {
    expect(listOf({ input: 'hello' }).data).toHaveLength(1);
    expect(listOf({ input: [1, 2, 3] })).toMatchObject({ data: [{}], usage: { prompt_tokens: 3 } });
    expect(listOf({ input: [[1, 2, 3], [4]] })).toMatchObject({
      data: [{}, {}],
      usage: { prompt_tokens: 4 },
    });
  });

  it('is as long as wanted, 1536 otherwise', () => {
    expect(listOf({ input: 'a' }).data[0]?.embedding).toHaveLength(4);
    expect(listOf({ input: 'a', dimensions: undefined }).data[0]?.embedding).toHaveLength(1536);
  });

  it('packs the same numbers as base64', () => {
    const text = String(listOf({ input: 'hello', encoding_format: 'base64' }).data[0]?.embedding);
    const bytes = Buffer.from(text, 'base64');
    const floats = Array.from({ length: 4 }, (_, index) => bytes.readFloatLE(index * 4));
    expect(bytes).toHaveLength(16);
    expect(floats).toEqual(listOf({ input: 'hello' }).data[0]?.embedding);
  });
});

describe('vectorOf', () => {
  it('has length 1, and is the same for the same text only (property)', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.integer({ min: 2, max: 32 }), (one, other, size) => {
        const vector = vectorOf(one, size);
        expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
        expect([...vector].every(Number.isFinite)).toBe(true);
        expect(vector).toEqual(vectorOf(one, size));
        if (one !== other) expect(vector).not.toEqual(vectorOf(other, size));
      }),
      { numRuns: 200 },
    );
  });
});
