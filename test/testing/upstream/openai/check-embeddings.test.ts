import { describe, expect, it } from 'vitest';
import { checkEmbeddings } from '../../../../src/testing/upstream/openai/check-embeddings.ts';

const body = (more: object) => ({ model: 'text-embedding-3-small', input: 'a', ...more });

describe('checkEmbeddings', () => {
  it.each<[object]>([
    [{}],
    [{ input: ['a', 'b'] }],
    [{ input: [1, 2, 3] }],
    [{ input: [[1, 2], [3]] }],
    [{ dimensions: 8, encoding_format: 'base64', user: 'u' }],
  ])('lets %j pass', (more) => {
    expect(checkEmbeddings(body(more))).toBeUndefined();
  });

  it.each<[unknown, string | null, string | null]>([
    [undefined, null, null],
    [body({ model: '' }), null, null],
    [body({ input: undefined }), 'input', 'missing_required_parameter'],
    [body({ input: [] }), 'input', 'empty_array'],
    [body({ input: '' }), 'input', null],
    [body({ input: ['a', ''] }), 'input', null],
    [body({ input: Array.from({ length: 2049 }, () => 'a') }), 'input', 'array_above_max_length'],
    [body({ encoding_format: 'int8' }), 'encoding_format', 'invalid_value'],
    [body({ dimensions: 0 }), 'dimensions', 'integer_below_min_value'],
    [body({ input_type: 'query' }), 'input_type', 'unknown_parameter'],
  ])('refuses %j', (asked, param, code) => {
    expect(checkEmbeddings(asked)).toMatchObject({ param, code });
  });
});
