import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProviderError } from '../../../../src/errors/index.ts';
import type { EncodedRequest } from '../../../../src/providers/anthropic/encode/encode-options.ts';
import { requireClaudeModel } from '../../../../src/providers/anthropic/models/resolve-claude.ts';
import { encode, type RawRequest, type Setting, user } from './encoding.ts';
import { randomModel, randomRequest } from './random-request.ts';
import { faultsOf } from './valid-body.ts';

/** The translation, or `undefined` where the request is refused in the agreed form. */
function attempt(request: RawRequest, setting: Setting): EncodedRequest | undefined {
  try {
    return encode(request, setting);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    expect(error).toMatchObject({ code: 'invalid_request', provider: 'anthropic', retryable: false });
    expect(error.param).toMatch(/^[a-z]/);
    expect(error.message.length).toBeLessThan(300);
    return undefined;
  }
}

describe('any request', () => {
  it('is refused with a reason, or translated into what the API takes', () => {
    let translated = 0;
    fc.assert(
      fc.property(randomRequest, randomModel, fc.boolean(), (request, model, isLegacy) => {
        const encoded = attempt(request, { model, apiVersion: isLegacy ? '2023-06-01' : '2026-10-21' });
        if (!encoded) return;
        translated++;
        expect(faultsOf(encoded, requireClaudeModel(model, 'anthropic'))).toEqual([]);
      }),
      { numRuns: 2000 },
    );
    expect(translated).toBeGreaterThan(200);
  });

  it('0.1 is translated when strict only if there is nothing to warn of, and then the same way', () => {
    fc.assert(
      fc.property(randomRequest, randomModel, (request, model) => {
        const lenient = attempt(request, { model });
        const strict = attempt(request, { model, strict: true });
        expect(strict !== undefined).toBe(lenient !== undefined && lenient.warnings.length === 0);
        if (strict) expect(strict.body).toEqual(lenient?.body);
      }),
      { numRuns: 500 },
    );
  });

  it('ERR-62 has a caller’s path for every block', () => {
    fc.assert(
      fc.property(randomRequest, randomModel, (request, model) => {
        const encoded = attempt(request, { model });
        for (const [index, { content }] of (encoded?.body.messages ?? []).entries()) {
          for (const at of content.keys()) {
            const path = encoded?.blockMap.callerPath(`messages.${index}.content.${at}.text`);
            expect(path).toMatch(/^(messages\[\d+\]|tool_choice|function_call)/);
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('the second opinion', () => {
  const sound = encode({ messages: [user('hi')] });
  const model = requireClaudeModel('claude-opus-4-8', 'anthropic');
  const faults = (change: object): readonly string[] =>
    faultsOf({ ...sound, body: { ...sound.body, ...change } }, model);

  it.each<[object, string]>([
    [{ temperature2: 1 }, 'temperature2: Extra inputs are not permitted'],
    [{ messages: [] }, 'messages: empty'],
    [
      { messages: [{ role: 'user', content: [{ type: 'text', text: '' }] }] },
      'text content blocks must be non-empty',
    ],
    [
      { messages: [{ role: 'user', content: [{ type: 'tool_result', tool_use_id: '1' }] }] },
      'a result without a call',
    ],
    [{ tool_choice: { type: 'auto' } }, 'tool_choice without tools'],
    [{ thinking: { type: 'enabled', budget_tokens: 1024 } }, 'thinking enabled'],
    [{ stop_sequences: [' '] }, 'stop_sequences: blank item'],
    [{ metadata: { user_id: '\ud800' } }, 'lone surrogate'],
  ])('sees %j', (change, expected) => {
    expect(faults(change).join('; ')).toContain(expected);
  });
});
