import { expect, it } from 'vitest';
import { sourcesText } from '../../../scripts/models/sources-text.ts';

it('says on how many rows each page bears, and when they were read', () => {
  const rows = ['https://a.example', 'https://b.example', 'https://a.example'].map((source, index) => ({
    id: `m-${index}`,
    source,
  }));
  expect(sourcesText({ provider: 'acme', asOf: '2026-11-25', rows })).toBe(
    ['acme: 3 models, read 2026-11-25', '     2  https://a.example', '     1  https://b.example'].join('\n'),
  );
});
