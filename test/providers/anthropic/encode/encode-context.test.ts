import { describe, expect, it } from 'vitest';
import { refusal, warn, warnOnce } from '../../../../src/providers/anthropic/encode/encode-context.ts';
import { contextOf, refusalOf } from './encoding.ts';

describe('warn', () => {
  it('0.1 notes code, param and message', () => {
    const context = contextOf();
    warn(context, 'clamped', 'max_tokens', 'cut');
    expect(context.warnings).toEqual([{ code: 'clamped', param: 'max_tokens', message: 'cut' }]);
  });

  it.each([
    ['clamped', 'invalid_value'],
    ['invalid_tool_arguments', 'invalid_tool_arguments'],
    ['orphan_tool_result', 'invalid_value'],
    ['unsupported_parameter', 'unsupported_parameter'],
    ['system_downgraded', 'unsupported_parameter'],
  ] as const)('0.1 refuses when strict: %s as %s', (code, reason) => {
    const context = contextOf({}, { strict: true });
    expect(refusalOf(() => warn(context, code, 'x.y', 'why'))).toBe(`${reason} x.y`);
    expect(context.warnings).toEqual([]);
  });
});

describe('warnOnce', () => {
  it('tells each code one time', () => {
    const context = contextOf();
    warnOnce(context, 'clamped', 'first', '');
    warnOnce(context, 'clamped', 'second', '');
    warnOnce(context, 'name_dropped', 'third', '');
    expect(context.warnings.map(({ param }) => param)).toEqual(['first', 'third']);
  });
});

describe('refusal', () => {
  it('0.3 makes an error with the body that OpenAI’s clients know', () => {
    const error = refusal(contextOf({}, { provider: 'eu-claude' }), 'n', 'unsupported_value', 'only one');
    expect(error).toMatchObject({ code: 'invalid_request', provider: 'eu-claude', model: 'claude-opus-4-8' });
    expect(error.retryable).toBe(false);
    expect(error.toOpenAI()).toEqual({
      error: {
        message: 'eu-claude: n: only one',
        type: 'invalid_request_error',
        code: 'unsupported_value',
        param: 'n',
      },
    });
  });
});
