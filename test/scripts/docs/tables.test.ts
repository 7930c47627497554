import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { errorRows } from '../../../scripts/docs/error-rows.ts';
import { eventRows } from '../../../scripts/docs/event-rows.ts';
import { fillMarkers } from '../../../scripts/docs/fill-markers.ts';
import { optionRows } from '../../../scripts/docs/option-rows.ts';
import {
  errorsTable,
  eventsTable,
  faultsTable,
  hostsTable,
  markdownTable,
  optionsTable,
  pricesTable,
} from '../../../scripts/docs/tables.ts';
import { policy } from '../../../src/errors/policy.ts';
import { priceRows } from '../../../src/pricing/data.ts';
import { presets } from '../../../src/providers/openai-compatible/presets/data.ts';
import { labFaults } from '../../../src/testing/lab/fault-table.ts';

const folder = mkdtempSync(join(tmpdir(), 'runestone-docs-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

describe('options', () => {
  file(
    'kit.ts',
    '/** Elsewhere. */\nexport interface FarOptions {\n  /** Deep. @default 2 */\n  readonly deep?: number;\n}',
  );
  const path = file(
    'options.ts',
    `import type { FarOptions } from './kit.ts';
import type { Thing } from './thing.ts';
export interface RootOptions {
  /** Who. */
  readonly providers: readonly Thing[];
  /** How. @default 'warn' */
  readonly mode?: 'warn' | 'reject';
  /** Near. */
  readonly near?: NearOptions | false;
  readonly far?: FarOptions;
}
/** Not used. */
export interface NearOptions {
  /** Wait, in milliseconds. @default 8_000 */
  readonly waitMs?: number;
}`,
  );

  it('unfold their sections, here and in other files', () => {
    expect(optionRows(path, 'RootOptions').map((row) => [row.path, row.type, row.default])).toEqual([
      ['providers', '`Thing[]`', undefined],
      ['mode', "`'warn' | 'reject'`", "'warn'"],
      ['near', 'section or `false`', undefined],
      ['near.waitMs', '`number`', '8_000'],
      ['far', 'section', undefined],
      ['far.deep', '`number`', '2'],
    ]);
  });

  it('of a section without a comment are described by the section', () => {
    const byPath = new Map(optionRows(path, 'RootOptions').map((row) => [row.path, row.summary]));
    expect(byPath.get('near')).toBe('Near.');
    expect(byPath.get('far')).toBe('Elsewhere.');
  });

  it('become a table in which bars are escaped and literals are code', () => {
    expect(optionsTable(optionRows(path, 'RootOptions')).split('\n').slice(2, 6)).toEqual([
      '| `providers` | `Thing[]` | required | Who. |',
      "| `mode` | `'warn' \\| 'reject'` | `'warn'` | How. |",
      '| `near` | section or `false` | – | Near. |',
      '| `near.waitMs` | `number` | `8_000` | Wait, in milliseconds. |',
    ]);
  });

  it('without a comment are refused by name', () => {
    const bare = file('bare.ts', 'export interface BareOptions { readonly quiet?: boolean }');
    expect(() => optionRows(bare, 'BareOptions')).toThrow('the option quiet has no doc comment');
    expect(() => optionRows(bare, 'NoOptions')).toThrow('there is no interface NoOptions');
  });
});

describe('errors', () => {
  it('have one described row for each code of the policy', () => {
    const rows = errorRows('src/errors/codes.ts');
    expect(rows.map(({ code }) => code).sort()).toEqual(Object.keys(policy).sort());
    expect(rows.every(({ summary }) => summary.length > 3)).toBe(true);
    expect(errorsTable(rows).split('\n')).toHaveLength(rows.length + 2);
  });

  it('put the verdict in words', () => {
    const row = {
      code: 'x',
      summary: 'X.',
      retry: true,
      failover: 'larger_window',
      breaker: 'key_out',
      status: 400,
    } as const;
    expect(errorsTable([row]).split('\n')[2]).toBe('| `x` | X. | yes | larger window | key out | 400 |');
  });

  it('without a comment are refused by name', () => {
    const bare = file(
      'codes.ts',
      "export type ProviderErrorCode = 'timeout';\nexport type PoolErrorCode = 'cancelled';",
    );
    expect(() => errorRows(bare)).toThrow('the code timeout has no doc comment');
  });

  it('without a row, and rows without a code, are refused by name', () => {
    const unknown = file(
      'codes2.ts',
      "export type ProviderErrorCode =\n  /** Odd. */\n  | 'odd';\nexport type PoolErrorCode = never;",
    );
    expect(() => errorRows(unknown)).toThrow('odd has no row');
    const few = file(
      'codes3.ts',
      "export type ProviderErrorCode =\n  /** T. */\n  | 'timeout';\nexport type PoolErrorCode = never;",
    );
    expect(() => errorRows(few)).toThrow(/rows for .*cancelled.*, which are no codes/);
  });
});

describe('events', () => {
  const path = file(
    'events.ts',
    `export interface Base { readonly at: number }
export interface Attempt extends Base { readonly attempt: number; readonly key?: string }
export interface Unused { readonly no: number }
export interface TelemetryEvents {
  /** Begun. */
  'request.start': Base & { readonly stream: boolean; readonly tenant?: string };
  /** Tried. */
  attempt: Attempt;
}`,
  );

  it('name what they carry, shared payloads by their name', () => {
    const { rows, parts } = eventRows(path);
    expect(rows).toEqual([
      { name: 'request.start', summary: 'Begun.', parts: ['Base'], fields: ['stream', 'tenant?'] },
      { name: 'attempt', summary: 'Tried.', parts: ['Attempt'], fields: [] },
    ]);
    expect(parts.map(({ name }) => name)).toEqual(['Base', 'Attempt']);
    expect(eventsTable(rows, parts)).toContain('- *Attempt*: *Base*, `attempt`, `key?`');
  });

  it('without a comment are refused by name', () => {
    const bare = file(
      'bare-events.ts',
      "export interface TelemetryEvents { 'a.b': { readonly at: number } }",
    );
    expect(() => eventRows(bare)).toThrow('the event a.b has no doc comment');
  });

  it('of the house are all described', () => {
    expect(eventRows('src/telemetry/events.ts').rows.length).toBeGreaterThan(10);
  });
});

describe('fillMarkers', () => {
  const document = 'a\n<!-- x:start -->\nold\n<!-- x:end -->\nb\n';

  it('replaces what stands between, and a second time changes nothing', () => {
    const filled = fillMarkers(document, 'x', 'new');
    expect(filled).toBe('a\n<!-- x:start -->\nnew\n<!-- x:end -->\nb\n');
    expect(fillMarkers(filled, 'x', 'new')).toBe(filled);
  });

  it('refuses a document without the markers, or with them turned around', () => {
    expect(() => fillMarkers('a', 'x', 'new')).toThrow('<!-- x:start -->');
    expect(() => fillMarkers('<!-- x:end --><!-- x:start -->', 'x', 'new')).toThrow('the document needs');
  });
});

describe('markdownTable', () => {
  it('has a rule under its header', () => {
    expect(markdownTable(['a', 'b'], [['1', '2']])).toBe('| a | b |\n| --- | --- |\n| 1 | 2 |');
  });
});

describe('hosts', () => {
  const lines = hostsTable(presets).split('\n');

  it('have a row each, in their order', () => {
    expect(lines.slice(2).map((line) => line.split('`')[1])).toEqual(Object.keys(presets));
  });

  it('name what has to be set: the key, the address, or both', () => {
    expect(lines).toContain(
      '| `groq` | Groq | `GROQ_API_KEY` | `https://api.groq.com/openai/v1` | `openai/gpt-oss-120b` |',
    );
    expect(lines).toContain(
      '| `azure` | Azure OpenAI | `AZURE_OPENAI_API_KEY`, `AZURE_OPENAI_ENDPOINT` | – | – |',
    );
    expect(lines).toContain('| `ollama` | Ollama | `OLLAMA_HOST` | `http://localhost:11434/v1` | – |');
  });
});

describe('prices', () => {
  it('are a row for each provider: how many models, what has rates of its own, and the day', () => {
    const base = { provider: 'acme', asOf: '2026-11-25', source: 'page', confidence: 'high' } as const;
    const table = pricesTable([
      { ...base, model: 'a', until: '2026-01-01', usdPerMTok: [1, 2], tiers: { batch: 0.5 } },
      { ...base, model: 'a', from: '2026-01-01', usdPerMTok: [1, 2, 0.1] },
      { ...base, model: 'b', confidence: 'medium', usdPerMTok: [1, 2], usFactor: 1.1 },
      { ...base, provider: 'bolt', model: 'c', usdPerMTok: [1, 2] },
    ]);
    expect(table.split('\n').slice(2)).toEqual([
      '| `acme` | 2, 1 less sure | cache reads, `batch`, US residency | 2026-11-25 |',
      '| `bolt` | 1 | – | 2026-11-25 |',
    ]);
  });

  it('name every provider that has some', () => {
    const providers = new Set(priceRows.map(({ provider }) => provider));
    expect(pricesTable(priceRows).split('\n')).toHaveLength(providers.size + 2);
describe('faults', () => {
  it('have a row each, with the wire where it is only one', () => {
    const lines = faultsTable(labFaults).split('\n');
    expect(lines).toHaveLength(Object.keys(labFaults).length + 2);
    expect(lines).toContain(
      '| `eof-mid-stream` | T35 | a clean end between events: the last chunk is sent |',
    );
    expect(lines).toContain('| `block-not-closed` | V8 | blocks that are never closed (Anthropic) |');
  });
});
