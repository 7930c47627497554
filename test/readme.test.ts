import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { policy } from '../src/errors/policy.ts';
import { ledgerDefaults } from '../src/ledger/ledger.ts';
import { toSettings } from '../src/pool/settings.ts';
import { sharedShape } from '../src/pool/shared-options.ts';
import { memoryStore } from '../src/state/memory-store.ts';
import { scriptedProvider } from '../src/testing/scripted-provider.ts';

const guides = ['options', 'errors'].map((name) => readFileSync(`docs/${name}.md`, 'utf8')).join('\n');

/** Rows of a table between its markers, by the code in the first cell. */
function table(name: string): Map<string, string[]> {
  const [, text = ''] =
    new RegExp(`<!-- ${name}:start -->\\n([\\s\\S]*?)<!-- ${name}:end -->`).exec(guides) ?? [];
  const rows = text.split('\n').filter((line) => line.startsWith('| `'));
  return new Map(
    rows.map((line) => {
      const [first = '', ...rest] = line.slice(2, -2).split(/ (?<!\\)\| /);
      return [first.replaceAll('`', ''), rest];
    }),
  );
}

describe('the options table', () => {
  const settings = toSettings({ providers: [scriptedProvider('one', [])] });
  const { budget, ...retry } = settings.retry;
  const { hedge } = toSettings({ providers: [scriptedProvider('one', [])], hedge: { afterMs: 1 } });
  const sections = {
    ...{ retry, 'retry.budget': budget, breaker: settings.breaker, timeouts: settings.timeouts },
    'limits.queue': settings.limits.queue,
  };
  const inCode = [
    ...Object.entries(sections).flatMap(([section, values]) =>
      Object.entries(values).map(([key, value]) => [`${section}.${key}`, value] as const),
    ),
    ['autoContinue', settings.autoContinue] as const,
    ['hedge.maxExtra', hedge?.maxExtra] as const,
    [
      'shared.timeoutMs',
      sharedShape.parse({ store: memoryStore(), expectedProcesses: 1 }).timeoutMs,
    ] as const,
    ['ledger.maxBatch', ledgerDefaults.maxBatch] as const,
    ['ledger.maxBuffer', ledgerDefaults.maxBuffer] as const,
  ];

  it.each(inCode)('promises what the code does: %s is %s', (path, value) => {
    const [, fallback = ''] = table('options').get(path) ?? [];
    expect(Number(fallback.replace(/[`_]/g, ''))).toBe(value);
  });

  it('has no default that the code does not know', () => {
    const numbers = [...table('options')].filter(([, [, fallback = '']]) => /^`[\d_.]+`$/.test(fallback));
    expect(numbers.map(([path]) => path).sort()).toEqual(inCode.map(([path]) => path).sort());
  });
});

describe('the errors table', () => {
  it.each(Object.entries(policy))('says what the policy does about %s', (code, { retry, status }) => {
    const [, inRetry, , , inStatus] = table('errors').get(code) ?? [];
    expect([inRetry, inStatus]).toEqual([retry ? 'yes' : 'no', String(status)]);
  });
});
