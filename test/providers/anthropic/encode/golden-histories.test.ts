import { assistant, call, calls, result, system, text, thought, tool, user } from './encoding.ts';
import { type Golden, goldens } from './golden.ts';

const redacted = { type: 'redacted_thinking', data: 'encrypted' };
const search = [
  thought('sig1'),
  text('I will look. '),
  { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'Ulm' } },
  {
    type: 'web_search_tool_result',
    tool_use_id: 'srvtoolu_1',
    content: [{ type: 'web_search_result', url: 'https://u.lm', title: 'Ulm', encrypted_content: 'e' }],
  },
  { ...text('Ulm has a minster.'), citations: [{ type: 'web_search_result_location', url: 'https://u.lm' }] },
];
/** The answer to the first question, as Runestone returns it. */
const searched = assistant('I will look. Ulm has a minster.', {
  refusal: null,
  thinking_blocks: [thought('sig1')],
  annotations: [
    {
      type: 'url_citation',
      url_citation: { url: 'https://u.lm', title: 'Ulm', start_index: 0, end_index: 1 },
    },
  ],
  provider_specific_fields: {
    anthropic: { content: search, model: 'claude-sonnet-5-5', stop_reason: 'end_turn' },
  },
});
const webSearch = { web_search_options: { search_context_size: 'low' } };
const SEARCH_TOOL = { type: 'web_search_20250305', name: 'web_search', max_uses: 1 };

goldens('histories with reasoning', [
  {
    name: 'TH-13 BUG-6 a search of Anthropic’s goes back to the letter',
    setting: { model: 'claude-sonnet-5-5' },
    request: {
      messages: [user('What is in Ulm?'), searched, user('How high?')],
      ...webSearch,
      max_tokens: 500,
    },
    body: {
      model: 'claude-sonnet-5-5',
      max_tokens: 500,
      messages: [
        { role: 'user', content: [text('What is in Ulm?')] },
        { role: 'assistant', content: search },
        { role: 'user', content: [text('How high?')] },
      ],
      tools: [SEARCH_TOOL],
    },
  },
  {
    name: 'TH-15 the same history on another model keeps all but the reasoning',
    setting: { model: 'claude-opus-5-5' },
    request: {
      messages: [user('What is in Ulm?'), searched, user('How high?')],
      ...webSearch,
      max_tokens: 500,
    },
    body: {
      model: 'claude-opus-5-5',
      max_tokens: 500,
      messages: [
        { role: 'user', content: [text('What is in Ulm?')] },
        { role: 'assistant', content: search.slice(1) },
        { role: 'user', content: [text('How high?')] },
      ],
      tools: [SEARCH_TOOL],
    },
  },
  {
    name: 'TH-13 TH-14b an answer that was edited goes back as its text, and no reasoning after it',
    setting: { model: 'claude-sonnet-5-5' },
    request: {
      messages: [
        user('a'),
        assistant('A', { thinking_blocks: [thought('sig0')] }),
        user('b'),
        { ...searched, content: 'Ulm has a minster.' },
        user('c'),
        assistant('C', { thinking_blocks: [thought('sig2'), redacted] }),
        user('d'),
      ],
      max_tokens: 500,
    },
    body: {
      model: 'claude-sonnet-5-5',
      max_tokens: 500,
      messages: [
        { role: 'user', content: [text('a')] },
        { role: 'assistant', content: [thought('sig0'), text('A')] },
        { role: 'user', content: [text('b')] },
        { role: 'assistant', content: [text('Ulm has a minster.')] },
        { role: 'user', content: [text('c')] },
        { role: 'assistant', content: [text('C')] },
        { role: 'user', content: [text('d')] },
      ],
    },
  },
  {
    name: 'MSG-19 FIN-8 a paused search goes back to be resumed',
    setting: { model: 'claude-sonnet-5-5' },
    request: {
      messages: [
        user('What is in Ulm?'),
        assistant('I will look. ', {
          provider_specific_fields: {
            anthropic: { content: search.slice(0, 3), model: 'claude-sonnet-5-5', stop_reason: 'pause_turn' },
          },
        }),
      ],
      ...webSearch,
      max_tokens: 500,
    },
    body: {
      model: 'claude-sonnet-5-5',
      max_tokens: 500,
      messages: [
        { role: 'user', content: [text('What is in Ulm?')] },
        { role: 'assistant', content: search.slice(0, 3) },
      ],
      tools: [SEARCH_TOOL],
    },
  },
  {
    name: 'PRT-14 FIN-6 a refused turn is left out, and the questions around it are one',
    setting: { model: 'claude-sonnet-5-5' },
    request: {
      messages: [
        user('a'),
        assistant(null, {
          refusal: 'The model declined to answer.',
          provider_specific_fields: { anthropic: { stop_reason: 'refusal', model: 'claude-sonnet-5-5' } },
        }),
        user('b'),
      ],
      max_tokens: 500,
    },
    body: {
      model: 'claude-sonnet-5-5',
      max_tokens: 500,
      messages: [{ role: 'user', content: [text('a'), text('b')] }],
    },
  },
  {
    name: 'TL-R13 MSG-4 server and client tools in one answer: nothing but results may follow',
    setting: { model: 'claude-sonnet-5' },
    request: {
      messages: [
        user('a'),
        assistant('I will look. ', {
          tool_calls: [call('toolu_1')],
          provider_specific_fields: {
            anthropic: {
              content: [...search.slice(1, 4), { type: 'tool_use', id: 'toolu_1', name: 'look', input: {} }],
            },
          },
        }),
        result('toolu_1', 'seen'),
        system('Stay calm.'),
        user('Well?'),
      ],
      tools: [tool('look')],
      max_tokens: 500,
    },
    body: {
      model: 'claude-sonnet-5',
      max_tokens: 500,
      messages: [
        { role: 'user', content: [text('a')] },
        {
          role: 'assistant',
          content: [...search.slice(1, 4), { type: 'tool_use', id: 'toolu_1', name: 'look', input: {} }],
        },
        {
          role: 'user',
          content: [
            {
              type: 'tool_result',
              tool_use_id: 'toolu_1',
              content: [text('seen'), text('<system-reminder>Stay calm.</system-reminder>'), text('Well?')],
            },
          ],
        },
      ],
      tools: [{ name: 'look', input_schema: { type: 'object', properties: {} } }],
    },
    warnings: ['system_downgraded messages[3]', 'moved_into_tool_result messages[3].content'],
  },
]);

