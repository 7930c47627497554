import { memoryStore } from 'runestone';
import { describe, expect, it } from 'vitest';
import { sharedShape, twinOf } from '../../src/pool/shared-options.ts';

const store = memoryStore();

describe('the section `shared`', () => {
  it('fills in what is left out', () => {
    expect(sharedShape.parse({ store, expectedProcesses: 3 })).toEqual({
      store,
      expectedProcesses: 3,
      onFailure: 'local',
      timeoutMs: 50,
      concurrency: false,
    });
  });

  it('hands the store on as it is: it has methods of its own', () => {
    expect(sharedShape.parse({ store, expectedProcesses: 3 }).store).toBe(store);
  });

  it.each([
    ['no store', { expectedProcesses: 1 }],
    ['what is no store', { store: { take: () => {} }, expectedProcesses: 1 }],
    ['a client in place of a store', { store: 'redis://localhost', expectedProcesses: 1 }],
    ['no number of processes', { store }],
    ['no process', { store, expectedProcesses: 0 }],
    ['half a process', { store, expectedProcesses: 1.5 }],
    ['an unknown way out', { store, expectedProcesses: 1, onFailure: 'closed' }],
    ['no patience', { store, expectedProcesses: 1, timeoutMs: 0 }],
    ['a slip of the pen', { store, expectedProcesses: 1, timeout: 50 }],
  ])('refuses %s', (_, given) => {
    expect(sharedShape.safeParse(given).success).toBe(false);
  });
});

describe('budgets that are shared', () => {
  it.each<[string, Parameters<typeof twinOf>[0], boolean]>([
    ['one', [{ limitUsd: 1, window: 'day' }], false],
    [
      'of other windows',
      [
        { limitUsd: 1, window: 'day' },
        { limitUsd: 9, window: 'month' },
      ],
      false,
    ],
    [
      'of other scopes',
      [
        { limitUsd: 1, window: 'day', per: 'tenant' },
        { limitUsd: 9, window: 'day', per: { label: 'tenant' } },
      ],
      false,
    ],
    [
      'of other names',
      [
        { limitUsd: 1, window: 'day' },
        { limitUsd: 9, window: 'day', name: 'all' },
      ],
      false,
    ],
    [
      'of the same account',
      [
        { limitUsd: 1, window: 'day' },
        { limitUsd: 9, window: 'day' },
      ],
      true,
    ],
  ])('%s: twins %s', (_, budgets, isWrong) => {
    expect(twinOf(budgets) !== undefined).toBe(isWrong);
  });
});
