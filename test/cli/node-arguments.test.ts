import { expect, it } from 'vitest';
import { UsageError } from '../../src/cli/cli-io.ts';
import { readArguments } from '../../src/cli/node-arguments.ts';

it('words and flags may come in any order', () => {
  const told = readArguments(['-m', 'fast', 'chat', 'Hello', '--json', 'you']);
  expect(told).toEqual({ command: 'chat', words: ['Hello', 'you'], flags: { model: 'fast', json: true } });
});

it('what stands after -- is words', () => {
  expect(readArguments(['chat', '--', '--json'])).toMatchObject({ words: ['--json'], flags: {} });
});

it.each([[['--nonsense']], [['-m']], [['--json=1']]])('%j is refused', (argv) => {
  expect(() => readArguments(argv)).toThrow(UsageError);
});
