import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { blocksIn, faultsOf } from '../../../scripts/docs/code-blocks.ts';

const documents = ['README.md', 'AGENTS.md', ...readdirSync('docs').map((name) => `docs/${name}`)];

/** Stands for an example that is wrong: a compiler that sees nothing there sees nothing at all. */
const wrong = {
  path: 'wrong.md',
  line: 10,
  code: "pool.stats();\npool.statistics();\nimport { nothing } from 'runestone';\n",
};

it('the compiler finds nothing wrong with an example of any document', { timeout: 90_000 }, () => {
  const blocks = documents.flatMap((path) => blocksIn(path));
  expect(blocks.length).toBeGreaterThan(25);
  expect(faultsOf([...blocks, wrong])).toEqual([
    expect.stringMatching(/^wrong\.md:11 .*statistics/),
    expect.stringMatching(/^wrong\.md:12 .*nothing/),
  ]);
});

it.each(documents)('%s leads to files that are there, and that come with the package', (path) => {
  const links = [...readFileSync(path, 'utf8').matchAll(/\]\(([^)#]+)/g)].map(([, to = '']) => to);
  const { files } = JSON.parse(readFileSync('package.json', 'utf8'));
  for (const to of links.filter((link) => !/^https?:/.test(link))) {
    const target = posix.join(posix.dirname(path), to);
    expect(existsSync(target), target).toBe(true);
    expect([...files, 'README.md', 'LICENSE']).toContain(target.split('/')[0]);
  }
});

describe('blocks', () => {
  it('are those of TypeScript, and know where they stand', () => {
    const text = 'One\n\n```ts\nconst a = 1;\n```\n\n```js\nlet b;\n```\n\n```ts\nlet c;\nlet d;\n```\n';
    expect(blocksIn('a.md', text)).toEqual([
      { path: 'a.md', line: 4, code: 'const a = 1;\n' },
      { path: 'a.md', line: 12, code: 'let c;\nlet d;\n' },
    ]);
  });
});
