import { describe, expect, it } from 'vitest';
import { ProviderError } from '../../../../src/errors/index.ts';
import { activeModels, retiredModels } from '../../../../src/providers/anthropic/models/data.ts';
import {
  requireClaudeModel,
  resolveClaudeModel,
} from '../../../../src/providers/anthropic/models/resolve-claude.ts';

describe('resolveClaudeModel', () => {
  it.each([...activeModels, ...retiredModels])('MOD-1 resolves $id and its aliases', (model) => {
    for (const name of [model.id, ...model.aliases]) {
      expect(resolveClaudeModel(name)).toBe(model);
      expect(resolveClaudeModel(`anthropic/${name}`)).toBe(model);
      expect(resolveClaudeModel(`claude/${name}`)).toBe(model);
      expect(resolveClaudeModel(name.toUpperCase())).toBe(model);
    }
  });

  it.each([
    ['claude-opus-5.5', 'claude-opus-5-5'],
    ['claude-3.5-sonnet', 'claude-3-5-sonnet-20241022'],
    ['claude-3.5-haiku', 'claude-3-5-haiku-20241022'],
    ['claude-3.7-sonnet-latest', 'claude-3-7-sonnet-20250219'],
    ['Claude-Haiku-4.5', 'claude-haiku-4-5-20251001'],
    ['claude-2-1', 'claude-2.1'],
  ])('MOD-2 takes %s for %s', (name, id) => {
    expect(resolveClaudeModel(name)?.id).toBe(id);
  });

  it.each([
    ['claude-3-5-sonnet-20241022', 'claude-3-5-sonnet-20241022'],
    ['claude-3-5-haiku-20241022', 'claude-3-5-haiku-20241022'],
    ['claude-3-opus-20240229', 'claude-3-opus-20240229'],
    ['claude-3-sonnet-20240229', 'claude-3-sonnet-20240229'],
    ['claude-3-haiku-20240307', 'claude-3-haiku-20240307'],
    ['claude-3-5-sonnet', 'claude-3-5-sonnet-20241022'],
    ['claude-3-haiku', 'claude-3-haiku-20240307'],
    ['claude-3-opus', 'claude-3-opus-20240229'],
  ])('resolves the guide’s %s to %s', (name, id) => {
    expect(resolveClaudeModel(name)?.id).toBe(id);
  });

  it('MOD-3 knows no dated twin of a model since 4.6', () => {
    expect(resolveClaudeModel('claude-opus-5-20260724')?.lifecycle.status).toBe('unknown');
  });

  it.each(['claude-1.3', 'claude-instant-1.2', 'claude-instant', 'claude-1'])(
    'knows that %s is retired',
    (name) => {
      expect(resolveClaudeModel(name)).toMatchObject({
        id: name,
        modelClass: 'I',
        lifecycle: { status: 'retired', retired: '2024-11-06' },
      });
    },
  );

  it.each(['gpt-4o', 'openai/gpt-4o', 'claude-opus-5[1m]', 'us.anthropic.claude-opus-5'])(
    'leaves %s alone',
    (name) => {
      expect(resolveClaudeModel(name)).toBeUndefined();
    },
  );
});

describe('requireClaudeModel', () => {
  it('REQ-2 refuses a name that is no Claude model', () => {
    const run = (): unknown => requireClaudeModel('gpt-4o', 'my-claude');
    expect(run).toThrow(ProviderError);
    expect(run).toThrow(
      expect.objectContaining({
        code: 'model_not_found',
        provider: 'my-claude',
        param: 'model',
        reason: 'model_not_found',
        retryable: false,
      }),
    );
  });
});
