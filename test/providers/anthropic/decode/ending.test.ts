import { describe, expect, it } from 'vitest';
import { fixture, only, reduce, told, wire } from '../wire.ts';

describe('the ending (STR-14)', () => {
  it('comes in one order: rest of the text, refusal, annotations, warnings, native form, finish', () => {
    const citation = { type: 'web_search_result_location', url: 'https://a.example', title: 'A' };
    const events = [
      wire.start(),
      ...wire.tool(0, 't', 'f', '{}'),
      wire.block(1, { type: 'fallback', to: { model: 'm2' } }),
      wire.block(2, { type: 'text', text: '```js', citations: [citation] }),
      ...wire.end('refusal'),
    ];
    const types = reduce(events, { jsonFence: true }).map(({ type }) => type);
    expect(types.slice(types.indexOf('usage') + 1)).toEqual([
      // Cited text and a block of Claude's own, in their places.
      'vendor',
      'vendor',
      'text_delta',
      'refusal_delta',
      'annotations',
      'warning',
      'vendor',
      'finish',
    ]);
  });

  it('tells usage before it, so that the last one is known when the finish comes', () => {
    const types = reduce(fixture('text')).map(({ type }) => type);
    expect(types.lastIndexOf('usage')).toBeLessThan(types.indexOf('finish'));
  });

  it('RES-18: no content at all is a valid answer', () => {
    const answer = told(reduce([wire.start(), ...wire.end('end_turn')]));
    expect(answer).toMatchObject({ text: '', calls: [], refusal: '', finish: 'stop' });
  });

  it('leaves out annotations and warnings where there are none', () => {
    expect(only(reduce(fixture('text')), 'annotations', 'warning', 'refusal_delta')).toEqual([]);
  });
});

describe('a forced tool choice that had to be weakened (TC-10)', () => {
  const ephemeralPrompt = { ephemeralPrompt: true };

  it('is warned of when the model did not call', () => {
    const answer = told(reduce(fixture('text'), ephemeralPrompt));
    expect(answer).toMatchObject({
      finish: 'stop',
      warnings: [{ code: 'forced_tool_choice_unmet', param: 'tool_choice' }],
    });
  });

  it.each(['empty-arguments', 'refusal-first', 'max-tokens-in-call'])('is not when %s', (name) => {
    expect(told(reduce(fixture(name), ephemeralPrompt)).warnings).toEqual([]);
  });

  it('RES-9: marks the answer, so that its thinking is not replayed', () => {
    expect(told(reduce(fixture('text'), ephemeralPrompt)).vendor['ephemeral_prompt']).toBe(true);
    expect(told(reduce(fixture('text'))).vendor).not.toHaveProperty('ephemeral_prompt');
  });
});
