import { describe, expect, it } from 'vitest';
import type { ChatRequest, ResponseFormat } from '../../../../src/provider-kit/index.ts';
import type { Quirks } from '../../../../src/providers/openai-compatible/index.ts';
import { encode } from '../chat.ts';

const schema = { type: 'object', properties: { city: { type: 'string' } } };
const jsonSchema: ResponseFormat = {
  type: 'json_schema',
  json_schema: { name: 'place', description: 'a place', schema, strict: true },
};
const messages: ChatRequest['messages'] = [
  { role: 'system', content: 'Be kind.' },
  { role: 'user', content: 'Where?' },
];

function fitted(response_format: ResponseFormat, able?: Quirks['jsonSchema']): readonly unknown[] {
  const { body, warnings } = encode({ messages, response_format }, able ? { jsonSchema: able } : {});
  return [body['response_format'], body['messages'], warnings.map(({ code, param }) => [code, param])];
}

const weakened = [['json_object_best_effort', 'response_format']];
const instructed = (text: unknown) => [messages[0], { role: 'system', content: text }, messages[1]];

describe('response_format', () => {
  it.each([jsonSchema, { type: 'json_object' }, { type: 'text' }] as const)(
    'goes out as it came: %j',
    (format) => {
      expect(fitted(format)).toEqual([format, messages, []]);
      expect(fitted(format, 'json_schema')).toEqual([format, messages, []]);
    },
  );

  it('of a schema becomes JSON mode and a word in the prompt where that is all there is', () => {
    const [format, sent, warned] = fitted(jsonSchema, 'json_object');
    expect(format).toEqual({ type: 'json_object' });
    expect(warned).toEqual(weakened);
    expect(sent).toEqual(instructed(expect.stringContaining(JSON.stringify(schema))));
    // DeepSeek refuses JSON mode without this word in the prompt.
    expect(JSON.stringify(sent)).toMatch(/json/i);
  });

  it('of a schema becomes a word in the prompt where there is nothing', () => {
    const [format, sent, warned] = fitted(jsonSchema, 'none');
    expect(format).toBeUndefined();
    expect(sent).toEqual(instructed(expect.stringMatching(/a place.*"city"/)));
    expect(warned).toEqual(weakened);
  });

  it('of plain JSON is enough for JSON mode, and else a word in the prompt', () => {
    expect(fitted({ type: 'json_object' }, 'json_object')).toEqual([{ type: 'json_object' }, messages, []]);
    const [format, sent, warned] = fitted({ type: 'json_object' }, 'none');
    expect([format, warned]).toEqual([undefined, weakened]);
    expect(sent).toEqual(instructed(expect.stringContaining('JSON')));
  });

  it('of text needs nothing', () => {
    expect(fitted({ type: 'text' }, 'none')).toEqual([{ type: 'text' }, messages, []]);
  });

  it('needs no description and no schema', () => {
    const bare: ResponseFormat = { type: 'json_schema', json_schema: { name: 'x' } };
    expect(fitted(bare, 'json_object')[0]).toEqual({ type: 'json_object' });
  });

  it('is asked for first where there is no system message', () => {
    const { body } = encode({ response_format: { type: 'json_object' } }, { jsonSchema: 'none' });
    expect(body['messages']).toMatchObject([{ role: 'system' }, { role: 'user' }]);
  });
});
