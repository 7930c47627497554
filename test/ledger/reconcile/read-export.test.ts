import { describe, expect, it } from 'vitest';
import { type ExportVendor, readExport } from '../../../src/ledger/reconcile/read-export.ts';
import { report } from './reports.ts';

const DAY = '2026-11-24';

describe('readExport', () => {
  it.each([
    ['anthropic-usage.json', 'anthropic', ['claude-sonnet-5-5', 1_500], ['claude-haiku-4-5', 70]],
    [
      'anthropic-usage.csv',
      'anthropic',
      ['claude-sonnet-5-5', 1_000],
      ['claude-sonnet-5-5', 500],
      ['claude-haiku-4-5-20251001', 70],
    ],
    ['openai-usage.json', 'openai', ['gpt-5.5-2026-04-23', 150]],
    ['openai-usage.csv', 'openai', ['gpt-5.5-2026-04-23', 100], ['gpt-5.5-2026-04-23', 100]],
  ] as const)('finds the tokens of %s', (file, vendor, ...expected) => {
    const lines = readExport(report(file), vendor).filter(({ figures }) => figures.inputTokens !== undefined);
    expect(lines.map(({ day, model, figures }) => [day, model, figures.inputTokens])).toEqual(
      expected.map(([model, tokens]) => [DAY, model, tokens]),
    );
  });

  it.each([
    ['anthropic-cost.json', 'anthropic', 'claude-sonnet-5-5', 2],
    ['anthropic-analytics-cost.json', 'anthropic', 'claude-sonnet-5-5', 2],
    ['anthropic-cost.csv', 'anthropic', 'Claude Sonnet 5.5', 2],
    ['openai-costs.json', 'openai', 'gpt-5.5-2026-04-23', 0.1],
    ['openai-costs.csv', 'openai', undefined, 0.1],
  ] as const)('finds the money of %s', (file, vendor, model, usd) => {
    const lines = readExport(report(file), vendor).filter((line) => line.day === DAY && line.model === model);
    const nano = lines.reduce((sum, { figures }) => sum + (figures.costUsd ?? 0), 0);
    expect(nano).toBe(usd * 1e9);
  });

  it('knows of days on which nothing was used', () => {
    expect(readExport(report('anthropic-usage.json'), 'anthropic').at(-1)).toEqual({
      day: '2026-11-25',
      model: undefined,
      figures: {},
    });
    expect(readExport(report('openai-costs.csv'), 'openai').at(-1)).toMatchObject({
      day: '2026-11-25',
      figures: {},
    });
  });

  it('takes JSON that was read already, and several pages', () => {
    const page = JSON.parse(report('openai-usage.json'));
    expect(readExport(page, 'openai')).toEqual(readExport(report('openai-usage.json'), 'openai'));
    expect(readExport([page, page], 'openai')).toHaveLength(2);
  });

  it.each([
    ['a time', { usage_date_utc: '2026-11-24 15:03' }],
    ['a date', { date: '2026-11-24' }],
    ['seconds', { start_time: 1_795_478_400 }],
    ['seconds in a text', { start_time: '1795478400.0' }],
  ])('finds the day by %s', (_, when) => {
    expect(readExport({ data: [{ ...when, output_tokens: 1 }] }, 'anthropic')).toMatchObject([{ day: DAY }]);
  });

  it.each([
    ['a web page', '<!doctype html><html></html>', 'anthropic'],
    ['JSON of something else', '{"error":{"type":"authentication_error"}}', 'anthropic'],
    ['a report of the other vendor', report('openai-costs.json'), 'anthropic'],
    ['days without usage', 'start_time,end_time,start_time_iso,end_time_iso\n1795478400,1,,\n', 'openai'],
    ['nothing', '', 'openai'],
    ['no text', undefined, 'openai'],
  ] satisfies [string, unknown, ExportVendor][])(
    'says that it finds nothing in %s',
    (_, usageExport, vendor) => {
      expect(() => readExport(usageExport, vendor)).toThrow(/no figures were found/);
    },
  );

  it('says that JSON is broken', () => {
    expect(() => readExport('{"data": [', 'openai')).toThrow(/cannot be read/);
  });
});
