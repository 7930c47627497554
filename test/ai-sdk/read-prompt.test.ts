import { describe, expect, it } from 'vitest';
import { readPrompt } from '../../src/ai-sdk/read-prompt.ts';
import type { MessageV4, PartV4 } from '../../src/ai-sdk/spec.ts';

const read = (role: MessageV4['role'], ...content: PartV4[]) => readPrompt([{ role, content }]);

describe('a prompt of the AI SDK', () => {
  it('has a system message as text', () => {
    expect(readPrompt([{ role: 'system', content: 'Be brief.' }])).toEqual([
      { role: 'system', content: 'Be brief.' },
    ]);
  });

  it.each<[string, PartV4, object]>([
    ['text', { type: 'text', text: 'Hi' }, { type: 'text', text: 'Hi' }],
    [
      'an image by its bytes',
      { type: 'file', mediaType: 'image/png', data: { type: 'data', data: new Uint8Array([1, 2, 3]) } },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AQID' } },
    ],
    [
      'an image in base64',
      { type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'AQID' } },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AQID' } },
    ],
    [
      'an image by its address',
      { type: 'file', mediaType: 'image/*', data: { type: 'url', url: new URL('https://x.test/a.png') } },
      { type: 'image_url', image_url: { url: 'https://x.test/a.png' } },
    ],
    [
      'an image as older versions hand it over',
      { type: 'file', mediaType: 'image/png', data: new URL('https://x.test/a.png') },
      { type: 'image_url', image_url: { url: 'https://x.test/a.png' } },
    ],
    [
      'a document with its name',
      { type: 'file', mediaType: 'application/pdf', filename: 'a.pdf', data: { type: 'data', data: 'AQID' } },
      { type: 'file', file: { file_data: 'data:application/pdf;base64,AQID', filename: 'a.pdf' } },
    ],
    [
      'a document of text',
      { type: 'file', mediaType: 'text/plain', data: { type: 'text', text: 'abc' } },
      { type: 'file', file: { file_data: 'data:text/plain;base64,YWJj' } },
    ],
  ])('has %s in the turn of a user', (_, part, expected) => {
    expect(read('user', part)).toEqual([{ role: 'user', content: [expected] }]);
  });

  it('takes megabytes: more than a call has arguments', () => {
    const [message] = read('user', { type: 'file', mediaType: 'image/png', data: new Uint8Array(3_000_000) });
    expect(JSON.stringify(message).length).toBeGreaterThan(4_000_000);
  });

  it('has text, calls and signed reasoning in the turn of the assistant', () => {
    const block = { type: 'thinking', thinking: 'Hm.', signature: 'sig' };
    const turn = read(
      'assistant',
      { type: 'reasoning', text: 'Hm.', providerOptions: { runestone: { thinking_block: block } } },
      { type: 'reasoning', text: 'unsigned' },
      { type: 'text', text: 'Let me ' },
      { type: 'text', text: 'look.' },
      { type: 'tool-call', toolCallId: 'c1', toolName: 'look', input: { at: 'it' } },
    );
    expect(turn).toEqual([
      {
        role: 'assistant',
        content: 'Let me look.',
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'look', arguments: '{"at":"it"}' } }],
        thinking_blocks: [block],
      },
    ]);
  });

  it.each([
    [{ type: 'text', value: 'done' }, 'done'],
    [{ type: 'error-text', value: 'broken' }, 'broken'],
    [{ type: 'json', value: { a: 1 } }, '{"a":1}'],
    [{ type: 'error-json', value: null }, 'null'],
    [{ type: 'execution-denied', reason: 'no' }, 'no'],
    [{ type: 'content', value: [{ type: 'text', text: 'x' }] }, [{ type: 'text', text: 'x' }]],
  ])('has a message for each result of a tool: %j', (output, content) => {
    const part = { type: 'tool-result', toolCallId: 'c1', toolName: 'look', output };
    expect(read('tool', part, part)).toEqual(Array(2).fill({ role: 'tool', tool_call_id: 'c1', content }));
  });
});
