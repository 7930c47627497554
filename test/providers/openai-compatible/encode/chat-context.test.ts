import { describe, expect, it } from 'vitest';
import type { ProviderError } from '../../../../src/provider-kit/index.ts';
import {
  createChatContext,
  refusalOf,
  warnOf,
  warnOnceOf,
} from '../../../../src/providers/openai-compatible/encode/chat-context.ts';
import { ask } from '../../../contexts.ts';
import { thrownBy } from '../../anthropic/wire.ts';
import { encodeOptions } from '../chat.ts';

describe('the state of an encoding', () => {
  it('starts with every parameter as it came', () => {
    const request = JSON.parse('{"messages":[],"seed":7,"__proto__":{"x":1}}');
    const { params, warnings } = createChatContext(request, encodeOptions);
    expect(Object.fromEntries(params)).toEqual(request);
    expect([...params.keys()]).toEqual(['messages', 'seed', '__proto__']);
    expect(warnings).toEqual([]);
  });

  it('gathers warnings', () => {
    const context = createChatContext(ask(), encodeOptions);
    warnOf(context, 'a', 'not sent');
    warnOf(context, 'b', 'cut', 'clamped');
    expect(context.warnings).toEqual([
      { code: 'unsupported_parameter', param: 'a', message: 'not sent' },
      { code: 'clamped', param: 'b', message: 'cut' },
    ]);
  });

  it('makes a refusal that names host, model and field', () => {
    expect(refusalOf(createChatContext(ask(), encodeOptions), 'tools', 'none are taken')).toMatchObject({
      name: 'ProviderError',
      code: 'invalid_request',
      provider: 'acme',
      model: 'model-1',
      param: 'tools',
      reason: 'unsupported_parameter',
      message: 'acme: tools: none are taken',
      retryable: false,
    });
  });

  it('tells the same once where a history repeats itself', () => {
    const context = createChatContext(ask(), encodeOptions);
    for (const place of [0, 1, 2]) warnOnceOf(context, `messages[${place}].name`, 'not sent');
    warnOnceOf(context, 'messages[0].x', 'x is not sent');
    expect(context.warnings.map(({ param }) => param)).toEqual(['messages[0].name', 'messages[0].x']);
  });

  it.each([
    [undefined, 'unsupported_parameter'],
    ['clamped', 'invalid_value'],
    ['system_downgraded', 'unsupported_parameter'],
  ])('refuses instead of warning when the call is strict: %s', (code, reason) => {
    const context = createChatContext(ask(), { ...encodeOptions, strict: true });
    const error = thrownBy(() => warnOf(context, 'stop', 'too many', code)) as ProviderError;
    expect(error).toMatchObject({
      name: 'ProviderError',
      code: 'invalid_request',
      param: 'stop',
      reason,
      retryable: false,
      model: 'model-1',
      message: 'acme: stop: too many',
    });
    expect(thrownBy(() => warnOnceOf(context, 'stop', 'too many', code))).toMatchObject({ param: 'stop' });
  });
});
