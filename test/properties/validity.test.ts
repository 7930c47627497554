import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requireClaudeModel } from '../../src/providers/anthropic/models/resolve-claude.ts';
import { runs } from '../runs.ts';
import { anyModel, anyRequest } from './arbitraries/requests.ts';
import { bodyFaults } from './messages-api-schema.ts';
import { modelFaults } from './model-rules.ts';
import { translate } from './translate.ts';

describe('any request', () => {
  it('INV-9: is refused by the field at fault, or translated into what the API takes', () => {
    const tally = { translated: 0, refused: 0 };
    fc.assert(
      fc.property(anyRequest, anyModel, fc.boolean(), (request, model, legacy) => {
        const outcome = translate(request, { model, apiVersion: legacy ? '2023-06-01' : '2026-10-21' });
        if ('refused' in outcome) {
          tally.refused++;
          expect(outcome.refused.param).toMatch(/^[a-z]/);
          expect(outcome.refused.reason).toMatch(/^[a-z_]+$/);
          expect(outcome.refused.message.length).toBeLessThan(300);
          return;
        }
        tally.translated++;
        const { body, betas } = outcome.encoded;
        const facts = requireClaudeModel(model, 'anthropic');
        expect(bodyFaults(body, { beta: betas.length > 0, legacy })).toEqual([]);
        expect(modelFaults(body, facts)).toEqual([]);
      }),
      runs(5),
    );
    expect(tally.translated).toBeGreaterThan(tally.refused);
  });

  it('0.1 is translated when strict only if there is nothing to warn of, and then the same way', () => {
    fc.assert(
      fc.property(anyRequest, anyModel, (request, model) => {
        const lenient = translate(request, { model });
        const strict = translate(request, { model, strict: true });
        if ('encoded' in strict) {
          expect('encoded' in lenient && lenient.encoded.warnings).toEqual([]);
          expect(strict.encoded.body).toEqual('encoded' in lenient && lenient.encoded.body);
        } else if ('encoded' in lenient) {
          expect(lenient.encoded.warnings.map(({ param }) => param)).toContain(strict.refused.param);
        }
      }),
      runs(2),
    );
  });

  it('ERR-62 has a caller’s path for every block', () => {
    fc.assert(
      fc.property(anyRequest, anyModel, (request, model) => {
        const outcome = translate(request, { model });
        if ('refused' in outcome) return;
        const { body, blockMap } = outcome.encoded;
        for (const [index, { content }] of body.messages.entries()) {
          for (const at of content.keys()) {
            const path = blockMap.callerPath(`messages.${index}.content.${at}.text`);
            expect(path).toMatch(/^(messages\[\d+\]|tool_choice|function_call)/);
          }
        }
      }),
      runs(),
    );
  });
});
