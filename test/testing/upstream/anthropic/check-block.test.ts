import { describe, expect, it } from 'vitest';
import { checkBlock } from '../../../../src/testing/upstream/anthropic/check-block.ts';
import { signatureOf } from '../../../../src/testing/upstream/signature.ts';

const source = { type: 'base64', media_type: 'image/png', data: 'AA==' };
const image = { type: 'image', source };

describe('checkBlock', () => {
  it.each<[string, string, Record<string, unknown>]>([
    ['text', 'user', { type: 'text', text: 'a' }],
    ['whitespace', 'user', { type: 'text', text: ' ' }],
    ['citations of the assistant', 'assistant', { type: 'text', text: 'a', citations: [{}] }],
    ['no citations of the user', 'user', { type: 'text', text: 'a', citations: [] }],
    ['an image', 'user', image],
    ['a document of the user', 'user', { type: 'document', source }],
    ['a thought we signed', 'assistant', { type: 'thinking', thinking: 'a', signature: signatureOf('a') }],
    [
      'a hidden thought we signed',
      'assistant',
      { type: 'thinking', thinking: '', signature: signatureOf('') },
    ],
    ['a thought others signed', 'assistant', { type: 'thinking', thinking: 'a', signature: 'other' }],
    ['a call', 'assistant', { type: 'tool_use', id: 'toolu_1', name: 't', input: {} }],
    ['a result with an image', 'user', { type: 'tool_result', tool_use_id: 'a', content: [image] }],
    ['a failed result in words', 'user', { type: 'tool_result', content: 'oh', is_error: true }],
    ['a block of tomorrow', 'user', { type: 'hologram', beam: 1 }],
  ])('has nothing against %s', (_, role, block) => {
    expect(checkBlock(role, block)).toBeUndefined();
  });

  it.each<[string, string, Record<string, unknown>, RegExp]>([
    ['no type', 'user', { text: 'a' }, /^\.type/],
    ['text without text', 'user', { type: 'text' }, /^\.text/],
    ['empty text (MSG-23)', 'assistant', { type: 'text', text: '' }, /must be non-empty/],
    ['citations of the user (T-2)', 'user', { type: 'text', text: 'a', citations: [{}] }, /T-2/],
    ['an image without source', 'user', { type: 'image' }, /^\.source/],
    ['OpenAI’s image', 'user', { type: 'image', image_url: {} }, /^\.source/],
    ['a document of the assistant (T-2)', 'assistant', { type: 'document', source }, /T-2/],
    ['a document without source', 'user', { type: 'document' }, /^\.source/],
    ['a thought of the user', 'user', { type: 'thinking', thinking: 'a', signature: 'b' }, /assistant/],
    [
      'an unsigned thought (TH-12)',
      'assistant',
      { type: 'thinking', thinking: 'a', signature: '' },
      /signature/,
    ],
    ['a thought without signature', 'assistant', { type: 'thinking', thinking: 'a' }, /signature/],
    ['a signature without thought', 'assistant', { type: 'thinking', signature: 'a' }, /^\.thinking/],
    [
      'a changed thought (TH-16)',
      'assistant',
      { type: 'thinking', thinking: 'b', signature: signatureOf('a') },
      /Invalid `signature`/,
    ],
    ['a call of the user', 'user', { type: 'tool_use', id: 'a', name: 't', input: {} }, /assistant/],
    ['a call with a strange id', 'assistant', { type: 'tool_use', id: 'a b', name: 't', input: {} }, /\.id/],
    ['a call without id', 'assistant', { type: 'tool_use', name: 't', input: {} }, /\.id/],
    ['a call without name', 'assistant', { type: 'tool_use', id: 'a', input: {} }, /\.name/],
    [
      'a call whose input is text (TL-H2)',
      'assistant',
      { type: 'tool_use', id: 'a', name: 't', input: '{}' },
      /\.input/,
    ],
    [
      'a call whose input is a list (TL-H4)',
      'assistant',
      { type: 'tool_use', id: 'a', name: 't', input: [] },
      /\.input/,
    ],
    [
      'a failed result with an image (TL-R10)',
      'user',
      { type: 'tool_result', content: [image], is_error: true },
      /text only/,
    ],
  ])('complains about %s', (_, role, block, expected) => {
    expect(checkBlock(role, block)).toMatch(expected);
  });
});
