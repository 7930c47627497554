import type { Batch } from '../chat/events.ts';

/** How batches, the end and a failure look as text. */
export interface ByteForm {
  /** What a batch gives the reader, possibly ''. */
  readonly write: (batch: Batch) => string;
  /** Written when the answer is complete, and only then. */
  readonly end: () => string;
  /** Left out, or throwing: the failure, or what it throws, is the failure of the stream. */
  readonly fail?: (error: unknown) => string;
}

/**
 * Characters of one piece. OpenAI's client copies what is left of a piece with each frame that it takes from it, so
 * that a larger one costs it more than all that is done here.
 */
const PIECE_CHARS = 16 * 1024;

const FRAME_END = '\n\n';

/**
 * An answer as a web stream of bytes. What is ready together leaves in one piece, if it is not very long; nothing is
 * read ahead of the consumer, so that its pace reaches the upstream socket.
 */
export function byteStream(
  pull: () => Promise<Batch | undefined>,
  leave: () => Promise<void>,
  form: ByteForm,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const text = await nextReady(pull, form);
          const last = text === undefined ? form.end() : text;
          for (const piece of piecesOf(last)) controller.enqueue(encoder.encode(piece));
          if (text === undefined) controller.close();
        } catch (error) {
          // Nothing to do for an answer that broke by itself; but a form that throws must not leave it running.
          await leave();
          if (!form.fail) throw error;
          controller.enqueue(encoder.encode(form.fail(error)));
          controller.close();
        }
      },
      cancel: leave,
    },
    { highWaterMark: 0 },
  );
}

/** A web stream that was asked and got nothing is not asked again, so batches that give no text are skipped here. */
async function nextReady(
  pull: () => Promise<Batch | undefined>,
  form: ByteForm,
): Promise<string | undefined> {
  for (;;) {
    const batch = await pull();
    if (!batch) return undefined;
    const text = form.write(batch);
    if (text) return text;
  }
}

/** Text that ends with a frame, in pieces that do, too; a frame is never cut. */
function* piecesOf(text: string): Iterable<string> {
  let from = 0;
  while (text.length - from > PIECE_CHARS) {
    const end = text.lastIndexOf(FRAME_END, from + PIECE_CHARS - FRAME_END.length) + FRAME_END.length;
    if (end <= from + FRAME_END.length) break;
    yield text.slice(from, end);
    from = end;
  }
  if (from < text.length) yield text.slice(from);
}
