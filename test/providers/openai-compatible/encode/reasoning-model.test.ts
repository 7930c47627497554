import { describe, expect, it } from 'vitest';
import type { ModelSpec } from '../../../../src/provider-kit/index.ts';
import { reasons } from '../../../../src/providers/openai-compatible/encode/reasoning-model.ts';

const patterns = ['o3*', 'gpt-5*', 'exactly-this'];
const asks = (model: string, spec?: ModelSpec, reasoningModels: readonly string[] | undefined = patterns) =>
  reasons({ model, spec, quirks: reasoningModels ? { reasoningModels } : {} });

describe('a model that reasons', () => {
  it.each([
    ['o3', true],
    ['o3-mini-2025-01-31', true],
    ['gpt-5.5', true],
    ['exactly-this', true],
    ['exactly-this-one', false],
    ['gpt-4o3', false],
    ['', false],
  ])('is known by its name: %s is %s', (model, known) => {
    expect(asks(model)).toBe(known);
  });

  it('is none when its spec says so', () => {
    const spec = (reasoning: boolean | undefined): ModelSpec => ({
      id: 'gpt-5-chat',
      capabilities: reasoning === undefined ? {} : { reasoning },
    });
    expect(asks('gpt-5-chat', spec(false))).toBe(false);
    expect(asks('gpt-5-chat', spec(undefined))).toBe(true);
    expect(asks('other', spec(true))).toBe(false);
  });

  it('is none on a host that has no such rule', () => {
    expect(reasons({ model: 'o3', spec: undefined, quirks: {} })).toBe(false);
  });
});
