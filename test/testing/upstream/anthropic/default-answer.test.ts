import { describe, expect, it } from 'vitest';
import { defaultAnswer } from '../../../../src/testing/upstream/anthropic/default-answer.ts';
import { writtenText } from '../../../../src/testing/upstream/model-answer.ts';
import { isForged } from '../../../../src/testing/upstream/signature.ts';

const ask = (more: object = {}, question = 'What is the weather in Paris?') =>
  defaultAnswer({ max_tokens: 1000, messages: [{ role: 'user', content: question }], ...more });
const said = (more: object = {}, question?: string) => writtenText(ask(more, question).blocks);

const tool = (name: string, properties: object = { city: { type: 'string' } }) => ({
  name,
  input_schema: { type: 'object', properties },
});

describe('defaultAnswer', () => {
  it('answers the question it was asked, the same every time', () => {
    expect(said()).toContain('“What is the weather in Paris?”');
    expect(ask()).toEqual(ask());
  });

  it('quotes a long question in part, and an empty body without a fuss', () => {
    expect(said({}, 'x'.repeat(500))).toContain(`${'x'.repeat(60)}…`);
    expect(writtenText(defaultAnswer({ max_tokens: 1000 }).blocks)).toContain('“”');
  });

  it('reads the text of several blocks', () => {
    const content = [{ type: 'text', text: 'one' }, { type: 'image' }, { type: 'text', text: 'two' }];
    expect(said({ messages: [{ role: 'user', content }] })).toMatch(/one\s+two/);
  });

  describe('with tools', () => {
    it('calls the first, with arguments that fit its schema and the question', () => {
      expect(ask({ tools: [tool('weather'), tool('other')] }).blocks).toEqual([
        { type: 'tool_use', name: 'weather', input: { city: 'Paris' } },
      ]);
    });

    it('calls the one it is told to', () => {
      const answer = ask({ tools: [tool('a'), tool('b')], tool_choice: { type: 'tool', name: 'b' } });
      expect(answer.blocks).toMatchObject([{ type: 'tool_use', name: 'b' }]);
    });

    it('calls none when told not to', () => {
      const answer = ask({ tools: [tool('a')], tool_choice: { type: 'none' } });
      expect(answer.blocks.map((block) => block.type)).toEqual(['text']);
    });

    it('leaves tools alone that the API runs itself', () => {
      const tools = [{ type: 'web_search_20250305', name: 'web_search' }, tool('mine')];
      expect(ask({ tools }).blocks).toMatchObject([{ name: 'mine' }]);
    });

    it('reads the results out once they are there', () => {
      const content = [
        { type: 'tool_result', tool_use_id: 'a', content: '18 °C' },
        { type: 'tool_result', tool_use_id: 'b', content: [{ type: 'text', text: 'windy' }] },
      ];
      expect(said({ tools: [tool('a')], messages: [{ role: 'user', content }] })).toBe(
        'The tool says: 18 °C; windy',
      );
    });
  });

  describe('thinking', () => {
    it.each<[string, object | undefined, string | undefined]>([
      ['not asked', undefined, undefined],
      ['disabled', { type: 'disabled' }, undefined],
      ['adaptive: hidden by default (TH-11)', { type: 'adaptive' }, ''],
      ['adaptive, summarized', { type: 'adaptive', display: 'summarized' }, 'The question is clear'],
      ['a budget', { type: 'enabled', budget_tokens: 1024 }, 'The question is clear'],
      ['a budget, omitted', { type: 'enabled', budget_tokens: 1024, display: 'omitted' }, ''],
    ])('%s', (_, thinking, expected) => {
      const [first] = ask({ thinking }).blocks;
      if (expected === undefined) {
        expect(first?.type).toBe('text');
        return;
      }
      const thought = first?.type === 'thinking' ? first : undefined;
      expect(thought?.pieces.join('').slice(0, 21)).toBe(expected);
      expect(isForged(thought?.pieces.join('') ?? '?', thought?.signature ?? '')).toBe(false);
    });

    it('comes before a tool call, too', () => {
      const answer = ask({ thinking: { type: 'adaptive' }, tools: [tool('a')] });
      expect(answer.blocks.map((block) => block.type)).toEqual(['thinking', 'tool_use']);
    });
  });

  it('follows a response schema (RF-3)', () => {
    const schema = { type: 'object', properties: { city: { type: 'string' }, ok: { type: 'boolean' } } };
    const text = said({ output_config: { format: { type: 'json_schema', schema } } });
    expect(JSON.parse(text)).toEqual({ city: 'Paris', ok: true });
  });

  describe('limits', () => {
    it('stops at max_tokens', () => {
      const answer = ask({ max_tokens: 3 });
      expect(answer.stopReason).toBe('max_tokens');
      expect(writtenText(answer.blocks)).toBe('You said: “W');
      expect(ask({ max_tokens: 0 }).blocks).toEqual([{ type: 'text', pieces: [] }]);
    });

    it('stops before the first stop sequence that comes up (FIN-2)', () => {
      const answer = ask({ stop_sequences: ['weather', 'What', 'nowhere'] });
      expect(answer).toMatchObject({ stopReason: 'stop_sequence', stopSequence: 'What' });
      expect(writtenText(answer.blocks)).toBe('You said: “');
    });

    it('does neither when there is room and no stop', () => {
      expect(ask({ stop_sequences: ['nowhere'] })).not.toHaveProperty('stopReason');
    });
  });
});
