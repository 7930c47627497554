import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FenceHold } from '../../../../src/providers/anthropic/decode/fence-hold.ts';
import { reduce, stepwise, told, wire } from '../wire.ts';

function unfence(...parts: string[]): string {
  const hold = new FenceHold();
  return parts.map((part) => hold.push(part)).join('') + hold.end();
}

describe('FenceHold (RF-2)', () => {
  it.each([
    ['```json\n{"a":1}\n```', '{"a":1}'],
    ['```\n{"a":1}\n```', '{"a":1}'],
    ['\n ```json\r\n{"a":1}\r\n```\n', '{"a":1}'],
    ['```json\n{"a":\n1}\n```  ', '{"a":\n1}'],
    ['```json\n{"code":"```js"}\n```', '{"code":"```js"}'],
    ['```json\n\n```', ''],
  ])('takes the fence off %j', (text, bare) => {
    expect(unfence(text)).toBe(bare);
    expect(unfence(...text)).toBe(bare);
  });

  it.each([
    ['{"a":1}'],
    [''],
    ['   '],
    ['``'],
    ['`code`'],
    ['Here: ```json\n{}\n```'],
    ['```json\n{}\n``` and more'],
    ['```json\n{}\n```\nor\n```json\n[]\n```'],
    ['```json\n{"a":1}'],
    ['```{"a":1}```'],
    ['```not a language\n{}\n```'],
  ])('leaves %j as it is', (text) => {
    expect(unfence(text)).toBe(text);
    expect(unfence(...text)).toBe(text);
  });

  it('lets an answer without a fence pass at once', () => {
    const hold = new FenceHold();
    expect([hold.push('  '), hold.push('{"a"'), hold.push(':1}'), hold.end()]).toEqual([
      '',
      '  {"a"',
      ':1}',
      '',
    ]);
  });

  it('holds an answer that begins with one', () => {
    const hold = new FenceHold();
    expect([hold.push('``'), hold.push('`json\n{}'), hold.push('\n```'), hold.end()]).toEqual([
      '',
      '',
      '',
      '{}',
    ]);
  });

  it('depends on the text, not on where it is split', () => {
    const piece = fc.constantFrom('```', '`', 'json', '\n', '{"a":1}', ' ', 'x', '\r\n');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        expect(unfence(...pieces)).toBe(unfence(pieces.join('')));
      }),
      { numRuns: 200 },
    );
  });
});

describe('an answer in JSON mode', () => {
  const fenced = [wire.start(), ...wire.text(0, '```js', 'on\n{"a"', ':1}\n```'), ...wire.end('end_turn')];

  it('loses its fence when the caller wants no stream', () => {
    expect(told(reduce(fenced, { jsonFence: true })).text).toBe('{"a":1}');
    expect(told(reduce(fenced)).text).toBe('```json\n{"a":1}\n```');
  });

  it.each([
    ['max_tokens', 'length', '```json\n{"a":[1,'],
    ['max_tokens', 'length', '{"a":"b'],
    ['refusal', 'content_filter', '```json\n{"a"'],
  ])('RF-11 that ends by %s is handed on as it came, not repaired', (stop, finish, words) => {
    const cut = [wire.start(), ...wire.text(0, ...words), ...wire.end(stop)];
    expect(told(reduce(cut, { jsonFence: true }))).toMatchObject({ text: words, finish });
  });

  it('does not commit before it is known', () => {
    const early = stepwise(fenced.slice(0, -2), { jsonFence: true }).flat();
    expect(early.some(({ type }) => type === 'text_delta')).toBe(false);
  });

  it('tells nothing of a held text when the stream is cut, so that it may be tried again', () => {
    expect(told(reduce(fenced.slice(0, 4), { jsonFence: true })).text).toBe('');
  });
});
