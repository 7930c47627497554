import { describe, expect, it } from 'vitest';
import { bare, chunkBytes, headBytes, mapText, reframed } from '../../../src/testing/lab/wire-bytes.ts';
import type { Step } from '../../../src/testing/upstream/step.ts';

const bytes = (text: string): Step => ({ kind: 'bytes', bytes: Buffer.from(text) });
const head: Step = { kind: 'head', status: 200, headers: { 'content-type': 'text/x', 'x-more': '1' } };
const eof: Step = { kind: 'end', how: 'eof' };
const textOf = (steps: readonly Step[]): string[] =>
  steps.map((step) => (step.kind === 'bytes' ? Buffer.from(step.bytes).toString() : step.kind));

describe('bytes past HTTP', () => {
  it('are marked as such', () => {
    expect(bare('x')).toEqual({ kind: 'bytes', bytes: new Uint8Array([0x78]), bare: true });
  });

  it('make a head with exactly the headers given', () => {
    expect(headBytes(204, { a: '1', b: '' })).toBe('HTTP/1.1 204 OK\r\na: 1\r\nb: \r\n\r\n');
  });

  it('make chunks by their size in hex', () => {
    expect(Buffer.from(chunkBytes(Buffer.from('x'.repeat(20)))).toString()).toBe(
      `14\r\n${'x'.repeat(20)}\r\n`,
    );
  });
});

describe('a response framed by hand', () => {
  const wait: Step = { kind: 'wait', ms: 1 };

  it('keeps what the body says and when, and nothing else', () => {
    const steps = reframed([head, bytes('ab'), wait, bytes(''), bytes('cde'), eof], {
      headers: ({ 'content-type': type = '' }, body) => ({
        'content-type': type,
        length: String(body.length),
      }),
      piece: chunkBytes,
      end: [bare('zz')],
    });
    expect(textOf(steps)).toEqual([
      'HTTP/1.1 200 OK\r\ncontent-type: text/x\r\nlength: 5\r\n\r\n',
      '2\r\nab\r\n',
      'wait',
      '3\r\ncde\r\n',
      'zz',
    ]);
    expect(steps.every((step) => step.kind !== 'bytes' || step.bare)).toBe(true);
  });

  it('leaves the writes of the body as they are without a framing of them', () => {
    const steps = reframed([head, bytes('ab'), eof], { headers: () => ({}), end: [] });
    expect(textOf(steps).slice(1)).toEqual(['ab']);
  });
});

describe('the text of a body', () => {
  it('can be rewritten, cut up, and made bytes of no text', () => {
    const changed = mapText([head, bytes('one'), bytes('two'), bytes('three'), eof], (text, nth) =>
      nth === 0 ? text.toUpperCase() : nth === 1 ? [...text] : Uint8Array.of(0x2d),
    );
    expect(textOf(changed)).toEqual(['head', 'ONE', 't', 'w', 'o', '-', 'end']);
  });
});
