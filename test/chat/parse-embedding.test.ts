import { describe, expect, it } from 'vitest';
import type { EmbeddingRequest } from '../../src/chat/embedding.ts';
import { parseEmbedding } from '../../src/chat/parse-embedding.ts';

const parse = (request: Record<string, unknown>) => parseEmbedding(request as unknown as EmbeddingRequest);

describe('parseEmbedding', () => {
  it.each(['text', ['a', 'b'], [1, 2], [[1], [2, 3]]])('takes %j as input', (input) => {
    expect(parse({ model: 'm', input })).toEqual({ model: 'm', input });
  });

  it('copies, lets null be absent, and hands on what it does not know', () => {
    const input = ['a'];
    const parsed = parse({ model: 'm', input, dimensions: null, input_type: 'query' });
    expect(parsed).toEqual({ model: 'm', input: ['a'], input_type: 'query' });
    expect(parsed.input).not.toBe(input);
  });

  it.each([
    [{ input: 'a' }, 'model', 'missing_required_parameter'],
    [{ model: 'm' }, 'input', 'missing_required_parameter'],
    [{ model: 'm', input: '' }, 'input', 'invalid_value'],
    [{ model: 'm', input: [] }, 'input', 'invalid_type'],
    [{ model: 'm', input: ['a', ''] }, 'input[1]', 'invalid_value'],
    [{ model: 'm', input: ['a', 1] }, 'input[1]', 'invalid_type'],
    [{ model: 'm', input: 'a', dimensions: 0 }, 'dimensions', 'invalid_value'],
    [{ model: 'm', input: 'a', encoding_format: 'hex' }, 'encoding_format', 'invalid_value'],
  ])('refuses %j by its path', (request, param, reason) => {
    expect(() => parse(request)).toThrow(expect.objectContaining({ code: 'invalid_request', param, reason }));
  });

  it.each([undefined, null, 'text', 7])('refuses %j, and says what it wants', (request) => {
    expect(() => parseEmbedding(request as unknown as EmbeddingRequest)).toThrow(
      'must be an object with `input`',
    );
  });
});