const loop = [
  user('q'),
  assistant(null, { thinking_blocks: [thought('sig1')], tool_calls: [call('1')] }),
  result('1'),
  calls(call('2')),
  result('2'),
];
const sentLoop = (first: readonly object[]): readonly object[] => [
  { role: 'user', content: [text('q')] },
  { role: 'assistant', content: [...first, { type: 'tool_use', id: '1', name: 'look', input: {} }] },
  { role: 'user', content: [{ type: 'tool_result', tool_use_id: '1', content: 'ok' }] },
  { role: 'assistant', content: [{ type: 'tool_use', id: '2', name: 'look', input: {} }] },
  { role: 'user', content: [{ type: 'tool_result', tool_use_id: '2', content: 'ok' }] },
];
const LOOK = { name: 'look', input_schema: { type: 'object', properties: {} } };
const looped = (name: string, model: string, first: readonly object[], fields: object): Golden => ({
  name,
  setting: { model },
  request: { messages: loop, tools: [tool('look')], reasoning_effort: 'medium', max_tokens: 9000 },
  body: { model, max_tokens: 9000, messages: sentLoop(first), tools: [LOOK], ...fields },
});

goldens('a tool loop whose second step shows no reasoning', [
  looped(
    'TH-10 thinks by budget on, since the loop began with reasoning',
    'claude-haiku-4-5-20251001',
    [thought('sig1')],
    {
      thinking: { type: 'enabled', budget_tokens: 4096 },
    },
  ),
  looped('TH-10 TH-14 keeps it where reasoning is not bound', 'claude-opus-4-8', [thought('sig1')], {
    thinking: { type: 'adaptive' },
    output_config: { effort: 'medium' },
  }),
  looped(
    'TH-14a drops it where reasoning is bound: the second step may have lost its own',
    'claude-opus-5-5',
    [],
    {
      output_config: { effort: 'medium' },
    },
  ),
]);
