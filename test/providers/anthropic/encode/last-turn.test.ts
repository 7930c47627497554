import { describe, expect, it } from 'vitest';
import { assistant, call, encode, messagesOf, outline, refusalOf, result, text, user } from './encoding.ts';

const OLD = { model: 'claude-haiku-4-5' };
const PREFILL = [user('a'), assistant('The answer is (  \n')];

describe('a conversation that ends with the assistant', () => {
  it('MSG-18 BUG-32 is continued by models up to 4.5, without trailing white space', () => {
    expect(outline(messagesOf(PREFILL, OLD))).toEqual([
      ['user', 'a'],
      ['assistant', 'The answer is ('],
    ]);
  });

  it('MSG-18 loses white space over several blocks, and keeps the cache mark of what it loses', () => {
    const mark = { type: 'ephemeral' };
    const content = [text('x \n'), text(' '), { ...text(''), cache_control: mark }, text('\n')];
    expect(messagesOf([user('a'), assistant(content)], OLD)[1]?.content).toEqual([
      { ...text('x'), cache_control: mark },
    ]);
  });

  it('MSG-18 leaves the end of other blocks alone', () => {
    const use = { type: 'server_tool_use', id: 's', name: 'web_search', input: {} };
    expect(messagesOf([user('a'), assistant([text('x '), use])], OLD)[1]?.content).toEqual([text('x '), use]);
  });

  it.each(['claude-opus-4-6', 'claude-sonnet-5-5', 'claude-mythos-preview'])(
    'MSG-18 BUG-31 is refused for %s',
    (model) => {
      expect(refusalOf(() => messagesOf(PREFILL, { model }))).toBe('unsupported_value messages[1]');
    },
  );

  it('MSG-18 asks for the continuation in words on request', () => {
    const byOption = messagesOf(PREFILL, { prefill: 'convert' });
    const byRequest = encode({ messages: PREFILL, anthropic: { prefill: 'convert' } }).body.messages;
    expect(byOption).toEqual(byRequest);
    expect(byOption[2]?.role).toBe('user');
    expect(byOption[2]?.content[0]?.['text']).toContain(
      '<partial_answer>The answer is (  \n</partial_answer>',
    );
  });

  it('MSG-18 lets the request refuse what the option allows', () => {
    const run = (): unknown =>
      encode({ messages: PREFILL, anthropic: { prefill: 'reject' } }, { prefill: 'convert' });
    expect(refusalOf(run)).toBe('unsupported_value messages[1]');
  });

  it('MSG-18 TH-10 is refused while thinking is on', () => {
    const request = { messages: PREFILL, reasoning_effort: 'low' };
    expect(refusalOf(() => encode(request, OLD))).toBe('unsupported_value messages[1]');
  });

  it('RF-9 is refused together with a schema', () => {
    const schema = { type: 'object', properties: {} };
    const request = {
      messages: PREFILL,
      response_format: { type: 'json_schema', json_schema: { name: 'x', schema } },
    };
    expect(refusalOf(() => encode(request, OLD))).toBe('unsupported_value messages[1]');
    expect(refusalOf(() => encode(request, { model: 'claude-3-haiku' }))).toBe(
      'unsupported_value messages[1]',
    );
  });

  it('MSG-19 goes back verbatim when it was paused', () => {
    const content = [text('I search '), { type: 'server_tool_use', id: 's', name: 'web_search', input: {} }];
    const report = { content, stop_reason: 'pause_turn' };
    const paused = assistant('I search ', { provider_specific_fields: { anthropic: report } });
    expect(messagesOf([user('a'), paused], { model: 'claude-sonnet-5-5' })[1]?.content).toEqual(content);
  });

  it('may be continued where a credit token authorizes it', () => {
    const { body } = encode({ messages: PREFILL, fallback_credit_token: 'tok' });
    expect(outline(body.messages)[1]).toEqual(['assistant', 'The answer is (']);
  });

  it('is none when its last message says nothing', () => {
    expect(outline(messagesOf([user('a'), assistant('')]))).toEqual([['user', 'a']]);
  });

  it('is none after results', () => {
    expect(messagesOf([user('a'), assistant('b', { tool_calls: [call('1')] }), result('1')])).toHaveLength(3);
  });
});
