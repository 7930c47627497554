import { call, text, thought, tool } from './encoding.ts';
import { goldens } from './golden.ts';

const SEARCH = {
  name: 'search_flights',
  description: 'Finds flights.',
  input_schema: {
    type: 'object',
    properties: { from: { type: 'string' }, to: { type: 'string' } },
    required: ['from', 'to'],
  },
};
const searchTool = tool('search_flights', SEARCH.input_schema, { description: SEARCH.description });

goldens('agents', [
  {
    name: 'TL-R1 TL-R2 TH-12 a loop of two rounds with parallel calls and signed reasoning',
    setting: { model: 'claude-sonnet-5-5' },
    request: {
      messages: [
        { role: 'system', content: 'You book flights.' },
        { role: 'user', content: 'Berlin to Rome or Oslo?' },
        {
          role: 'assistant',
          content: 'Let me look.',
          thinking_blocks: [thought('sig1')],
          tool_calls: [
            call('toolu_1', 'search_flights', '{"from":"BER","to":"FCO"}'),
            call('toolu_2', 'search_flights', '{"from":"BER","to":"OSL"}'),
          ],
        },
        { role: 'tool', tool_call_id: 'toolu_2', content: '[]' },
        { role: 'tool', tool_call_id: 'toolu_1', content: '[{"price":90}]' },
        {
          role: 'assistant',
          content: null,
          thinking_blocks: [thought('sig2', 'Oslo has none.')],
          tool_calls: [call('toolu_3', 'search_flights', '{"from":"SXF","to":"OSL"}')],
        },
        { role: 'tool', tool_call_id: 'toolu_3', content: 'timeout', is_error: true },
        { role: 'user', content: 'Never mind Oslo.' },
      ],
      tools: [searchTool],
      tool_choice: 'auto',
      max_completion_tokens: 4000,
    },
    body: {
      model: 'claude-sonnet-5-5',
      max_tokens: 4000,
      system: [text('You book flights.')],
      messages: [
        { role: 'user', content: [text('Berlin to Rome or Oslo?')] },
        {
          role: 'assistant',
          content: [
            thought('sig1'),
            text('Let me look.'),
            { type: 'tool_use', id: 'toolu_1', name: 'search_flights', input: { from: 'BER', to: 'FCO' } },
            { type: 'tool_use', id: 'toolu_2', name: 'search_flights', input: { from: 'BER', to: 'OSL' } },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'toolu_1', content: '[{"price":90}]' },
            { type: 'tool_result', tool_use_id: 'toolu_2', content: '[]' },
          ],
        },
        {
          role: 'assistant',
          content: [
            thought('sig2', 'Oslo has none.'),
            { type: 'tool_use', id: 'toolu_3', name: 'search_flights', input: { from: 'SXF', to: 'OSL' } },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'toolu_3', content: 'timeout', is_error: true },
            text('Never mind Oslo.'),
          ],
        },
      ],
      tools: [SEARCH],
      tool_choice: { type: 'auto' },
    },
  },
  {
    name: 'TL-R4 TL-R5 TL-R6 a history that was trimmed and crashed',
    request: {
      messages: [
        { role: 'tool', tool_call_id: 'trimmed', content: 'x' },
        { role: 'user', content: 'Again.' },
        {
          role: 'assistant',
          content: '',
          tool_calls: [call('a', 'search_flights'), call('b', 'search_flights')],
        },
        { role: 'tool', tool_call_id: 'b', content: 'first' },
        { role: 'tool', tool_call_id: 'b', content: 'second' },
        { role: 'user', content: 'Well?' },
        { role: 'assistant', content: 'It crashed.' },
        { role: 'user', content: 'Try once more.' },
      ],
      tools: [searchTool],
      max_tokens: 100,
    },
    body: {
      model: 'claude-opus-4-8',
      max_tokens: 100,
      messages: [
        { role: 'user', content: [text('Again.')] },
        {
          role: 'assistant',
          content: [
            { type: 'tool_use', id: 'a', name: 'search_flights', input: {} },
            { type: 'tool_use', id: 'b', name: 'search_flights', input: {} },
          ],
        },
        {
          role: 'user',
          content: [
            {
              type: 'tool_result',
              tool_use_id: 'a',
              content: 'No result was provided for this tool call.',
              is_error: true,
            },
            { type: 'tool_result', tool_use_id: 'b', content: 'second' },
            text('Well?'),
          ],
        },
        { role: 'assistant', content: [text('It crashed.')] },
        { role: 'user', content: [text('Try once more.')] },
      ],
      tools: [SEARCH],
    },
    warnings: [
      'orphan_tool_result messages[0]',
      'duplicate_tool_result messages[4]',
      'missing_tool_result messages[2].tool_calls[0]',
    ],
  },
  {
    name: 'TL-H10 the last turn of an agent, sent without its tools',
    request: {
      messages: [
        { role: 'user', content: 'Sum up.' },
        { role: 'assistant', tool_calls: [call('1', 'read'), call('2', 'write')] },
        { role: 'tool', tool_call_id: '1', content: 'one' },
        { role: 'tool', tool_call_id: '2', content: '' },
      ],
    },
    body: {
      model: 'claude-opus-4-8',
      max_tokens: 128_000,
      messages: [
        { role: 'user', content: [text('Sum up.')] },
        {
          role: 'assistant',
          content: [
            { type: 'tool_use', id: '1', name: 'read', input: {} },
            { type: 'tool_use', id: '2', name: 'write', input: {} },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: '1', content: 'one' },
            { type: 'tool_result', tool_use_id: '2' },
          ],
        },
      ],
      tools: [
        { name: 'read', description: 'Not available in this turn.', input_schema: { type: 'object' } },
        { name: 'write', description: 'Not available in this turn.', input_schema: { type: 'object' } },
      ],
      tool_choice: { type: 'none' },
    },
  },
  {
    name: 'TC-10 TC-13 one forced call on a model that cannot be forced',
    setting: { model: 'claude-opus-5-5' },
    request: {
      messages: [{ role: 'user', content: 'Extract.' }],
      tools: [tool('extract', { type: 'object', properties: { n: { type: 'integer', minimum: 0 } } })],
      tool_choice: { type: 'function', function: { name: 'extract' } },
      parallel_tool_calls: false,
      max_tokens: 1000,
    },
    body: {
      model: 'claude-opus-5-5',
      max_tokens: 1000,
      messages: [
        { role: 'user', content: [text('Extract.'), text('Answer by calling the tool `extract`.')] },
      ],
      tools: [
        {
          name: 'extract',
          strict: true,
          input_schema: {
            type: 'object',
            properties: { n: { type: 'integer', description: '{minimum: 0}' } },
            additionalProperties: false,
          },
        },
      ],
      tool_choice: { type: 'auto', disable_parallel_tool_use: true },
    },
    warnings: ['forced_tool_choice_weakened tool_choice'],
    reading: { ephemeralPrompt: true },
  },
  {
    name: 'TL-14 MSG-11 a client of the first function API',
    request: {
      messages: [
        { role: 'user', content: 'Weather in Ulm?' },
        { role: 'assistant', content: null, function_call: { name: 'weather', arguments: '{"city":"Ulm"}' } },
        { role: 'function', name: 'weather', content: '{"deg":7}' },
      ],
      functions: [
        { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
      ],
      function_call: 'auto',
      max_tokens: 64,
    },
    body: {
      model: 'claude-opus-4-8',
      max_tokens: 64,
      messages: [
        { role: 'user', content: [text('Weather in Ulm?')] },
        {
          role: 'assistant',
          content: [{ type: 'tool_use', id: 'fc_1', name: 'weather', input: { city: 'Ulm' } }],
        },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'fc_1', content: '{"deg":7}' }] },
      ],
      tools: [
        { name: 'weather', input_schema: { type: 'object', properties: { city: { type: 'string' } } } },
      ],
      tool_choice: { type: 'auto', disable_parallel_tool_use: true },
    },
    reading: { legacyFunctions: true },
  },
  {
    name: 'TL-12 TC-7 a custom tool, called before and demanded now',
    request: {
      messages: [
        { role: 'user', content: 'Run it.' },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'call_1', type: 'custom', custom: { name: 'python', input: 'print(1)' } }],
        },
        { role: 'tool', tool_call_id: 'call_1', content: '1\n' },
      ],
      tools: [{ type: 'custom', custom: { name: 'python', description: 'Runs Python.' } }],
      tool_choice: { type: 'custom', custom: { name: 'python' } },
      max_tokens: 64,
    },
    body: {
      model: 'claude-opus-4-8',
      max_tokens: 64,
      messages: [
        { role: 'user', content: [text('Run it.')] },
        {
          role: 'assistant',
          content: [{ type: 'tool_use', id: 'call_1', name: 'python', input: { input: 'print(1)' } }],
        },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'call_1', content: '1\n' }] },
      ],
      tools: [
        {
          name: 'python',
          description: 'Runs Python.',
          input_schema: {
            type: 'object',
            properties: { input: { type: 'string' } },
            required: ['input'],
            additionalProperties: false,
          },
        },
      ],
      tool_choice: { type: 'tool', name: 'python' },
    },
    warnings: ['custom_tool_emulated tools[0]'],
    reading: { customTools: new Set(['python']) },
  },
]);
