import { describe, expect, it } from 'vitest';
import {
  ExtraFields,
  wordsOfDetails,
} from '../../../../src/providers/openai-compatible/decode/extra-fields.ts';

describe('what an answer says beyond text, calls and usage', () => {
  it('is nothing, as a rule', () => {
    const extras = new ExtraFields();
    extras.takeChunk({ id: 'x', object: 'chat.completion.chunk', choices: [], system_fingerprint: null });
    expect(extras.read(undefined)).toBeUndefined();
    expect(extras.annotations).toEqual([]);
    expect(extras.serviceTier).toBeUndefined();
  });

  it('is carried: the last word of the host', () => {
    const extras = new ExtraFields();
    extras.takeChunk({ system_fingerprint: 'fp_1', service_tier: 'auto', citations: ['a'] });
    extras.takeChunk({ system_fingerprint: 'fp_1', service_tier: 'flex', citations: ['a', 'b'] });
    extras.takeChunk({ search_results: [{ url: 'u' }], provider: 'Nebius', service_tier: null });
    expect(extras.serviceTier).toBe('flex');
    expect(extras.read(undefined)).toEqual({
      system_fingerprint: 'fp_1',
      service_tier: 'flex',
      citations: ['a', 'b'],
      search_results: [{ url: 'u' }],
      provider: 'Nebius',
    });
  });

  it('joins the details of reasoning and the probabilities of tokens', () => {
    const extras = new ExtraFields();
    extras.takeReasoning([{ type: 'reasoning.text', text: 'a' }]);
    extras.takeReasoning([{ type: 'reasoning.encrypted', data: 'sig' }]);
    extras.takeReasoning('none');
    extras.takeLogprobs({ content: [{ token: 'a' }], refusal: null });
    extras.takeLogprobs({ content: [{ token: 'b' }] });
    extras.takeLogprobs(null);
    expect(extras.read({ call: { note: 1 } })).toEqual({
      reasoning_details: [
        { type: 'reasoning.text', text: 'a' },
        { type: 'reasoning.encrypted', data: 'sig' },
      ],
      logprobs: { content: [{ token: 'a' }, { token: 'b' }], refusal: [] },
      tool_calls: { call: { note: 1 } },
    });
  });

  it('RES-10: knows citations of web pages', () => {
    const extras = new ExtraFields();
    const citation = { url: 'https://a.example', title: 'A', start_index: 3, end_index: 9 };
    extras.takeAnnotations([
      { type: 'url_citation', url_citation: { ...citation, content: 'more' } },
      { type: 'url_citation', url_citation: { url: 'https://b.example' } },
      { type: 'file_citation', file_citation: { file_id: 'f' } },
      { type: 'url_citation', url_citation: { title: 'no page' } },
      null,
    ]);
    extras.takeAnnotations({ type: 'url_citation' });
    expect(extras.annotations).toEqual([
      { type: 'url_citation', url_citation: citation },
      {
        type: 'url_citation',
        url_citation: { url: 'https://b.example', title: '', start_index: 0, end_index: 0 },
      },
    ]);
  });

  it('V14: leaves out what nobody could write again', () => {
    const extras = new ExtraFields();
    extras.takeChunk({ citations: JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`) });
    expect(extras.read(undefined)).toBeUndefined();
  });

  it.each([
    [
      [
        { type: 'reasoning.text', text: 'a' },
        { type: 'reasoning.summary', summary: 'b' },
      ],
      'ab',
    ],
    [[{ type: 'reasoning.encrypted', data: 'x' }, null, 7], ''],
    ['text', ''],
    [undefined, ''],
  ])('has words in its details: %j', (details, words) => {
    expect(wordsOfDetails(details)).toBe(words);
  });
});
