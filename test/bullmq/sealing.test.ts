import { expect, it } from 'vitest';
import { plainText } from '../../src/bullmq/sealing.ts';

it('without a cipher a text is kept as it is', async () => {
  for (const text of ['', '{"a":1}', '\ud800']) {
    expect(await plainText.seal(text, 'id')).toBe(text);
    expect(await plainText.open(text, 'id')).toBe(text);
  }
});
