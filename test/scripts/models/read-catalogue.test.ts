import { describe, expect, it } from 'vitest';
import { readCatalogue } from '../../../scripts/models/read-catalogue.ts';

const source = 'https://example.com/models';
const active = { status: 'active' };

const list = (models: object, more: object = {}): string =>
  JSON.stringify({ provider: 'acme', asOf: '2026-11-25', models, ...more });
const rowsOf = (models: object, more: object = {}) => readCatalogue(list(models, more)).rows;

describe('readCatalogue', () => {
  it('reads rows in their order, without what is for the reader of the list', () => {
    const m = { contextWindow: 5, lifecycle: active, source, also: ['https://b.example'], note: 'why' };
    const catalogue = readCatalogue(list({ z: m, a: { ...m, asOf: '2026-11-01' } }));
    expect(catalogue).toMatchObject({ provider: 'acme', asOf: '2026-11-25' });
    expect(catalogue.rows).toEqual([
      { id: 'z', contextWindow: 5, lifecycle: active, source },
      { id: 'a', contextWindow: 5, lifecycle: active, source, asOf: '2026-11-01' },
    ]);
  });

  it('starts a row from its family, and that from its own', () => {
    const families = {
      old: { tools: true, window: 1, source, lifecycle: active },
      new: { family: 'old', window: 2 },
    };
    expect(rowsOf({ m: { family: 'new', tools: false } }, { families })).toEqual([
      { id: 'm', tools: false, window: 2, source, lifecycle: active },
    ]);
  });

  it('makes rows of snapshots, which are sent as they are', () => {
    const m = { snapshots: ['m-1', 'm-2'], lifecycle: active, source };
    expect(rowsOf({ m }).map(({ id, snapshots }) => [id, snapshots])).toEqual([
      ['m', undefined],
      ['m-1', undefined],
      ['m-2', undefined],
    ]);
  });

  it('keeps the row that many ids share', () => {
    const firstGeneration = { lifecycle: { status: 'retired' }, source, note: 'x' };
    expect(readCatalogue(list({}, { firstGeneration })).firstGeneration).toEqual({
      lifecycle: { status: 'retired' },
      source,
    });
  });

  it.each<[string, object, RegExp]>([
    ['without a source', { m: { lifecycle: active } }, /acme\/m: no source/],
    ['whose source is no page', { m: { lifecycle: active, source: 'hearsay' } }, /acme\/m: no source/],
    ['without a status', { m: { lifecycle: {}, source } }, /acme\/m: no status/],
    ['without a life', { m: { source } }, /acme\/m: no status/],
    [
      'with a day that is none',
      { m: { lifecycle: { ...active, released: '2026-13-01' }, source } },
      /released is no day/,
    ],
    [
      'whose successor is not listed',
      { m: { lifecycle: { ...active, successor: 'n' }, source } },
      /acme\/m: its successor n is not listed/,
    ],
    [
      'with a name of another',
      { m: { lifecycle: active, source }, n: { aliases: ['m'], lifecycle: active, source } },
      /acme\/n: the name m stands twice/,
    ],
    ['of no family', { m: { family: 'lost', source } }, /m: no such family/],
    ['that is no row', { m: 'model' }, /m: not a row/],
  ])('refuses a row %s', (_, models, message) => {
    expect(() => rowsOf(models)).toThrow(message);
  });

  it.each([
    ['[]'],
    ['{}'],
    [JSON.stringify({ provider: 'acme', asOf: 'today', models: {} })],
    [JSON.stringify({ provider: 'acme', asOf: '2026-11-25' })],
  ])('refuses what is no list: %s', (text) => {
    expect(() => readCatalogue(text)).toThrow();
  });
});
