import { describe, expect, it } from 'vitest';
import { writtenText } from '../../../../src/testing/upstream/model-answer.ts';
import { chatAnswer } from '../../../../src/testing/upstream/openai/openai-answer.ts';
import { chatBody, functionTool as tool } from './chat.ts';

const question = [{ role: 'user', content: 'What is the weather in Paris?' }];
const ask = (more: object = {}) => chatAnswer(chatBody({ messages: question, ...more }));
const said = (more: object = {}) => writtenText(ask(more).blocks);

describe('chatAnswer', () => {
  it('answers the question it was asked, the same every time', () => {
    expect(said()).toContain('“What is the weather in Paris?”');
    expect(ask()).toEqual(ask());
    expect(writtenText(chatAnswer({}).blocks)).toContain('“”');
  });

  it('answers the last question, whatever follows it', () => {
    const messages = [...question, { role: 'user', content: [{ type: 'text', text: 'And now?' }] }];
    expect(said({ messages: [...messages, { role: 'system', content: 's' }] })).toContain('“And now?”');
  });

  it('calls the first tool, with arguments that fit', () => {
    expect(ask({ tools: [tool('weather'), tool('other')] }).blocks).toEqual([
      { type: 'tool_use', name: 'weather', input: { city: 'Paris' } },
    ]);
  });

  it('calls the one it is told to, or none', () => {
    const tools = [{ type: 'custom', custom: { name: 'c' } }, tool('a'), tool('b')];
    const choice = { type: 'function', function: { name: 'b' } };
    expect(ask({ tools, tool_choice: choice }).blocks).toMatchObject([{ name: 'b' }]);
    expect(ask({ tools }).blocks).toMatchObject([{ name: 'a' }]);
    expect(ask({ tools, tool_choice: 'none' }).blocks).toMatchObject([{ type: 'text' }]);
  });

  it('reads all results out once they are there', () => {
    const messages = [
      ...question,
      { role: 'assistant', content: null, tool_calls: [] },
      { role: 'tool', tool_call_id: 'a', content: '18 °C' },
      { role: 'tool', tool_call_id: 'b', content: [{ type: 'text', text: 'windy' }] },
    ];
    expect(said({ tools: [tool('a')], messages })).toBe('The tool says: 18 °C; windy');
  });

  it('follows a response schema, and JSON mode', () => {
    const schema = { type: 'object', properties: { city: { type: 'string' } } };
    const format = { type: 'json_schema', json_schema: { name: 'n', schema } };
    expect(JSON.parse(said({ response_format: format }))).toEqual({ city: 'Paris' });
    expect(said({ response_format: { type: 'json_object' } })).toBe('{}');
  });

  it.each<[object, string, object]>([
    [{ max_tokens: 3 }, 'You said: “W', { stopReason: 'max_tokens' }],
    [{ max_completion_tokens: 1, max_tokens: 3 }, 'You ', { stopReason: 'max_tokens' }],
    [{ stop: 'What' }, 'You said: “', { stopReason: 'stop_sequence', stopSequence: 'What' }],
    [{ stop: ['said', 'What'] }, 'You ', { stopSequence: 'said' }],
  ])('keeps within %j', (more, text, stop) => {
    expect(said(more)).toBe(text);
    expect(ask(more)).toMatchObject(stop);
  });
});
