import { describe, expect, it } from 'vitest';
import { readModule } from '../../../scripts/house/read-module.ts';

const read = (text: string) => readModule('a.ts', text);

describe('lines', () => {
  it('count with and without a last newline, blank ones apart', () => {
    expect(read('a;\n\nb;\n')).toMatchObject({ lines: 3, nonBlankLines: 2 });
    expect(read('a;\n\nb;')).toMatchObject({ lines: 3, nonBlankLines: 2 });
  });
});

describe('functions', () => {
  it.each([
    ['a declaration', 'function f() {\n  return 1;\n}', 'f', 3],
    ['an async generator', 'async function* f() {\n}', 'f', 2],
    ['an arrow with a block', 'const f = () => {\n  g();\n};', 'f', 3],
    ['a method', 'class A {\n  m() {\n  }\n}', 'm', 2],
    ['an accessor', 'class A { get x() { return 1; } }', 'x', 1],
    ['a constructor', 'class A { constructor() {} }', 'constructor', 1],
    ['a function of an object', 'const o = { f: function () {\n} };', 'f', 2],
    ['a callback', 'g(() => {\n});', '(anonymous)', 2],
  ])('are found: %s', (_, text, name, lines) => {
    expect(read(text).functions).toEqual([{ name, lines }]);
  });

  it.each([
    ['an arrow that is one expression', 'const f = (x: number) => x + 1;'],
    ['an overload', 'declare function f(): void;'],
    ['a type', 'type F = () => void; interface G { m(): void }'],
  ])('are not found in %s', (_, text) => {
    expect(read(text).functions).toEqual([]);
  });

  it('start at their first word, not at their doc comment', () => {
    expect(read('/**\n * Doc.\n */\nfunction f() {\n}').functions[0]?.lines).toBe(2);
  });
});

describe('imports', () => {
  it.each([
    ["import { a } from './b.ts';", false, true],
    ["import type { a } from './b.ts';", true, true],
    ["import { type a, type c } from './b.ts';", true, true],
    ["import { type a, c } from './b.ts';", false, true],
    ["import d, { type a } from './b.ts';", false, true],
    ["import './b.ts';", false, true],
    ["export { a } from './b.ts';", false, true],
    ["export type { a } from './b.ts';", true, true],
    ["export { type a } from './b.ts';", true, true],
    ["export * from './b.ts';", false, true],
    ["const b = await import('./b.ts');", false, false],
    ["const b = require('./b.ts');", false, false],
    ["type B = import('./b.ts').B;", true, false],
    ["type B = typeof import('./b.ts');", true, false],
  ])('%s', (text, typeOnly, declared) => {
    expect(read(text).imports).toEqual([{ specifier: './b.ts', typeOnly, declared, line: 1 }]);
  });

  it('are not found in text that only looks like one', () => {
    expect(read(`const s = "import x from './b.ts'"; // import './c.ts'`).imports).toEqual([]);
  });
});

describe('comments', () => {
  it('span lines, and those behind code are told apart', () => {
    const { comments } = read('/**\n * Doc.\n */\nconst a = 1; // why\n// alone\nconst b = 2;\n');
    expect(comments.map(({ firstLine, lastLine, trailing }) => [firstLine, lastLine, trailing])).toEqual([
      [1, 3, false],
      [4, 4, true],
      [5, 5, false],
    ]);
  });

  it('are found before a closing brace and not inside text', () => {
    expect(read('function f() {\n  // nothing to do\n}').comments).toHaveLength(1);
    expect(read('const s = `// no`; const t = "/* no */"; const r = /\\/\\//;').comments).toHaveLength(0);
  });
});

describe('exports and escapes', () => {
  it('counts exported declarations and those with a doc comment', () => {
    const text =
      "/** A. */\nexport const a = 1;\nexport interface B {}\n// no doc\nexport type C = 1;\nexport { d } from './d.ts';";
    expect(read(text)).toMatchObject({ exportedDeclarations: 3, documentedDeclarations: 1 });
  });

  it('counts any and assertions, as const apart', () => {
    const text =
      'let a: any; const b = c as D; const e = { f: 1 } as const; const g = h satisfies I; let any1: number;';
    expect(read(text)).toMatchObject({ anyKeywords: 1, assertions: 1 });
  });

  it('notes member accesses, however they are spelled', () => {
    const texts = read("process.env['A'];\nprocess['env'];\nglobalThis.process?.env;").accesses.map(
      ({ text }) => text,
    );
    expect(texts).toEqual(
      expect.arrayContaining([
        'process.env',
        'process.env.A',
        'globalThis.process',
        'globalThis.process.env',
      ]),
    );
  });
});
