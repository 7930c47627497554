import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ThinkingBlock } from '../../../src/chat/events.ts';
import { fromEncrypted, toEncrypted } from '../../../src/http/responses/encrypted-reasoning.ts';
import { runs } from '../../runs.ts';

const block: fc.Arbitrary<ThinkingBlock> = fc.oneof(
  fc.record({
    type: fc.constant('thinking' as const),
    thinking: fc.string({ unit: 'binary' }),
    signature: fc.string(),
  }),
  fc.record({ type: fc.constant('redacted_thinking' as const), data: fc.string({ unit: 'binary' }) }),
);

describe('encrypted_content', () => {
  it('TH-12 brings back the very block that was put into it', () => {
    fc.assert(
      fc.property(block, (signed) => {
        expect(fromEncrypted(JSON.parse(JSON.stringify(toEncrypted(signed))))).toEqual(signed);
      }),
      runs(),
    );
  });

  it.each([
    ...[
      undefined,
      null,
      7,
      '',
      'gAAAAABpPDIUph8czEXz',
      'runestone/1:',
      'runestone/1:{',
      'runestone/1:[]',
      'runestone/1:null',
    ],
    ...[
      'runestone/1:{"type":"thinking","thinking":"x"}',
      'runestone/1:{"type":"redacted_thinking","data":7}',
    ],
    ...['runestone/1:{"type":"text","text":"x"}', 'runestone/2:{"type":"redacted_thinking","data":"x"}'],
  ])('of others, or broken, is nothing: %j', (content) => {
    expect(fromEncrypted(content)).toBeUndefined();
  });

  it('takes no field that is not the block’s', () => {
    expect(fromEncrypted('runestone/1:{"type":"redacted_thinking","data":"x","cache_control":1}')).toEqual({
      ...{ type: 'redacted_thinking', data: 'x' },
    });
  });
});
