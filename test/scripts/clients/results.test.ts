import { expect, it } from 'vitest';
import { failuresIn, tableOf, toResults } from '../../../scripts/clients/results.ts';

const line = (facts: object) =>
  JSON.stringify({
    node: 'v20.1.0',
    client: 'openai 6',
    door: 'fetch',
    case: 'plain',
    outcome: 'ok',
    ...facts,
  });

const results = toResults(
  [
    line({}),
    line({ door: 'http' }),
    line({ case: 'cut', outcome: 'hangs' }),
    line({ case: 'cut', door: 'http' }),
    '{',
    'talk',
    '',
  ].join('\n'),
);

it('shows what passed at both doors, what failed at which, and what there is not', () => {
  expect(tableOf(results).split('\n').at(-1)).toBe(
    '| openai 6 | v20.1.0 | ok | - | - | - | - | FAIL fetch |',
  );
});

it('counts as failed whatever is not ok', () => {
  expect(failuresIn(results)).toMatchObject([{ case: 'cut', door: 'fetch', outcome: 'hangs' }]);
});
