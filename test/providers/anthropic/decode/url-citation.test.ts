import { describe, expect, it } from 'vitest';
import { toUrlCitation } from '../../../../src/providers/anthropic/decode/url-citation.ts';

const web = { type: 'web_search_result_location', url: 'https://a.example', title: 'A', cited_text: 'x' };

describe('toUrlCitation (RES-10)', () => {
  it('gives OpenAI’s shape and nothing more', () => {
    expect(toUrlCitation(web, 2, 5)).toEqual({
      type: 'url_citation',
      url_citation: { url: 'https://a.example', title: 'A', start_index: 2, end_index: 5 },
    });
  });

  it('tells a missing title as an empty one', () => {
    expect(toUrlCitation({ ...web, title: null }, 0, 1)?.url_citation.title).toBe('');
  });

  it.each([
    [null],
    ['x'],
    [[]],
    [{ ...web, url: 7 }],
    [{ ...web, type: 'char_location' }],
    [{ ...web, type: 'page_location' }],
    [{ ...web, type: 'content_block_location' }],
    [{ ...web, type: 'search_result_location' }],
  ])('leaves %j alone', (citation) => {
    expect(toUrlCitation(citation, 0, 1)).toBeUndefined();
  });
});
