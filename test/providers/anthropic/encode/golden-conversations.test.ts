import { assistant, call, result, system, text, tool, user } from './encoding.ts';
import { goldens } from './golden.ts';

goldens('conversations', [
  {
    name: 'MSG-16 MSG-20 MSG-23 MSG-24 MSG-25 a history full of nothing',
    request: {
      messages: [
        system(''),
        user(''),
        user([text(''), text('a'), text(' ')]),
        assistant(null),
        assistant([text('\n')]),
        user('b'),
        assistant([text(''), text('c\n')]),
        assistant('d'),
        user([text('e')]),
        system(' '),
        user('\n'),
      ],
      max_tokens: 10,
    },
    body: {
      model: 'claude-opus-4-8',
      max_tokens: 10,
      messages: [
        { role: 'user', content: [text('a'), text(' '), text('b')] },
        { role: 'assistant', content: [text('c\n'), text('d')] },
        { role: 'user', content: [text('e')] },
      ],
    },
  },
  {
    name: 'MSG-1 MSG-3 MSG-12 few-shot examples between system messages',
    setting: { prefixNames: true },
    request: {
      messages: [
        system('Classify.'),
        { role: 'developer', content: 'One word.' },
        { role: 'user', content: 'Great!', name: 'example_user' },
        assistant('positive'),
        system('Now the real one.'),
        user([text('Awful.')]),
      ],
      max_tokens: 10,
    },
    body: {
      model: 'claude-opus-4-8',
      max_tokens: 10,
      system: [text('Classify.'), text('One word.')],
      messages: [
        { role: 'user', content: [text('example_user: Great!')] },
        { role: 'assistant', content: [text('positive')] },
        { role: 'user', content: [text('Awful.')] },
        { role: 'system', content: [text('Now the real one.')] },
      ],
    },
  },
  {
    name: 'MSG-15 BUG-81 a greeting first, for hosts that want the user to begin',
    setting: { requireUserFirst: true },
    request: { messages: [assistant('Hello!'), user('Hi.')], max_tokens: 10 },
    body: {
      model: 'claude-opus-4-8',
      max_tokens: 10,
      messages: [
        { role: 'user', content: [text('.')] },
        { role: 'assistant', content: [text('Hello!')] },
        { role: 'user', content: [text('Hi.')] },
      ],
    },
  },
  {
    name: 'MSG-18 BUG-32 the beginning of an answer, on a model that continues it',
    setting: { model: 'claude-haiku-4-5' },
    request: { messages: [user('List.'), assistant('{"items": [ ')], stop: [']'], max_tokens: 10 },
    body: {
      model: 'claude-haiku-4-5-20251001',
      max_tokens: 10,
      messages: [
        { role: 'user', content: [text('List.')] },
        { role: 'assistant', content: [text('{"items": [')] },
      ],
      stop_sequences: [']'],
    },
  },
  {
    name: 'MSG-18 BUG-31 the same on a model that does not, asked for in words',
    setting: { model: 'claude-sonnet-5-5', prefill: 'convert' },
    request: { messages: [user('List.'), assistant('{"items": [ ')], max_tokens: 10 },
    body: {
      model: 'claude-sonnet-5-5',
      max_tokens: 10,
      messages: [
        { role: 'user', content: [text('List.')] },
        { role: 'assistant', content: [text('{"items": [ ')] },
        {
          role: 'user',
          content: [
            text(
              'Your previous answer was interrupted and ended with the text between the tags.\n' +
                '<partial_answer>{"items": [ </partial_answer>\n' +
                'Continue exactly where it stops, without repeating it.',
            ),
          ],
        },
      ],
    },
  },
  {
    name: 'TL-H2 TL-H3 TL-H4 arguments as hosts write them',
    request: {
      messages: [
        user('Go.'),
        assistant('', {
          tool_calls: [
            call('1', 'f', ''),
            call('2', 'f', '"{\\"a\\":1}"'),
            call('3', 'f', '{"a":'),
            call('4', 'f', '{"z":1,"a":{"b":[]}}'),
          ],
        }),
        ...['1', '2', '3', '4'].map((id) => result(id)),
      ],
      tools: [tool('f')],
      max_tokens: 10,
    },
    body: {
      model: 'claude-opus-4-8',
      max_tokens: 10,
      messages: [
        { role: 'user', content: [text('Go.')] },
        {
          role: 'assistant',
          content: [{}, { a: 1 }, { _invalid_arguments: '{"a":' }, { z: 1, a: { b: [] } }].map(
            (input, index) => ({
              type: 'tool_use',
              id: String(index + 1),
              name: 'f',
              input,
            }),
          ),
        },
        {
          role: 'user',
          content: ['1', '2', '3', '4'].map((id) => ({
            type: 'tool_result',
            tool_use_id: id,
            content: 'ok',
          })),
        },
      ],
      tools: [{ name: 'f', input_schema: { type: 'object', properties: {} } }],
    },
    warnings: ['invalid_tool_arguments messages[1].tool_calls[2].function.arguments'],
  },
]);
