import { describe, expect, it } from 'vitest';
import { thoughtFields } from '../../../src/http/messages/message-thinking.ts';

const always = { reasoning_effort: null, include_reasoning: 'when_sent' };
const schema = { type: 'object' };

describe('thoughtFields', () => {
  it.each<[string, unknown, unknown, object, object]>([
    ['nothing', undefined, undefined, {}, {}],
    [
      'thinking stands where others warn of it',
      { type: 'adaptive' },
      null,
      { thinking: { type: 'adaptive' } },
      {},
    ],
    ['switched off asks nothing of others', { type: 'disabled' }, {}, {}, { thinking: { type: 'disabled' } }],
    [
      'effort in both dialects',
      undefined,
      { effort: 'high' },
      { reasoning_effort: 'high' },
      { output_config: { effort: 'high' } },
    ],
    [
      'a task budget, which others cannot have',
      undefined,
      { effort: 'max', task_budget: { total: 5 } },
      { reasoning_effort: 'max', output_config: { effort: 'max', task_budget: { total: 5 } } },
      {},
    ],
    [
      'a schema',
      undefined,
      { format: { type: 'json_schema', schema } },
      { response_format: { type: 'json_schema', json_schema: { name: 'answer', schema, strict: true } } },
      {},
    ],
    ['a format without a schema', undefined, { format: { type: 'json_schema' } }, {}, {}],
  ])('%s', (_, thinking, config, fields, bag) => {
    expect(thoughtFields(thinking, config)).toEqual({ fields, bag: { ...always, ...bag } });
  });
});
