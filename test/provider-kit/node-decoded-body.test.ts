import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ProviderError } from '../../src/errors/index.ts';
import { decodedBody } from '../../src/provider-kit/node-decoded-body.ts';
import type { WireResponse } from '../../src/provider-kit/wire.ts';
import { encoded } from '../../src/testing/lab/content-coding.ts';
import { turn } from './loopback.ts';
import { cutAt, type Read, responseOf, utf8 } from './script-response.ts';

const TEXT = 'data: one\n\ndata: Grüße, 世界 😀\n\n';
const MIB = 1024 * 1024;

async function textOf(response: WireResponse): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for (let read = await response.read(); read; read = await response.read()) {
    for (const chunk of read) text += decoder.decode(chunk, { stream: true });
  }
  return text;
}

const pieces = (bytes: Uint8Array, ...places: number[]): Read[] => cutAt(bytes, places).map((each) => [each]);

describe('a body with a content coding', () => {
  it.each([
    ['gzip', gzipSync(TEXT)],
    ['x-gzip', gzipSync(TEXT)],
    [' GZIP ', gzipSync(TEXT)],
    ['deflate', deflateSync(TEXT)],
    ['br', brotliCompressSync(TEXT)],
  ])('E17: %s comes out as it was, however it is cut', async (coding, packed) => {
    for (const reads of [
      [[packed]],
      pieces(packed, 1, 2, 9),
      [...packed].map((byte) => [Uint8Array.of(byte)]),
    ]) {
      expect(await textOf(decodedBody('acme', responseOf(reads), coding))).toBe(TEXT);
    }
  });

  it('keeps status and headers', () => {
    const response = responseOf([], 'end', 418);
    expect(decodedBody('acme', response, 'gzip')).toMatchObject({ status: 418, headers: response.headers });
  });

  it.each(['gzip', 'deflate'] as const)('E17: %s, each event as soon as it was flushed', async (coding) => {
    const steps = ['one', 'two'].map((text) => ({ kind: 'bytes' as const, bytes: utf8(text) }));
    const head = { kind: 'head' as const, status: 200, headers: {} };
    const packed = encoded([head, ...steps], coding).flatMap((step) =>
      step.kind === 'bytes' ? [step.bytes] : [],
    );
    const response = decodedBody(
      'acme',
      responseOf(
        packed.map((bytes) => [bytes]),
        'silence',
      ),
      coding,
    );
    const said = async (): Promise<string> => Buffer.concat([...((await response.read()) ?? [])]).toString();
    expect([await said(), await said()].join('')).toBe('onetwo');
    response.finish();
  });

  it('E18: that is cut just ends, for the layers above to notice', async () => {
    const packed = gzipSync(TEXT);
    expect(TEXT).toContain(
      await textOf(decodedBody('acme', responseOf(pieces(packed.subarray(0, -12))), 'gzip')),
    );
  });

  it.each(['gzip', 'deflate', 'br'])('E18: that is no %s at all is no answer', async (coding) => {
    const response = responseOf([[TEXT]]);
    await expect(textOf(decodedBody('acme', response, coding))).rejects.toMatchObject({
      code: 'bad_response',
      provider: 'acme',
    });
  });

  it('ends with what broke the connection, after what had come', async () => {
    const reset = new ProviderError({ provider: 'acme', code: 'connection', message: 'reset' });
    const head = { kind: 'head' as const, status: 200, headers: {} };
    const packed = encoded([head, { kind: 'bytes', bytes: utf8('said') }], 'gzip').flatMap((step) =>
      step.kind === 'bytes' ? [step.bytes] : [],
    );
    const response = decodedBody('acme', responseOf([packed], reset), 'gzip');
    expect(Buffer.concat([...((await response.read()) ?? [])]).toString()).toBe('said');
    await expect(textOf(response)).rejects.toBe(reset);
    await expect(response.read()).rejects.toBe(reset);
  });

  it.each(['zstd', 'gzip, gzip', '', 'constructor', Array(120).fill('gzip').join(', ')])(
    'E20: of the kind "%s" is refused, and its connection let go',
    (coding) => {
      const response = responseOf([[TEXT]]);
      expect(() => decodedBody('acme', response, coding)).toThrow(ProviderError);
      expect(response.finished()).toBe(1);
    },
  );

  it('E19: is taken in only as fast as it is read out', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * MIB, 0x61));
    const reads = Array.from({ length: 1_000 }, (): Read => [bomb]);
    const source = responseOf(reads);
    const response = decodedBody('acme', source, 'gzip');
    for (let nth = 0; nth < 20; nth++) {
      const read = await response.read();
      expect(read?.reduce((sum, chunk) => sum + chunk.length, 0)).toBeLessThan(MIB);
    }
    await turn();
    expect(source.pulls()).toBeLessThan(8);
    response.finish();
  });

  it('is let go with its connection, also in the middle', async () => {
    const source = responseOf(pieces(gzipSync(TEXT), 20), 'silence');
    const response = decodedBody('acme', source, 'gzip');
    const reading = response.read();
    response.finish();
    await expect(reading).resolves.toBeUndefined();
    expect(source.finished()).toBe(1);
    expect(await response.read()).toBeUndefined();
  });

  it('is not taken for raw deflate, which is no coding of HTTP', async () => {
    await expect(
      textOf(decodedBody('acme', responseOf([[deflateRawSync(TEXT)]]), 'deflate')),
    ).rejects.toThrow(ProviderError);
  });
});
