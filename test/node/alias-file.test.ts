import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/index.ts';
import { parseAliases } from '../../src/node/alias-file.ts';

function complaint(text: string, name: string): ConfigError {
  try {
    parseAliases(text, name);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('expected a complaint');
}

const models = {
  fast: ['groq/llama-3', { target: 'anthropic/claude-haiku-4-5', tier: 1, weight: 2.5 }],
  'my alias': ['openai/gpt-4.1'],
};

describe('a file of aliases', () => {
  it('may be JSON', () => {
    expect(parseAliases(JSON.stringify({ models }, null, '\t'), 'aliases.json')).toEqual(models);
  });

  it.each(['aliases.yaml', 'aliases.yml', 'aliases'])('may be YAML: %s', (name) => {
    const text = `
# What the teams call their models.
models:
  fast:
    - groq/llama-3
    - { target: anthropic/claude-haiku-4-5, tier: 1, weight: 2.5 }
  my alias: [openai/gpt-4.1]
`;
    expect(parseAliases(text, name)).toEqual(models);
    expect(parseAliases(JSON.stringify({ models }), name)).toEqual(models);
  });

  it('may refer to itself in YAML', () => {
    const text = 'models:\n  fast: &all [a/m, b/m]\n  slow: *all\n';
    expect(parseAliases(text, 'a.yaml')).toEqual({ fast: ['a/m', 'b/m'], slow: ['a/m', 'b/m'] });
  });

  it('may hold none', () => {
    expect(parseAliases('models: {}', 'a.yaml')).toEqual({});
  });
});

describe('a file that is none', () => {
  it.each<[string, string, string, RegExp]>([
    ['nothing', '', 'a.yaml', /^a\.yaml: /],
    ['half of one', '{ "models": { "fast": ["a/', 'a.json', /^a\.json: .*JSON/],
    ['half of one, in YAML', 'models: {fast: [a/m', 'a.yaml', /^a\.yaml: /],
    ['a list', '[]', 'a.json', /expected object/],
    ['without models', '{}', 'a.json', /^a\.json: models: /],
    ['with other keys', '{"models":{},"providers":[]}', 'a.json', /Unrecognized key: "providers"/],
    ['an alias of nothing', '{"models":{"fast":[]}}', 'a.json', /models\.fast/],
    ['an alias without a list', 'models: {fast: a/m}', 'a.yaml', /models\.fast/],
    ['an alias without a name', '{"models":{"":["a/m"]}}', 'a.json', /models/],
    ['a number for a target', 'models: {fast: [5]}', 'a.yaml', /models\.fast\[0\]/],
    ['a target with other keys', 'models: {fast: [{target: a/m, wieght: 2}]}', 'a.yaml', /models\.fast\[0\]/],
    [
      'a rank that is none',
      '{"models":{"fast":[{"target":"a/m","tier":"1"}]}}',
      'a.json',
      /models\.fast\[0\]/,
    ],
    ['two aliases of one name', 'models:\n  fast: [a/m]\n  fast: [b/m]\n', 'a.yaml', /unique/],
    ['two documents', 'models: {}\n---\nmodels: {}\n', 'a.yaml', /document/],
    ['a tag that nobody knows', 'models: {fast: [!!js/function "() => 1"]}', 'a.yaml', /tag/],
    ['a merge of others', 'x: &x {fast: [a/m]}\nmodels: {<<: *x}', 'a.yaml', /Unrecognized key|models/],
  ])('is refused: %s', (_, text, name, message) => {
    expect(complaint(text, name).message).toMatch(message);
  });

  it('is refused for a bomb of references', () => {
    const lines = Array.from({ length: 12 }, (_, n) => {
      const refers = Array.from({ length: 9 }, () => `*x${n}`).join(', ');
      return `x${n + 1}: &x${n + 1} [${refers}]`;
    });
    const text = `x0: &x0 [a/m]\n${lines.join('\n')}\nmodels: {}\n`;
    expect(complaint(text, 'a.yaml').message).toMatch(/alias|resource/i);
  });

  it.each([
    ['a.json', '{"models":{"__proto__":["a/m"]}}'],
    ['a.json', '{"__proto__":{"models":{}},"models":{}}'],
    ['a.json', '{"models":{"constructor":["a/m"]}}'],
    ['a.json', '{"models":{"fast":[{"target":"a/m","prototype":1}]}}'],
    ['a.yaml', 'models:\n  __proto__: [a/m]\n'],
    ['a.yaml', 'models: {fast: [{target: a/m, __proto__: {tier: 1}}]}'],
  ])('I1: is refused for a key of the language: %s %s', (name, text) => {
    expect(complaint(text, name).message).toMatch(
      /^a\.\w+: no key may be named "(__proto__|constructor|prototype)"$/,
    );
    expect(Object.hasOwn(Object.prototype, 'models')).toBe(false);
  });
});
