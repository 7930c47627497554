import { describe, expect, it } from 'vitest';
import { refuseState, unsupported } from '../../../src/http/responses/responses-refusals.ts';
import { refusalOf } from '../frames.ts';

describe('what needs a memory', () => {
  it.each([
    ['previous_response_id', 'resp_1'],
    ['conversation', { id: 'conv_1' }],
    ['conversation', 'conv_1'],
    ['background', true],
    ['prompt', { id: 'pmpt_1' }],
    ['context_management', [{ type: 'compaction' }]],
  ])('%s is refused by its name', (field, value) => {
    expect(refusalOf(() => refuseState({ [field]: value }))).toBe(`unsupported_parameter ${field}`);
  });

  it('is not missed where nobody asks for it', () => {
    const body = {
      previous_response_id: null,
      conversation: undefined,
      background: false,
      prompt: null,
      store: true,
    };
    expect(() => refuseState(body)).not.toThrow();
  });
});

describe('unsupported', () => {
  it('names the field in words and as a field', () => {
    const error = unsupported('tools[0].type', 'no such tool', 'unsupported_value');
    expect(error).toMatchObject({
      ...{ code: 'invalid_request', param: 'tools[0].type', reason: 'unsupported_value' },
      message: 'tools[0].type: no such tool',
    });
  });
});
