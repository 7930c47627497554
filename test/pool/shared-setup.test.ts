import { memoryStore } from 'runestone';
import { describe, expect, it } from 'vitest';
import { sharedStoreOf } from '../../src/pool/shared-setup.ts';
import { recorder } from '../contexts.ts';
import { settingsOf } from './states.ts';

describe('the store of a pool', () => {
  it('is none where none is named', () => {
    expect(sharedStoreOf(settingsOf(), recorder().teller)).toBeUndefined();
  });

  it('tells of its absence, once, and how the pool goes on', async () => {
    const { teller, told } = recorder();
    const store = { ...memoryStore(), take: () => Promise.reject(new Error('READONLY')) };
    const shared = sharedStoreOf(
      settingsOf({
        shared: {
          store: { ...store, settle: async () => {}, mark: async () => 0 },
          expectedProcesses: 2,
          onFailure: 'open',
        },
      }),
      teller,
    );
    const account = { name: 'a', limit: 1, span: { kind: 'under_way' as const } };
    const claim = { account, id: 'x', amount: 1, leaseMs: 1, isMoney: false };
    await shared?.ask({ claims: [claim], marks: [] });
    await shared?.ask({ claims: [claim], marks: [] });
    expect(told).toMatchObject([{ name: 'store.lost', onFailure: 'open', message: 'READONLY' }]);
  });
});
