import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCsv } from '../../../src/ledger/reconcile/csv.ts';
import { runs } from '../../runs.ts';

describe('parseCsv', () => {
  it.each([
    [
      'plain cells',
      'a,b\n1,2\n3,4\n',
      [
        { a: '1', b: '2' },
        { a: '3', b: '4' },
      ],
    ],
    ['no line end at the end', 'a,b\n1,2', [{ a: '1', b: '2' }]],
    ['lines of Windows', 'a,b\r\n1,2\r\n', [{ a: '1', b: '2' }]],
    ['tabs', 'a\tb\n1,5\t2\n', [{ a: '1,5', b: '2' }]],
    ['a byte order mark', '\ufeffa\n1', [{ a: '1' }]],
    ['names with spaces around', 'a , b\n1,2', [{ a: '1', b: '2' }]],
    ['quoted cells', 'a,b\n"x, y","say ""hi""\nthere"\n', [{ a: 'x, y', b: 'say "hi"\nthere' }]],
    ['an empty quoted cell', 'a,b\n"",2', [{ a: '', b: '2' }]],
    ['empty lines', 'a,b\n\n1,2\n,\n', [{ a: '1', b: '2' }]],
    ['empty cells, the last one too', 'a,b,c\n,2,', [{ a: '', b: '2', c: '' }]],
    ['fewer cells than names', 'a,b\n1', [{ a: '1', b: '' }]],
    ['nothing', '', []],
    ['names alone', 'a,b\n', []],
  ])('reads %s', (_, text, rows) => {
    expect(parseCsv(text)).toEqual(rows);
  });

  it.each([
    ['a quote that is never closed', 'a\n1\n"2'],
    ['a quote inside a cell', 'a\n1\n5" disk'],
    ['something behind a quote', 'a\n1\n"2" x'],
  ])('does not leave out what it cannot read: %s', (_, text) => {
    expect(() => parseCsv(text)).toThrow('line 3');
  });

  it('reads back whatever was written with quotes (property)', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', ' ', 'é', '7') });
    const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { maxLength: 8 }), (cells) => {
        const text = ['left,right', ...cells.map((row) => row.map(quoted).join(','))].join('\n');
        const rows = cells.filter((row) => row.some((each) => each !== ''));
        expect(parseCsv(text)).toEqual(rows.map(([left, right]) => ({ left, right })));
      }),
      runs(),
    );
  });
});
