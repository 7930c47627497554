import { describe, expect, it } from 'vitest';
import { signedDetails, signedOnly } from '../../../../src/providers/anthropic/encode/signed-blocks.ts';
import { text, thought } from './encoding.ts';

describe('signedOnly', () => {
  it('TH-12 BUG-17 keeps an empty text that is signed', () => {
    expect(signedOnly([thought('sig', '')])).toEqual([thought('sig', '')]);
  });

  it('TH-12 BUG-18 drops what is not signed', () => {
    const unsigned = [
      { type: 'thinking', thinking: 'hm' },
      thought('', 'hm'),
      { type: 'thinking', signature: 's' },
    ];
    expect(signedOnly([...unsigned, { type: 'redacted_thinking', data: '' }, text('a')])).toEqual([]);
  });

  it('TH-12 keeps redacted blocks with data', () => {
    const redacted = { type: 'redacted_thinking', data: 'd' };
    expect(signedOnly([redacted])).toEqual([redacted]);
  });
});

describe('signedDetails', () => {
  it('TH-12 reads OpenRouter’s form', () => {
    const details = [
      { type: 'reasoning.text', text: 'hm', signature: 's1' },
      { type: 'reasoning.text', signature: 's2' },
      { type: 'reasoning.encrypted', data: 'd' },
      { type: 'reasoning.text', text: 'unsigned' },
      { type: 'reasoning.summary', summary: 'x', signature: 's3' },
      null,
    ];
    expect(signedDetails(details)).toEqual([
      thought('s1', 'hm'),
      thought('s2', ''),
      { type: 'redacted_thinking', data: 'd' },
    ]);
  });
});
