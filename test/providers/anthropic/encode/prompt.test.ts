import { describe, expect, it } from 'vitest';
import { encodePrompt } from '../../../../src/providers/anthropic/encode/prompt.ts';
import { call, calls, contextOf, encode, refusalOf, result, tool, user } from './encoding.ts';

const HISTORY = [user('q'), calls(call('1', 'z'), call('2', 'a')), result('1'), result('2'), user('now')];

describe('history that calls tools', () => {
  it('TL-H10 BUG-80 declares their names where the request has no tools', () => {
    const placeholder = (name: string): object => ({
      name,
      description: 'Not available in this turn.',
      input_schema: { type: 'object' },
    });
    for (const tools of [undefined, []]) {
      const { body, warnings } = encode({ messages: HISTORY, tools });
      expect(body.tools).toEqual([placeholder('z'), placeholder('a')]);
      expect(body.tool_choice).toEqual({ type: 'none' });
      expect(warnings).toEqual([]);
    }
  });

  it('TL-H9 is not held against the tools of the request', () => {
    const { body } = encode({ messages: HISTORY, tools: [tool('other')] });
    expect(body.tools?.map(({ name }) => name)).toEqual(['other']);
    expect(body).not.toHaveProperty('tool_choice');
  });

  it('TC-9 TL-H10 still cannot force a tool that is gone', () => {
    expect(refusalOf(() => encode({ messages: HISTORY, tool_choice: 'required' }))).toBe(
      'invalid_value tool_choice',
    );
  });
});

describe('encodePrompt', () => {
  it('gathers what the body and the reader need', () => {
    const context = contextOf({ tools: [tool('a.b')], response_format: { type: 'json_object' } });
    const prompt = encodePrompt(context, 1000);
    expect(prompt.toolPaths).toEqual(['tools[0]']);
    expect([...prompt.aliases.values()]).toEqual(['a.b']);
    expect(prompt.system).toMatchObject([{ from: 'response_format' }]);
    expect(prompt).toMatchObject({ isBestEffortJson: true, isEphemeral: false, usesJsonTool: false });
  });
});
