import { ProviderError } from '../errors/index.ts';
import type { Transport } from './wire.ts';

/** UTF-8 takes at most so many bytes for one UTF-16 unit; what is short enough by that is not measured. */
const BYTES_PER_UNIT = 3;

/**
 * A transport that refuses bodies which the host would refuse.
 *
 * Before sending, because hosts answer those from their edge: not in their own words, or with a closed connection.
 *
 * @param maxBytes - most bytes of one body
 * @returns its `send` rejects with `invalid_request` (`string_above_max_length`) for a larger one
 */
export function limitBody(transport: Transport, provider: string, maxBytes: number): Transport {
  return {
    async send(request) {
      const { body = '' } = request;
      if (body.length * BYTES_PER_UNIT > maxBytes && Buffer.byteLength(body) > maxBytes) {
        throw new ProviderError({
          provider,
          code: 'invalid_request',
          message: `${provider}: the request is larger than ${maxBytes} bytes; send less, or files by URL`,
          param: 'messages',
          reason: 'string_above_max_length',
          retryable: false,
        });
      }
      return transport.send(request);
    },
    close: () => transport.close(),
  };
}
