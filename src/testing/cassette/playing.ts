import type { FetchLike } from '../../provider-kit/index.ts';
import type { VirtualClock } from '../virtual-clock.ts';
import { bytesOf, type Exchange } from './tape.ts';

/** How an exchange is played. */
export interface Pace {
  /** Times the recorded waits: 1 as it was, 0 without any. */
  readonly factor: number;
  readonly wait: VirtualClock['wait'];
}

type Init = Parameters<FetchLike>[1];

/** The answer of an exchange, with the same reads and the same end. Rejects where the recorded `fetch` did. */
export async function played(
  { response, chunks, end }: Exchange,
  { signal }: Init,
  pace: Pace,
): Promise<Response> {
  signal.throwIfAborted();
  if (!response) throw await failure(end, signal);
  const { status, headers } = response;
  if (chunks.length === 0 && end === 'eof') return new Response(null, { status, headers });
  let n = 0;
  let atMs = 0;
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        signal.throwIfAborted();
        const chunk = chunks[n++];
        if (!chunk) {
          if (end === 'eof') return controller.close();
          throw new TypeError(
            `cassette: ${end === 'left' ? 'whoever recorded this left here' : 'terminated'}`,
          );
        }
        const waitMs = (chunk[0] - atMs) * pace.factor;
        atMs = chunk[0];
        if (waitMs > 0) await pace.wait(waitMs, signal);
        controller.enqueue(bytesOf(chunk));
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, { status, headers });
}

/** As Node's `fetch` fails; a request that was aborted is silent until it is again. */
async function failure(end: Exchange['end'], signal: AbortSignal): Promise<unknown> {
  const code = typeof end === 'object' ? end.failed : 'UNKNOWN';
  if (code !== 'aborted')
    return new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  return signal.reason;
}
