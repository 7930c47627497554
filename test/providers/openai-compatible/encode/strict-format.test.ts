import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { parseRequest } from '../../../../src/chat/parse-request.ts';
import { schemaFormat } from '../../../../src/chat/schema-format.ts';
import type { JsonObject } from '../../../../src/provider-kit/index.ts';
import {
  type ChatContext,
  createChatContext,
} from '../../../../src/providers/openai-compatible/encode/chat-context.ts';
import { fitStrictSchema } from '../../../../src/providers/openai-compatible/encode/strict-format.ts';

const open = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] };
const closed = { ...open, additionalProperties: false };
const map = { type: 'object', additionalProperties: { type: 'string' } };

/** What becomes of a format, and the warnings. */
function fitted(format: unknown, options: Partial<ChatContext> = {}): readonly [unknown, readonly string[]] {
  const request = parseRequest({ messages: [{ role: 'user', content: 'q' }], response_format: format }, true);
  const context = createChatContext(request, {
    ...{ provider: 'openai', model: 'gpt', spec: undefined, stream: true, strict: false },
    quirks: { strictSubset: true },
    ...options,
  });
  fitStrictSchema(context, { ...request.response_format });
  return [
    context.params.get('response_format'),
    context.warnings.map(({ code, param }) => `${code} ${param}`),
  ];
}

const asked = (schema: JsonObject | undefined, strict: boolean | null = true) => ({
  type: 'json_schema',
  json_schema: { name: 'n', description: 'd', ...(schema && { schema }), strict },
});

describe('a strict format', () => {
  it('is put into the subset, and nothing else about it changes', () => {
    expect(fitted(asked(open))).toEqual([asked(closed), []]);
    expect(fitted(asked(closed))).toEqual([asked(closed), []]);
  });

  it('loses `strict` where that is not possible, and the caller is told', () => {
    expect(fitted(asked(map))).toEqual([
      asked(map, false),
      ['strict_dropped response_format.json_schema.strict'],
    ]);
  });

  it('is refused instead when the call is strict', () => {
    expect(() => fitted(asked(map), { strict: true })).toThrow(
      expect.objectContaining({
        code: 'invalid_request',
        param: 'response_format.json_schema.strict',
        message:
          'openai: response_format.json_schema.strict: the schema describes a map with free keys, which strict ' +
          'mode does not take; sent without',
      }),
    );
  });

  it('is sent as it came to a host without this rule', () => {
    expect(fitted(asked(map), { quirks: {} })).toEqual([asked(map), []]);
    expect(fitted(asked(open), { quirks: { strictSubset: false } })).toEqual([asked(open), []]);
  });

  it.each([
    ['a text', { type: 'text' }],
    ['plain JSON', { type: 'json_object' }],
    ['not strict', asked(open, false)],
    ['not strict, by default', { type: 'json_schema', json_schema: { name: 'n', schema: open } }],
    ['not strict, by null', asked(open, null)],
    ['without a schema', asked(undefined)],
  ])('is none of this when it is %s', (_, format) => {
    expect(fitted(format)).toEqual([format, []]);
  });
});

it('`schemaFormat` of ordinary schemas is strict there', () => {
  const Order = z.object({
    id: z.uuid(),
    lines: z.array(z.object({ sku: z.string(), count: z.int().min(1), note: z.string().nullish() })),
    state: z.enum(['open', 'paid']).nullable(),
  });
  const [format, warnings] = fitted(schemaFormat(Order));
  expect(warnings).toEqual([]);
  expect(format).toMatchObject({
    json_schema: {
      strict: true,
      schema: {
        required: ['id', 'lines', 'state'],
        additionalProperties: false,
        properties: {
          lines: { items: { required: ['sku', 'count', 'note'], additionalProperties: false } },
        },
      },
    },
  });
});
