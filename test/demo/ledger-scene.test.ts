import { ProviderPool } from 'runestone';
import { fails, replies, scriptedProvider } from 'runestone/testing';
import { describe, expect, it } from 'vitest';
import { ledger } from '../../examples/demo/ledger-scene.ts';

const plain = { paint: (_look: unknown, text: string) => text };
const messages = [{ role: 'user', content: 'x' }] as const;

describe('ledger', () => {
  it('does not call a target healthy that has only failed so far', async () => {
    const pool = new ProviderPool({ providers: [scriptedProvider('new', [fails('bad_response')])] });
    await expect(pool.request({ messages })).rejects.toThrow();
    expect(ledger(pool.stats(), pool.providers(), plain)[1]).toMatch(
      /^● new\/scripted-model +failing +1 +1 /,
    );
    await pool.close();
  });

  it('has a line for each target that was used, and one for all', async () => {
    const pool = new ProviderPool({
      providers: [
        scriptedProvider('down', [fails('server_error')]),
        scriptedProvider('up', [replies('hi', { usage: { inputTokens: 1_000, outputTokens: 50 } })]),
        scriptedProvider('idle', [replies('never asked')]),
      ],
      models: { both: ['down/m', 'up/m'] },
      retry: { attemptsPerTarget: 1 },
      breaker: { failureThreshold: 2 },
      cost: { prices: { 'up/m': { inputUsdPerMTok: 1, outputUsdPerMTok: 10 } } },
    });
    for (let turn = 0; turn < 3; turn++) await pool.request({ model: 'both', messages });
    const lines = ledger(pool.stats(), pool.providers(), plain);
    expect(lines[0]).toMatch(/^ {2}target +state +tries +fails +tokens +TTFT +cost$/);
    expect(lines[1]).toMatch(/^● down\/m +open +2 +2 +0\/0 +– +unknown$/);
    expect(lines[2]).toMatch(/^● up\/m +healthy +3 +0 +3\.0k\/150 +\d+ ms +\$0\.004500$/);
    expect(lines[3]).toMatch(/^ {2}together +5 +2 +3\.0k\/150 +\d+ ms +≥\$0\.004500$/);
    expect(lines.join('\n')).not.toContain('idle');
    expect(new Set(lines.slice(0, 4).map((line) => [...line].length))).toEqual(new Set([75]));
    await pool.close();
  });
});
