import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { blocksIn, faultsOf } from '../../../scripts/docs/code-blocks.ts';

const documents = ['README.md', 'AGENTS.md', ...readdirSync('docs').map((name) => `docs/${name}`)];

it('the compiler finds nothing wrong with an example of any document', { timeout: 90_000 }, () => {
  const blocks = documents.flatMap((path) => blocksIn(path));
  expect(blocks.length).toBeGreaterThan(25);
  expect(faultsOf(blocks)).toEqual([]);
});

describe('blocks', () => {
  it('are those of TypeScript, and know where they stand', () => {
    const text = 'One\n\n```ts\nconst a = 1;\n```\n\n```js\nlet b;\n```\n\n```ts\nlet c;\nlet d;\n```\n';
    expect(blocksIn('a.md', text)).toEqual([
      { path: 'a.md', line: 4, code: 'const a = 1;\n' },
      { path: 'a.md', line: 12, code: 'let c;\nlet d;\n' },
    ]);
  });

  it('that are wrong are told, line by line', { timeout: 90_000 }, () => {
    const code = "pool.stats();\npool.statistics();\nimport { nothing } from 'runestone';\n";
    const faults = faultsOf([{ path: 'a.md', line: 10, code }]);
    expect(faults).toHaveLength(2);
    expect(faults[0]).toMatch(/^a\.md:11 .*statistics/);
    expect(faults[1]).toMatch(/^a\.md:12 .*nothing/);
  });
});
