import { describe, expect, it } from 'vitest';
import { contentOf } from '../../../src/http/responses/input-parts.ts';
import { refusalOf } from '../frames.ts';

const read = (content: unknown): unknown => contentOf(content, 'input[0].content');
const other = { type: 'input_text', text: 'b' };
const mark = { prompt_cache_breakpoint: { mode: 'explicit' } };

describe('contentOf', () => {
  it.each<[string, unknown, unknown]>([
    ['text', 'hi', 'hi'],
    ['nothing', undefined, ''],
    ['one text', [{ type: 'input_text', text: 'hi' }], 'hi'],
    [
      'one marked text',
      [{ type: 'input_text', text: 'hi', ...mark }],
      [{ type: 'text', text: 'hi', ...mark }],
    ],
    [
      'two',
      [{ type: 'output_text', text: 'a' }, other],
      [
        { type: 'text', text: 'a' },
        { type: 'text', text: 'b' },
      ],
    ],
    ['no parts', [], []],
  ])('%s', (_, content, expected) => {
    expect(read(content)).toEqual(expected);
  });

  it.each<[string, object, object]>([
    [
      'an image',
      { type: 'input_image', image_url: 'https://e.com/a.png', detail: 'auto' },
      { type: 'image_url', image_url: { url: 'https://e.com/a.png', detail: 'auto' } },
    ],
    [
      'PRT-10 a file',
      { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERi0=' },
      { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERi0=' } },
    ],
    [
      'PRT-11 a file elsewhere',
      { type: 'input_file', file_url: 'https://e.com/a.pdf' },
      { type: 'file', file: { file_data: 'https://e.com/a.pdf' } },
    ],
    [
      'PRT-12 a stored file',
      { type: 'input_file', file_id: 'file-1', ...mark },
      { type: 'file', file: { file_id: 'file-1' }, ...mark },
    ],
    [
      'a sound, which the provider judges',
      { type: 'input_audio', input_audio: { data: 'x', format: 'wav' } },
      { type: 'input_audio', input_audio: { data: 'x', format: 'wav' } },
    ],
  ])('%s', (_, part, expected) => {
    expect(read([part])).toEqual([expected]);
  });

  it.each<[object, string]>([
    [
      { type: 'input_image', file_id: 'file-1', detail: 'auto' },
      'invalid_value input[0].content[1].image_url',
    ],
    [{ type: 'computer_screenshot' }, 'unsupported_content_part input[0].content[1].type'],
    [{ type: 'refusal', refusal: 'no' }, 'unsupported_content_part input[0].content[1].type'],
  ])('refuses %j by name', (part, expected) => {
    expect(refusalOf(() => read([other, part]))).toBe(expected);
  });
});
