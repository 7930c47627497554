import { describe, expect, it } from 'vitest';
import { asksModel, wireOf } from '../../../src/testing/upstream/wire-of.ts';

describe('wireOf', () => {
  const version = { 'anthropic-version': '2026-10-21' };
  it.each<[string, Record<string, string>, string]>([
    ['/v1/messages', {}, 'anthropic'],
    ['/v1/messages/count_tokens', {}, 'anthropic'],
    ['/v1/chat/completions', version, 'openai'],
    ['/openai/v1/chat/completions', {}, 'openai'],
    ['/openai/deployments/mine/chat/completions', {}, 'openai'],
    ['/v1/embeddings', {}, 'openai'],
    ['/v1/models', version, 'anthropic'],
    ['/v1/models', {}, 'openai'],
    ['/nowhere', version, 'anthropic'],
    ['/nowhere', {}, 'openai'],
  ])('%s %j is %s', (path, headers, wire) => {
    expect(wireOf(path, headers)).toBe(wire);
  });
});

describe('asksModel', () => {
  it.each([
    ['/v1/messages', true],
    ['/v1/messages/count_tokens', false],
    ['/v1/chat/completions', true],
    ['/api/v1/chat/completions', true],
    ['/v1/embeddings', false],
    ['/v1/models', false],
  ])('%s: %s', (path, expected) => {
    expect(asksModel(path)).toBe(expected);
  });
});
