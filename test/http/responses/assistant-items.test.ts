import { describe, expect, it } from 'vitest';
import { AssistantItems } from '../../../src/http/responses/assistant-items.ts';
import { toEncrypted } from '../../../src/http/responses/encrypted-reasoning.ts';
import { refusalOf } from '../frames.ts';

const block = { type: 'thinking', thinking: '', signature: 's' } as const;
const reasoning = { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: toEncrypted(block) };
const said = (...content: object[]) => ({ type: 'message', role: 'assistant', content });
const words = (text: string) => said({ type: 'output_text', text, annotations: [] });
const call = (id: string, json = '{"a":1}') => ({
  type: 'function_call',
  id: 'fc_1',
  call_id: id,
  name: 'f',
  arguments: json,
});

function gathered(...items: object[]): unknown {
  const turn = new AssistantItems();
  for (const item of items) expect(turn.add({ ...item }, 'input[0]'), JSON.stringify(item)).toBe(true);
  return turn.message();
}

describe('AssistantItems', () => {
  it('makes one message of texts and calls', () => {
    expect(gathered(words('I '), { role: 'assistant', content: 'look.' }, call('t1'), call('t2'))).toEqual({
      role: 'assistant',
      content: 'I look.',
      tool_calls: ['t1', 't2'].map((id) => ({
        id,
        type: 'function',
        function: { name: 'f', arguments: '{"a":1}' },
      })),
    });
  });

  it('TH-13 with our reasoning, keeps the order in which Claude said it', () => {
    expect(gathered(reasoning, words('I look.'), reasoning, call('t1'))).toMatchObject({
      content: 'I look.',
      tool_calls: [{ id: 't1' }],
      provider_specific_fields: {
        anthropic: {
          content: [
            block,
            { type: 'text', text: 'I look.' },
            block,
            { type: 'tool_use', id: 't1', name: 'f', input: { a: 1 } },
          ],
        },
      },
    });
  });

  it('TL-12 knows the calls of custom tools', () => {
    const custom = { type: 'custom_tool_call', call_id: 'c1', name: 'g', input: 'free' };
    expect(gathered(reasoning, custom)).toMatchObject({
      content: null,
      tool_calls: [{ id: 'c1', type: 'custom', custom: { name: 'g', input: 'free' } }],
      provider_specific_fields: { anthropic: { content: [block, { id: 'c1', input: { input: 'free' } }] } },
    });
  });

  it('TL-H4 tells broken arguments of the past as they were', () => {
    expect(gathered(reasoning, call('t1', '{"a":'))).toMatchObject({
      provider_specific_fields: {
        anthropic: { content: [block, { input: { _invalid_arguments: '{"a":' } }] },
      },
    });
  });

  it('PRT-14 keeps a refusal', () => {
    expect(gathered(said({ type: 'refusal', refusal: 'No.' }))).toEqual({
      role: 'assistant',
      content: null,
      refusal: 'No.',
    });
  });

  it.each<[string, object[]]>([
    ['nothing', []],
    ['reasoning of others', [{ type: 'reasoning', summary: [], encrypted_content: 'gAAA' }]],
    ['reasoning without content', [{ type: 'reasoning', summary: [{ type: 'summary_text', text: 'hm' }] }]],
    ['an empty text', [words('')]],
  ])('is no message for %s', (_, items) => {
    expect(gathered(...items)).toBeUndefined();
  });

  it.each([
    { role: 'user', content: 'x' },
    { type: 'function_call_output', call_id: 't', output: 'x' },
    { type: 'odd' },
  ])('leaves to others what is not the assistant’s: %j', (item) => {
    expect(new AssistantItems().add(item, 'input[0]')).toBe(false);
  });

  it('refuses what an assistant cannot say', () => {
    const image = said(
      { type: 'output_text', text: 'x' },
      { type: 'input_image', image_url: 'https://e.com' },
    );
    expect(refusalOf(() => new AssistantItems().add(image, 'input[3]'))).toBe(
      'unsupported_content_part input[3].content[1].type',
    );
  });
});
