import { text, tool } from './encoding.ts';
import { goldens } from './golden.ts';

const ask = [{ role: 'user', content: 'Who?' }];
const asked = [{ role: 'user', content: [text('Who?')] }];

/** As `zod` and OpenAI's own helper write it: everything required, null for optional. */
const ZOD = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 1 },
    email: { type: 'string', format: 'email' },
    age: { anyOf: [{ type: 'integer', minimum: 0, maximum: 150 }, { type: 'null' }] },
    role: { type: 'string', enum: ['admin', 'user'] },
    tags: { type: 'array', items: { type: 'string' }, maxItems: 3, uniqueItems: true },
  },
  required: ['name', 'email', 'age', 'role', 'tags'],
  additionalProperties: false,
};

/** As `pydantic` writes it: definitions, single allOf, titles and defaults. */
const PYDANTIC = {
  title: 'Order',
  type: 'object',
  properties: {
    id: { title: 'Id', type: 'integer', exclusiveMinimum: 0 },
    customer: { $ref: '#/$defs/Customer' },
    note: { title: 'Note', default: '', type: 'string' },
    kind: { allOf: [{ $ref: '#/$defs/Kind' }], default: 'new' },
  },
  required: ['id', 'customer'],
  $defs: {
    Customer: {
      title: 'Customer',
      type: 'object',
      properties: { name: { type: 'string' } },
      required: ['name'],
    },
    Kind: { enum: ['new', 'old'], title: 'Kind', type: 'string' },
  },
};

goldens('answers by schema', [
  {
    name: 'RF-3 RF-5 a schema by zod, strict',
    request: {
      messages: ask,
      response_format: { type: 'json_schema', json_schema: { name: 'person', strict: true, schema: ZOD } },
      max_tokens: 100,
    },
    body: {
      model: 'claude-opus-4-8',
      max_tokens: 100,
      messages: asked,
      output_config: {
        format: {
          type: 'json_schema',
          schema: {
            type: 'object',
            properties: {
              name: { type: 'string', description: '{minLength: 1}' },
              email: { type: 'string', format: 'email' },
              age: {
                anyOf: [{ type: 'integer', description: '{minimum: 0, maximum: 150}' }, { type: 'null' }],
              },
              role: { type: 'string', enum: ['admin', 'user'] },
              tags: {
                type: 'array',
                items: { type: 'string' },
                description: '{maxItems: 3, uniqueItems: true}',
              },
            },
            required: ['name', 'email', 'age', 'role', 'tags'],
            additionalProperties: false,
          },
        },
      },
    },
  },
  {
    name: 'RF-3 RF-5 RF-12 a schema by pydantic, with tools and effort',
    setting: { model: 'claude-sonnet-5-5' },
    request: {
      messages: ask,
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'order', description: 'An order.', schema: PYDANTIC },
      },
      tools: [tool('find')],
      reasoning_effort: 'low',
      max_tokens: 100,
    },
    body: {
      model: 'claude-sonnet-5-5',
      max_tokens: 100,
      messages: asked,
      tools: [{ name: 'find', input_schema: { type: 'object', properties: {} } }],
      output_config: {
        format: {
          type: 'json_schema',
          schema: {
            title: 'Order',
            description: 'An order.',
            type: 'object',
            properties: {
              id: { title: 'Id', type: 'integer', description: '{exclusiveMinimum: 0}' },
              customer: { $ref: '#/$defs/Customer' },
              note: { title: 'Note', type: 'string', description: '{default: ""}' },
              kind: { allOf: [{ $ref: '#/$defs/Kind' }], description: '{default: "new"}' },
            },
            required: ['id', 'customer'],
            additionalProperties: false,
            $defs: {
              Customer: {
                title: 'Customer',
                type: 'object',
                properties: { name: { type: 'string' } },
                required: ['name'],
                additionalProperties: false,
              },
              Kind: { enum: ['new', 'old'], title: 'Kind', type: 'string' },
            },
          },
        },
        effort: 'low',
      },
    },
  },
  {
    name: 'RF-6 a tree, which goes round in circles',
    request: {
      messages: [{ role: 'system', content: 'Be brief.' }, ...ask],
      response_format: {
        type: 'json_schema',
        json_schema: {
          name: 'tree',
          schema: { type: 'object', properties: { children: { type: 'array', items: { $ref: '#' } } } },
        },
      },
      max_tokens: 100,
    },
    body: {
      model: 'claude-opus-4-8',
      max_tokens: 100,
      system: [
        text('Be brief.'),
        text(
          'Respond with a single JSON object and nothing else.\nIt must match this JSON schema:\n' +
            '{"type":"object","properties":{"children":{"type":"array","items":{"$ref":"#"}}}}',
        ),
      ],
      messages: asked,
    },
    warnings: ['json_object_best_effort response_format'],
    reading: { jsonFence: true },
  },
  {
    name: 'RF-4 a model without structured outputs',
    setting: { model: 'claude-3-5-sonnet' },
    request: {
      messages: ask,
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'n', schema: { type: 'object', properties: { a: {} } } },
      },
      max_tokens: 100,
    },
    body: {
      model: 'claude-3-5-sonnet-20241022',
      max_tokens: 100,
      messages: asked,
      tools: [
        {
          name: 'json_response',
          description: 'Gives the answer. Call it once, with the whole answer.',
          input_schema: { type: 'object', properties: { a: {} } },
        },
      ],
      tool_choice: { type: 'tool', name: 'json_response', disable_parallel_tool_use: true },
    },
    warnings: ['model_retired model'],
    reading: { jsonTool: true },
  },
  {
    name: 'RF-2 JSON of any shape, as Instructor asks for it with a schema beside it',
    request: {
      messages: ask,
      response_format: {
        type: 'json_object',
        schema: { type: 'object', properties: { a: { type: 'string' } } },
      },
      max_tokens: 100,
    },
    body: {
      model: 'claude-opus-4-8',
      max_tokens: 100,
      messages: asked,
      output_config: {
        format: {
          type: 'json_schema',
          schema: { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: false },
        },
      },
    },
  },
]);
