import type { ChatCompletionChunk } from '../chat/completion.ts';
import { isRunestoneError, type RunestoneError } from '../errors/index.ts';

/** How chunks, the end and a failure look as text. */
export interface ByteForm {
  readonly chunks: (chunks: readonly ChatCompletionChunk[]) => string;
  /** Written when the answer is complete, and only then. */
  readonly end: string;
  /** Left out: a failure is the failure of the stream. */
  readonly failure?: (error: RunestoneError) => string;
}

/**
 * Chunks as a web stream of bytes. What is ready together leaves in one piece; nothing is read ahead of the
 * consumer, so that its pace reaches the upstream socket.
 */
export function byteStream(
  pull: () => Promise<readonly ChatCompletionChunk[] | undefined>,
  leave: () => Promise<void>,
  form: ByteForm,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const chunks = await nextReady(pull);
          const text = chunks ? form.chunks(chunks) : form.end;
          if (text) controller.enqueue(encoder.encode(text));
          if (!chunks) controller.close();
        } catch (error) {
          if (!form.failure || !isRunestoneError(error)) throw error;
          controller.enqueue(encoder.encode(form.failure(error)));
          controller.close();
        }
      },
      cancel: leave,
    },
    { highWaterMark: 0 },
  );
}

/** A web stream that was asked and got nothing is not asked again, so reads that bring no chunk are skipped here. */
async function nextReady(
  pull: () => Promise<readonly ChatCompletionChunk[] | undefined>,
): Promise<readonly ChatCompletionChunk[] | undefined> {
  for (;;) {
    const chunks = await pull();
    if (!chunks || chunks.length > 0) return chunks;
  }
}
