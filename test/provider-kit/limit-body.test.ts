import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { limitBody } from '../../src/provider-kit/limit-body.ts';
import { RecordHeaders, type WireRequest, type WireResponse } from '../../src/provider-kit/wire.ts';
import { failureOf } from '../contexts.ts';

const answer: WireResponse = {
  status: 200,
  headers: new RecordHeaders({}),
  read: async () => undefined,
  finish: () => {},
};

const requestOf = (body?: string): WireRequest => ({
  url: 'https://api.acme.example',
  method: 'POST',
  headers: {},
  body,
  signal: new AbortController().signal,
});

function limited(maxBytes: number) {
  const send = vi.fn(async () => answer);
  const close = vi.fn(async () => {});
  return { send, close, transport: limitBody({ send, close }, 'acme', maxBytes) };
}

describe('limitBody', () => {
  it('REQ-41: refuses a body above the limit before it is sent, in words of the caller', async () => {
    const { send, transport } = limited(10);
    expect(await failureOf(transport.send(requestOf('x'.repeat(11))))).toMatchObject({
      code: 'invalid_request',
      reason: 'string_above_max_length',
      param: 'messages',
      provider: 'acme',
      retryable: false,
      message: expect.stringContaining('10 bytes'),
    });
    expect(send).not.toHaveBeenCalled();
  });

  it('hands everything else on as it is', async () => {
    const { send, close, transport } = limited(10);
    for (const request of [requestOf(), requestOf(''), requestOf('x'.repeat(10))]) {
      expect(await transport.send(request)).toBe(answer);
      expect(send).toHaveBeenLastCalledWith(request);
    }
    await transport.close();
    expect(close).toHaveBeenCalledTimes(1);
  });

  it('counts bytes, whatever the text is made of', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 12 }), fc.nat(40), async (body, maxBytes) => {
        const { send, transport } = limited(maxBytes);
        await transport.send(requestOf(body)).catch(() => {});
        expect(send.mock.calls.length).toBe(new TextEncoder().encode(body).length <= maxBytes ? 1 : 0);
      }),
    );
  });
});
