import { brotliDecompressSync, createGunzip, gunzipSync, inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { bombSteps, CHAIN, encoded } from '../../../src/testing/lab/content-coding.ts';
import { joinBytes, type Step } from '../../../src/testing/upstream/step.ts';

const bytes = (text: string): Step => ({ kind: 'bytes', bytes: Buffer.from(text) });
const steps: Step[] = [
  { kind: 'head', status: 200, headers: { 'content-length': '99', a: '1' } },
  bytes('one '),
  { kind: 'wait', ms: 5 },
  bytes('two 😀'),
  { kind: 'end', how: 'eof' },
];
const bodyOf = (all: readonly Step[]): Uint8Array =>
  joinBytes(all.flatMap((step) => (step.kind === 'bytes' ? [step.bytes] : [])));

describe('a packed body', () => {
  it.each([
    ['gzip', gunzipSync],
    ['deflate', inflateSync],
    ['br', brotliDecompressSync],
  ] as const)('is valid %s, checksum included', (coding, unpack) => {
    expect(unpack(bodyOf(encoded(steps, coding))).toString()).toBe('one two 😀');
  });

  it('says nothing of its length, and keeps waits and end', () => {
    const all = encoded(steps, 'gzip');
    expect(all[0]).toEqual({ kind: 'head', status: 200, headers: { a: '1' } });
    expect(all.map(({ kind }) => kind)).toEqual(['head', 'bytes', 'bytes', 'wait', 'bytes', 'bytes', 'end']);
  });

  it('can be read write by write', async () => {
    const unpacking = createGunzip();
    const said: string[] = [];
    unpacking.on('data', (data) => said.push(String(data)));
    for (const step of encoded(steps, 'gzip').slice(0, 3)) {
      if (step.kind === 'bytes') await new Promise((done) => unpacking.write(step.bytes, done));
    }
    expect(said.join('')).toBe('one ');
  });

  it('may lack its end', () => {
    expect(() => gunzipSync(bodyOf(encoded(steps, 'gzip', { cut: true })))).toThrow(/unexpected end/);
  });
});

describe('a bomb', () => {
  it('is comments, and a thousandth of its size', () => {
    const packed = bodyOf(bombSteps(3));
    expect(packed.length).toBeLessThan(6_000);
    const text = gunzipSync(packed, { finishFlush: 2 }).toString();
    expect(text.length).toBe(3 * 1024 * 1024);
    expect(text.split('\n').filter((line) => line !== '' && !line.startsWith(': '))).toEqual([]);
  });
});

it('no host packs a hundred times over', () => {
  expect(CHAIN.split(', ')).toEqual(Array(120).fill('gzip'));
});
