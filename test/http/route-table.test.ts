import { describe, expect, it } from 'vitest';
import { findRoute, routes } from '../../src/http/route-table.ts';

describe('findRoute', () => {
  const paths = routes.map(({ method, path }) => [method, path] as const);
  const prefixes = ['', '/v1', '/api/llm', '/api/llm/v1', '/v1/ai/v1', '/openai/deployments/x'];

  it.each(paths)('finds %s %s behind any prefix, with and without a last slash', (method, path) => {
    for (const prefix of prefixes) {
      for (const end of ['', '/']) {
        expect(findRoute(method, prefix + path + end)).toMatchObject({ route: { method, path }, rest: '' });
      }
    }
  });

  it.each([
    ['/v1/models/gpt-5', 'gpt-5'],
    ['/models/gpt-5', 'gpt-5'],
    ['/api/v1/models/gpt-5/', 'gpt-5'],
    ['/v1/models/anthropic/claude-opus-5-5', 'anthropic/claude-opus-5-5'],
    ['/v1/models/anthropic%2Fclaude-opus-5-5', 'anthropic/claude-opus-5-5'],
    ['/v1/models/fireworks/accounts/fireworks/models/glm-5p3', 'fireworks/accounts/fireworks/models/glm-5p3'],
    ['/models/v1/models/a', 'a'],
    ['/v1/models/chat/completions', 'chat/completions'],
    ['/v1/models/%F0%9F%90%88', '🐈'],
  ])('reads the name of a model from %s', (path, rest) => {
    expect(findRoute('GET', path)).toMatchObject({ route: { path: '/models' }, rest });
  });

  it('answers HEAD as GET', () => {
    expect(findRoute('HEAD', '/health').route.path).toBe('/health');
  });

  it.each([
    ['GET', '/v1/chat/completions', 'POST'],
    ['PUT', '/v1/embeddings', 'POST'],
    ['DELETE', '/v1/models/gpt-5', 'GET, HEAD'],
    ['OPTIONS', '/v1/chat/completions', 'POST'],
    ['POST', '/health', 'GET, HEAD'],
    ['TRACE', '/v1/models', 'GET, HEAD'],
  ])('%s %s is 405, and names what is allowed (faults 5.23)', (method, path, allow) => {
    expect(() => findRoute(method, path)).toThrow(
      expect.objectContaining({ httpStatus: 405, reason: 'method_not_allowed', headers: { allow } }),
    );
  });

  it.each([
    '/',
    '',
    '/v1',
    '/v1/files',
    '/v1/chat/completions/chatcmpl-1',
    '/v1/chatcompletions',
    '/health/live',
    '/metrics',
    '/.env',
    '/v1/models/%E0%A4%A',
  ])('%s is 404 (faults 5.23)', (path) => {
    for (const method of ['GET', 'POST']) {
      if (method === 'POST' && path.includes('/models/')) continue;
      expect(() => findRoute(method, path)).toThrow(
        expect.objectContaining({ httpStatus: 404, reason: 'unknown_url' }),
      );
    }
  });

  it('never repeats the path: it may hold anything', () => {
    for (const method of ['GET', 'PATCH']) {
      for (const path of ['/canary', '/canary/v1/models', '/canary%0d%0a']) {
        try {
          findRoute(method, path);
        } catch (error) {
          expect(String(error)).not.toContain('canary');
        }
      }
    }
  });
});
