import { call, PNG, text } from './encoding.ts';
import { goldens } from './golden.ts';

const PDF = Buffer.from('%PDF-1.7 …').toString('base64');

goldens('media', [
  {
    name: 'PRT-3 PRT-5 PRT-6 PRT-19 two pictures to compare',
    setting: { model: 'claude-haiku-5-5' },
    request: {
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Which is older?' },
            { type: 'image_url', image_url: { url: 'https://example.com/a.jpg', detail: 'high' } },
            { type: 'text', text: 'or' },
            { type: 'image_url', image_url: { url: `data:image/jpeg;base64,${PNG}`, detail: 'low' } },
          ],
        },
      ],
      max_tokens: 300,
    },
    body: {
      model: 'claude-haiku-5-5',
      max_tokens: 300,
      messages: [
        {
          role: 'user',
          content: [
            text('Which is older?'),
            { type: 'image', source: { type: 'url', url: 'https://example.com/a.jpg' } },
            text('or'),
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PNG } },
          ],
        },
      ],
    },
    warnings: ['unsupported_parameter messages[0].content[3].image_url.detail'],
  },
  {
    name: 'PRT-10 PRT-11 PRT-12 documents of every origin',
    request: {
      messages: [
        {
          role: 'user',
          content: [
            { type: 'file', file: { filename: 'a.pdf', file_data: `data:application/pdf;base64,${PDF}` } },
            {
              type: 'file',
              file: { filename: 'notes.md', file_data: Buffer.from('# Größe').toString('base64') },
            },
            { type: 'file', file: { file_data: 'https://example.com/b.pdf' }, citations: { enabled: true } },
            { type: 'file', file: { file_id: 'file_011' }, title: 'Contract', context: 'Signed in 2026.' },
            { type: 'image_url', image_url: { url: `data:application/pdf;base64,${PDF}` } },
            { type: 'text', text: 'Do they agree?' },
          ],
        },
      ],
      max_tokens: 300,
    },
    body: {
      model: 'claude-opus-4-8',
      max_tokens: 300,
      messages: [
        {
          role: 'user',
          content: [
            {
              type: 'document',
              source: { type: 'base64', media_type: 'application/pdf', data: PDF },
              title: 'a.pdf',
            },
            {
              type: 'document',
              source: { type: 'text', media_type: 'text/plain', data: '# Größe' },
              title: 'notes.md',
            },
            {
              type: 'document',
              source: { type: 'url', url: 'https://example.com/b.pdf' },
              citations: { enabled: true },
            },
            {
              type: 'document',
              source: { type: 'file', file_id: 'file_011' },
              title: 'Contract',
              context: 'Signed in 2026.',
            },
            { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: PDF } },
            text('Do they agree?'),
          ],
        },
      ],
    },
  },
  {
    name: 'TL-R9 TL-R12 a screenshot as the result of a tool',
    request: {
      messages: [
        { role: 'user', content: 'What is on the screen?' },
        { role: 'assistant', content: null, tool_calls: [call('shot', 'screenshot')] },
        {
          role: 'tool',
          tool_call_id: 'shot',
          content: [
            { type: 'text', text: '1×1' },
            {
              type: 'image_url',
              image_url: { url: `data:image/png;base64,${PNG}` },
              cache_control: { type: 'ephemeral' },
            },
          ],
        },
      ],
      tools: [{ type: 'function', function: { name: 'screenshot' } }],
      max_tokens: 300,
    },
    body: {
      model: 'claude-opus-4-8',
      max_tokens: 300,
      messages: [
        { role: 'user', content: [text('What is on the screen?')] },
        { role: 'assistant', content: [{ type: 'tool_use', id: 'shot', name: 'screenshot', input: {} }] },
        {
          role: 'user',
          content: [
            {
              type: 'tool_result',
              tool_use_id: 'shot',
              content: [
                text('1×1'),
                { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PNG } },
              ],
              cache_control: { type: 'ephemeral' },
            },
          ],
        },
      ],
      tools: [{ name: 'screenshot', input_schema: { type: 'object', properties: {} } }],
    },
  },
  {
    name: 'PRT-17 T-2 native search results beside text',
    request: {
      messages: [
        {
          role: 'user',
          content: [
            {
              type: 'search_result',
              source: 'https://example.com',
              title: 'Example',
              content: [{ type: 'text', text: 'Found.', citations: [{ type: 'char_location' }] }],
              citations: { enabled: true },
            },
            { type: 'text', text: 'And so?', citations: [{ type: 'char_location' }], annotations: [] },
          ],
        },
      ],
      max_tokens: 300,
    },
    body: {
      model: 'claude-opus-4-8',
      max_tokens: 300,
      messages: [
        {
          role: 'user',
          content: [
            {
              type: 'search_result',
              source: 'https://example.com',
              title: 'Example',
              content: [text('Found.')],
              citations: { enabled: true },
            },
            text('And so?'),
          ],
        },
      ],
    },
  },
]);
