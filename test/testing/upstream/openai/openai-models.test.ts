import { expect, it } from 'vitest';
import {
  listedOpenAIModels,
  openaiModel,
  openaiModelList,
} from '../../../../src/testing/upstream/openai/openai-models.ts';

it('models are listed in OpenAI’s shape', () => {
  expect(openaiModelList(['a', 'b'])).toEqual({ object: 'list', data: [openaiModel('a'), openaiModel('b')] });
  expect(openaiModel('a')).toEqual({ id: 'a', object: 'model', created: 1_796_000_000, owned_by: 'openai' });
  expect(new Set(listedOpenAIModels).size).toBeGreaterThan(0);
});
