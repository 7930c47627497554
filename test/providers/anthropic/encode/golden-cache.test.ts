import { assistant, call, calls, result, system, text, tool, user } from './encoding.ts';
import { goldens } from './golden.ts';

const EPHEMERAL = { type: 'ephemeral' };
const HOUR = { type: 'ephemeral', ttl: '1h' };
const marked = (value: string, mark: object): object => ({ ...text(value), cache_control: mark });

goldens('cache breakpoints', [
  {
    name: 'CA-1 CA-5 an agent that caches tools and prompt for an hour, and the history for five minutes',
    request: {
      messages: [
        system([marked('Rules.', HOUR)]),
        user('a'),
        calls(call('1')),
        { ...result('1', 'x'), cache_control: EPHEMERAL },
        assistant('b'),
        user([marked('c', EPHEMERAL)]),
      ],
      tools: [tool('look'), { ...tool('find'), cache_control: HOUR }],
      max_tokens: 100,
    },
    body: {
      model: 'claude-opus-4-8',
      max_tokens: 100,
      system: [marked('Rules.', HOUR)],
      messages: [
        { role: 'user', content: [text('a')] },
        { role: 'assistant', content: [{ type: 'tool_use', id: '1', name: 'look', input: {} }] },
        {
          role: 'user',
          content: [{ type: 'tool_result', tool_use_id: '1', content: 'x', cache_control: EPHEMERAL }],
        },
        { role: 'assistant', content: [text('b')] },
        { role: 'user', content: [marked('c', EPHEMERAL)] },
      ],
      tools: [
        { name: 'look', input_schema: { type: 'object', properties: {} } },
        { name: 'find', input_schema: { type: 'object', properties: {} }, cache_control: HOUR },
      ],
    },
  },
  {
    name: 'CA-2 CA-3 OpenAI’s breakpoints, one more than there may be',
    request: {
      messages: [
        system([{ ...text('s'), prompt_cache_breakpoint: { mode: 'explicit', ttl: '30m' } }]),
        user(
          ['a', 'b', 'c', 'd'].map((word) => ({
            ...text(word),
            prompt_cache_breakpoint: { mode: 'explicit' },
          })),
        ),
      ],
      prompt_cache_options: { mode: 'explicit' },
      prompt_cache_key: 'k',
      max_tokens: 100,
    },
    body: {
      model: 'claude-opus-4-8',
      max_tokens: 100,
      system: [text('s')],
      messages: [{ role: 'user', content: ['a', 'b', 'c', 'd'].map((word) => marked(word, EPHEMERAL)) }],
    },
    warnings: ['clamped cache_control'],
  },
  {
    name: 'CA-4 marks on what cannot carry them move to the block before',
    setting: { model: 'claude-sonnet-5' },
    request: {
      messages: [
        system([text('s'), marked(' ', HOUR)]),
        user([text('a'), marked('', EPHEMERAL)]),
        assistant([text('b'), { type: 'thinking', thinking: '', signature: 'x', cache_control: EPHEMERAL }]),
        system([marked(' ', EPHEMERAL)]),
        user('c'),
      ],
      max_tokens: 100,
    },
    body: {
      model: 'claude-sonnet-5',
      max_tokens: 100,
      system: [marked('s', HOUR)],
      messages: [
        { role: 'user', content: [marked('a', EPHEMERAL)] },
        {
          role: 'assistant',
          content: [marked('b', EPHEMERAL), { type: 'thinking', thinking: '', signature: 'x' }],
        },
        { role: 'user', content: [text('c')] },
      ],
    },
  },
  {
    name: 'CA-3 CA-5 the automatic one takes part in both rules',
    setting: { autoCache: { ttl: '1h' } },
    request: {
      messages: [user(['a', 'b', 'c', 'd'].map((word) => marked(word, EPHEMERAL)))],
      max_tokens: 100,
    },
    body: {
      model: 'claude-opus-4-8',
      max_tokens: 100,
      messages: [
        { role: 'user', content: [text('a'), ...['b', 'c', 'd'].map((word) => marked(word, EPHEMERAL))] },
      ],
      cache_control: EPHEMERAL,
    },
    warnings: ['clamped cache_control', 'unsupported_value cache_control.ttl'],
  },
]);
