import { describe, expect, it } from 'vitest';
import { listedModels, modelInfo, modelPage } from '../../../../src/testing/upstream/anthropic/models.ts';

describe('modelInfo', () => {
  it('is a model as the Models API shows it', () => {
    expect(modelInfo('claude-x')).toMatchObject({ type: 'model', id: 'claude-x', lifecycle: 'active' });
  });
});

describe('modelPage', () => {
  it('is one page', () => {
    const page = modelPage(['a', 'b']);
    expect(page).toMatchObject({ has_more: false, first_id: 'a', last_id: 'b' });
    expect(page['data']).toEqual([modelInfo('a'), modelInfo('b')]);
  });

  it('may be empty', () => {
    expect(modelPage([])).toEqual({ data: [], has_more: false, first_id: null, last_id: null });
  });

  it('has current models to show', () => {
    expect(listedModels.length).toBeGreaterThan(0);
    for (const id of listedModels) expect(id).toMatch(/^claude-/);
  });
});
